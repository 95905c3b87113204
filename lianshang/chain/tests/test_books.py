"""The chain's workbook: out and in again, changed, refused with every fault by its place, and nobody else's."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from lianshang.chain import workbook
from lianshang.chain.analysis.faults import Faulty
from lianshang.chain.charts import chart
from lianshang.chain.models import Edition, ProcessEntry, ProcessRun, ProductEntry
from lianshang.chain.sheets import sheets
from lianshang.chain.tests.parks import demo_park
from lianshang.chain.tests.test_pages import client, lay_out, park  # noqa: F401 a fixture
from lianshang.directory.models import Role
from lianshang.enterprises.models import Enterprise
from lianshang.kernel import tables

RUNS = ["企业编号", "工艺", "年产能", "年产量"]


def book(**pages):
    """A workbook of sheets given as rows."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as made:
        for name, rows in pages.items():
            page = made.add_worksheet(name)
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)
    return content.getvalue()


def changed(*changes):
    """The demo park's workbook with cells (sheet, row, heading, value) changed; row counts from the sheet's second."""
    content = workbook.written(demo_park())
    pages = {name: [list(row) for row in tables.lines(content, name)] for name in tables.sheet_names(content)}
    for name, row, heading, value in changes:
        pages[name][row][pages[name][0].index(heading)] = value
    return book(**pages)


def hand_in(reader, content, name="链.xlsx"):
    file = SimpleUploadedFile(name, content)
    return reader.post("/chain/books/", {"file": file, "note": "核对系数", "source": "企业填报"}, follow=True)


def test_workbook_comes_back_as_it_went_out():
    park_ = demo_park()

    handed = workbook.read(workbook.written(park_), park_)

    assert handed.network == park_.network
    assert handed.substitutes == park_.substitutes
    assert handed.regional == park_.regional
    assert handed.runs == park_.activities


def test_headings_are_chinese_and_differ_within_a_sheet():
    titles = {each.name: [heading.title for heading in each.headings] for each in sheets().values()}

    assert all(len(set(each)) == len(each) for each in titles.values())
    assert not [title for each in titles.values() for title in each if title.isascii()]


def test_every_fault_is_told_by_sheet_row_and_heading():
    wrong = changed(
        ("产品", 1, "性质", "宝物"), ("产品", 2, "名称", "长" * 81), ("产品", 3, "参考价（元）", 1e300),
        ("工艺", 1, "基准产出", "没有的"), ("工艺流", 1, "系数", "很多"), ("企业产能", 1, "企业编号", "E999"),
        ("企业产能", 2, "年产能", -1),
    )  # fmt: skip

    with pytest.raises(Faulty) as told:
        workbook.read(wrong, demo_park())

    places = {(each.file, each.row, each.column) for each in told.value.faults}
    assert {("产品", 2, "性质"), ("产品", 3, "名称"), ("产品", 4, "参考价（元）")} <= places
    assert {("工艺", 2, "基准产出"), ("工艺流", 2, "系数")} <= places
    assert {("企业产能", 2, "企业编号"), ("企业产能", 3, "年产能")} <= places
    assert "原料" in str(told.value)
    assert "raw" not in str(told.value)


@pytest.mark.parametrize(
    "content",
    [b"", b"no workbook", b"a,b\n1,2\n", book(别的=[["甲"]])],
    ids=["empty", "text", "csv", "other sheets"],
)
def test_what_is_no_such_workbook_is_answered_with_a_sentence(content):
    with pytest.raises(tables.Unreadable):
        workbook.read(content, demo_park())


def test_catalogue_comes_whole_or_not_at_all():
    half = book(产品=[list(row) for row in tables.lines(workbook.written(demo_park()), "产品")])

    with pytest.raises(Faulty) as told:
        workbook.read(half, demo_park())

    assert {each.file for each in told.value.faults} == {"工艺", "工艺流"}


@pytest.mark.django_db
def test_keeper_changes_the_catalogue_and_an_activity_at_once(park):  # noqa: F811
    lay_out(park)
    keeper = client(park, Role.DISPATCHER)

    answer = hand_in(keeper, changed(("产品", 1, "名称", "新名字"), ("企业产能", 1, "年产量", 7)))

    assert "目录成为第 2 版" in answer.content.decode()
    assert ProductEntry.objects.filter(until=None, name="新名字").exists()
    assert ProcessRun.objects.filter(until=None, level=7, source="企业填报").exists()
    assert ProcessRun.objects.filter(until=None, source="演示数据").count() == len(demo_park().activities) - 1
    assert chart().edition.number == 2


@pytest.mark.django_db
def test_activities_alone_leave_the_catalogue_and_the_others(park):  # noqa: F811
    lay_out(park)
    first, before = demo_park().activities[0], ProcessRun.objects.filter(until=None).count()

    rows = [RUNS, [first.enterprise, first.process, 0, 0]]
    answer = hand_in(client(park, Role.TASK_FORCE), book(企业产能=rows))

    assert "目录没有变，仍是第 1 版；企业产能有 1 条变化" in answer.content.decode()
    assert ProcessRun.objects.filter(until=None).count() == before - 1


@pytest.mark.django_db
def test_process_that_somebody_runs_cannot_leave_the_catalogue(park):  # noqa: F811
    lay_out(park)
    park_ = chart().park
    gone = park_.activities[0].process
    rest = {code: each for code, each in park_.network.processes.items() if code != gone}
    flows = tuple(each for each in park_.network.flows if each.process != gone)
    less = type(park_.network)(park_.network.products, rest, flows)
    bare = type(park_)(less, park_.enterprises, ())

    answer = hand_in(client(park, Role.COMMITTEE_HEAD), workbook.written(bare))

    assert answer.status_code == 422
    assert f"目录里去掉了工艺“{gone}”" in answer.content.decode()
    assert ProcessEntry.objects.filter(until=None, code=gone).exists()
    assert Edition.objects.count() == 1


@pytest.mark.django_db
def test_park_without_a_catalogue_begins_with_the_shipped_one(park):  # noqa: F811
    Enterprise.objects.create(park=park, code="N1", name="新来的")
    keeper = client(park, Role.DISPATCHER)

    shipped = keeper.get("/chain/books/download/").content
    hand_in(keeper, shipped)
    hand_in(keeper, book(企业产能=[RUNS, ["N1", "COKE_OVEN", 500000, 400000]]))

    assert [each.enterprise for each in chart().park.activities] == ["N1"]
    assert "新来的" in keeper.get("/chain/processes/COKE_OVEN/").content.decode()


@pytest.mark.django_db
def test_faults_are_shown_and_nothing_is_saved(park):  # noqa: F811
    lay_out(park)

    answer = hand_in(client(park, Role.DISPATCHER), changed(("产品", 1, "名称", "新"), ("工艺流", 1, "方向", "<b>")))

    assert answer.status_code == 422
    assert "整份都没有收" in answer.content.decode()
    assert "&lt;b&gt;" in answer.content.decode()
    assert Edition.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.CHAIN_CHIEF, Role.LIAISON, Role.AUDITOR])
def test_workbook_does_not_exist_for_who_does_not_keep_it(park, role):  # noqa: F811
    lay_out(park)
    other = client(park, role)

    answers = [other.get("/chain/books/"), other.get("/chain/books/download/"), hand_in(other, changed())]

    assert [each.status_code for each in answers] == [404, 404, 404]
    assert "目录和产能" not in other.get("/chain/").content.decode()
