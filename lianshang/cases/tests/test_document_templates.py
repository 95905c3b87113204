"""Word templates that a park puts in place of ours: tried, kept as versions, taken back; and what stands above letters."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from docx import Document

from lianshang.cases.documents import placeholders, templates
from lianshang.cases.documents.facts import Facts
from lianshang.cases.documents.wordings import WORDINGS
from lianshang.cases.models import Case, CaseDocument, DocumentTemplate
from lianshang.cases.services import documents
from lianshang.cases.tests.desks import at_desk, few_queries, hidden, words
from lianshang.cases.tests.factories import HOUR, MONDAY, Town
from lianshang.directory.actors import Actor
from lianshang.kernel.refusals import Hidden, Refused
from lianshang.papers import filling, word

ADDRESS = "/settings/documents/order/"


def written(*paragraphs: str) -> bytes:
    """Return a Word file of a park's own."""
    document = Document()
    for one in paragraphs:
        document.add_paragraph(one)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


OWN = ("本园区交办单", "编号 {{ 受理编号 }}", "{%p for 行 in 时限 %}", "{{ 行.事项 }} {{ 行.到期 }}", "{%p endfor %}")


def upload(client: Client, content: bytes, name: str = "我们的交办单.docx") -> HttpResponse:
    fields = hidden(client.get(ADDRESS))
    return client.post(ADDRESS, fields | {"file": SimpleUploadedFile(name, content)})


def ordered(case: Case, actor: Actor) -> str:
    drawn = documents.draw(case, actor=actor, at=MONDAY + 2 * HOUR, kind="order", form="word")
    documents.keep(drawn, actor=actor, at=MONDAY + 2 * HOUR)
    return "\n".join(filling.words(drawn.content))


def test_every_shipped_template_passes_its_own_check():
    found = {
        kind: filling.check(word.template(one), "x.docx", placeholders.CATALOGUE, placeholders.example(), at=MONDAY)
        for kind, one in WORDINGS.items()
    }

    assert [kind for kind, faults in found.items() if faults] == []


def test_every_name_of_the_catalogue_is_filled(town: Town):
    case = town.dispatched()
    told = case.events.get(verb="dispatch")

    context = Facts(case, told, "order", actor=town.dispatcher, at=MONDAY + 2 * HOUR).context()

    assert set(context) == set(placeholders.CATALOGUE.names())
    for name, (_, fields) in placeholders.CATALOGUE.lists.items():
        assert [set(row) - set(fields) for row in (*context[name], *placeholders.example()[name])] == [
            set() for _ in (*context[name], *placeholders.example()[name])
        ]


def test_own_template_is_used_and_the_shipped_one_comes_back(town: Town):
    case, client = town.dispatched(), at_desk(town.administrator)

    answer = upload(client, written(*OWN))
    own = ordered(case, town.dispatcher)
    again = client.post(f"{ADDRESS}revert/", hidden(client.get(ADDRESS)))
    shipped = ordered(case, town.dispatcher)

    rows = list(CaseDocument.objects.all())
    assert (answer.status_code, again.status_code) == (302, 302)
    assert f"编号 {case.number}" in own
    assert "签收 " in own
    assert "本园区交办单" not in shipped
    assert [row.template and row.template.number for row in rows] == [1, None]
    assert rows[0].template_digest != rows[1].template_digest == templates.shipped_digest("order")
    assert [row.number for row in DocumentTemplate.objects.order_by("number")] == [1, 2]


def test_template_of_one_kind_leaves_the_others(town: Town):
    documents.replace_template("order", written(*OWN), "a.docx", actor=town.administrator, at=MONDAY)

    assert [one.kind for one in templates.all_in_force() if one.own] == ["order"]


def test_versions_and_samples_can_be_downloaded(town: Town):
    client = at_desk(town.administrator)
    upload(client, written(*OWN))

    version, sample, shipped = (
        client.get(f"{ADDRESS}download/?from={one}").content for one in ("1", "sample", "shipped")
    )

    assert version == written_as(1)
    assert "编号 2026-0123" in "\n".join(filling.words(sample))
    assert shipped == word.template(WORDINGS["order"])
    assert client.get(f"{ADDRESS}download/?from=7").status_code == 404


def written_as(number: int) -> bytes:
    row = DocumentTemplate.objects.get(number=number)
    return templates.InForce(row.kind, row).content


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{ 受理号 }}", "占位符“受理号”不认识，是不是“受理编号”"),
        ("{{ 身份证 }}", "占位符“身份证”不认识"),
        ("{{ 受理编号 ", "写法不对"),
        ("{% for 行 in 时限 %}{{ 行.事项 }}", "成对"),
        ("{% for 行 in 时限 %}{{ 行.截止 }}{% endfor %}", "“行.截止”不认识"),
        ("{{ 时限 }}", "“时限”有多行"),
        ("{{ 7 * 7 }}", "不能计算"),
        ("{{ 事项.__class__.__mro__ }}", "前面只能是循环里的那个名称"),
        ("{% for 行 in 时限 %}{{ 行.__class__ }}{% endfor %}", "“行.__class__”不认识"),
        ("{{ 事项|attr('__class__') }}", "“attr”不能用"),
        ("{{ 事项.format(1) }}", "不能计算、调用"),
        ("{{ cycler.__init__.__globals__ }}", "前面只能是循环里的那个名称"),
        ("{{ self }}", "“self”不认识"),
        ("{% include '/etc/passwd' %}", "引用别的文件"),
        ("{% for a in range(999999999) %}x{% endfor %}", "循环只能用在这些名称上"),
        ("{% set x = 1 %}", "不能计算"),
        ("{% macro x() %}{% endmacro %}", "不能计算"),
    ],
)
def test_template_with_a_mistake_is_told_and_not_used(town: Town, text: str, says: str):
    client = at_desk(town.administrator)

    answer = upload(client, written("交办单", text))

    assert answer.status_code == 422
    assert says in words(answer)
    assert not DocumentTemplate.objects.exists()


def test_all_mistakes_are_told_at_once(town: Town):
    faults = documents.faults_of(written("{{ 甲 }}", "{{ 乙 }}", "{{ 甲 }}"), "a.docx", at=MONDAY)

    assert len(faults) == 2


def test_loop_that_breaks_the_file_is_told_in_words(town: Town):
    document = Document()
    document.add_paragraph("{% for 行 in 时限 %}")
    table = document.add_table(1, 1)
    table.cell(0, 0).text = "{{ 行.事项 }}{% endfor %}"
    saved = io.BytesIO()
    document.save(saved)

    assert "循环或条件" in documents.faults_of(saved.getvalue(), "a.docx", at=MONDAY)[0]


def test_same_file_twice_is_refused(town: Town):
    documents.replace_template("order", written(*OWN), "a.docx", actor=town.administrator, at=MONDAY)

    with pytest.raises(Refused, match="正在使用"):
        documents.replace_template(
            "order", templates.in_force("order").content, "a.docx", actor=town.administrator, at=MONDAY
        )


def test_revert_without_an_own_one_is_refused(town: Town):
    with pytest.raises(Refused, match="自带模板"):
        documents.revert_template("order", actor=town.administrator, at=MONDAY)
    with pytest.raises(Hidden):
        documents.replace_template("diploma", written(*OWN), "a.docx", actor=town.administrator, at=MONDAY)


@pytest.mark.parametrize("who", ["liaison", "head", "auditor", "complaints"])
def test_settings_are_for_those_who_set(town: Town, who: str):
    client = at_desk(getattr(town, who))

    addresses = ("/settings/documents/", ADDRESS, f"{ADDRESS}download/")

    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
    assert client.post(f"{ADDRESS}revert/").status_code == 404
    assert at_desk(town.administrator).get("/settings/documents/diploma/").status_code == 404


def test_pages_of_the_settings_take_few_queries(town: Town):
    client = at_desk(town.administrator)
    upload(client, written(*OWN))

    for address in ("/settings/documents/", ADDRESS):
        with few_queries():
            assert client.get(address).status_code == 200


def test_letters_carry_a_head_only_where_it_was_set(town: Town):
    case, client = town.answered(), at_desk(town.administrator)
    before = text(case, town.liaison)
    fields = hidden(client.get("/settings/documents/"))

    answer = client.post(
        "/settings/documents/", fields | {"unit": town.lead.pk, "mark": "示范区交通运输局文件", "code": "示交函"}
    )

    after = text(case, town.liaison)
    assert answer.status_code == 302
    assert "〔2026〕" in before
    assert "示范区交通运输局文件" not in before
    assert "示范区交通运输局文件" in after
    assert "示交函〔2026〕" in after


@pytest.mark.parametrize("mark", ["某局文件", "某某特区煤焦氢化工产业链综合党委办公室文件"])
def test_mark_is_red_in_word(town: Town, mark: str):
    documents.set_head(town.lead, mark=mark, code="", actor=town.administrator, at=MONDAY)
    drawn = documents.draw(town.answered(), actor=town.liaison, at=MONDAY + 48 * HOUR, kind="reply", form="word")

    runs = [run for one in Document(io.BytesIO(drawn.content)).paragraphs for run in one.runs if run.text == mark]

    assert [str(run.font.color.rgb) for run in runs] == ["D7000F"]


def text(case: Case, actor: Actor) -> str:
    drawn = documents.draw(case, actor=actor, at=MONDAY + 48 * HOUR, kind="reply", form="word")
    return "\n".join(filling.words(drawn.content))
