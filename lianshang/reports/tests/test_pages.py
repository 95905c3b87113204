"""Texts and briefings through the pages: what is done, what is refused, who has nothing of it, nothing typed lost."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone
from docx import Document

from lianshang.cases.models import Case
from lianshang.cases.tests.desks import at_desk, words
from lianshang.indicators.readings import Reading
from lianshang.indicators.registry import Indicator, registered
from lianshang.kernel.refusals import Hidden, Refused
from lianshang.reports import checking, files, names, paragraphs, templating, writing
from lianshang.reports.checking import check
from lianshang.reports.models import Article, Binding, Briefing, BriefingTemplate
from lianshang.reports.services import articles, briefings
from lianshang.reports.services.briefings import Words
from lianshang.reports.shipped import SHIPPED
from lianshang.reports.times import Standpoint

BODY = "{{ 时段 }}受理诉求{{ 受理诉求 }}，办结率{{ 办结率_今年以来 }}。"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def draft(town, now):
    """A briefing of this month over three whistles."""
    for hours in (3, 2, 1):
        town.whistle(at=now - timedelta(hours=hours))
    day = timezone.localdate(now)
    row = briefings.begin(SHIPPED["monthly"], day.replace(day=1), day, day, actor=town.head, at=now)
    kept = Words("{{ 时段 }}情况", BODY, "办公室")
    return briefings.change(row, kept, day=day, version=1, actor=town.head, at=now)


def test_a_text_is_handed_in_marked_and_its_words_bound(town, now):
    town.whistle(at=now)
    desk = at_desk(town.dispatcher)

    sent = desk.post("/articles/", {"text": "本月受理诉求2件，来人来电1件。", "day": timezone.localdate(now)})
    page = desk.get(sent["Location"])
    bound = desk.post(
        f"{sent['Location']}bind/?bind=2", {"figure": "cases.intake", "words": "来人来电", "measure": "件"}
    )

    assert "▲ 与台账不符 1" in words(page)
    assert "○ 没有对上 1" in words(page)
    assert "应为 1件" in words(page)
    assert bound["Location"] == sent["Location"]
    assert "● 有依据 1" in words(desk.get(sent["Location"]))


def test_a_binding_ends_and_is_replaced_by_a_new_one(town, now):
    first = articles.bind("来人  来电", "件", "cases.intake", actor=town.head, at=now)
    second = articles.bind("来人 来电", "件", "cases.closed", actor=town.head, at=now)

    at_desk(town.head).post(f"/articles/bindings/{second.key}/end/")

    assert [one.pk for one in Binding.objects.filter(ended_at=None)] == []
    assert first.pk != second.pk
    with pytest.raises(Refused, match="没有这个指标"):
        articles.bind("来电", "件", "cases.nothing", actor=town.head, at=now)


def test_what_was_typed_stays_when_a_text_is_refused(town):
    page = at_desk(town.head).post("/articles/", {"text": "受理诉求3件。", "day": "不是日期"})

    assert page.status_code == 422
    assert "受理诉求3件。" in words(page)


def test_strangers_have_no_texts_and_no_briefings(town, now, draft):
    one = articles.hand_in("受理诉求3件。", actor=town.dispatcher, at=now, day=timezone.localdate(now))

    assert at_desk(town.head).get(one.get_absolute_url()).status_code == 404
    assert at_desk(town.liaison).get("/articles/").status_code == 404
    assert at_desk(town.liaison).get(draft.get_absolute_url()).status_code == 404
    assert at_desk(town.auditor).post(f"{draft.get_absolute_url()}freeze/").status_code == 404
    assert at_desk(town.auditor).get(f"{draft.get_absolute_url()}edit/").status_code == 404
    with pytest.raises(Hidden):
        articles.hand_in("", actor=town.liaison, at=now, day=timezone.localdate(now))


def test_texts_are_forgotten_after_a_month(town, now):
    articles.hand_in("受理诉求3件。", actor=town.head, at=now - timedelta(days=31), day=timezone.localdate(now))
    kept = articles.hand_in("办结3件。", actor=town.head, at=now, day=timezone.localdate(now))

    articles.forget(town.park, now)

    assert list(Article.objects.all()) == [kept]


def test_words_come_out_of_files_and_broken_ones_are_refused():
    document = Document()
    document.add_paragraph("受理诉求3件。")
    document.add_table(1, 1).cell(0, 0).text = "办结2件"
    written = io.BytesIO()
    document.save(written)

    assert paragraphs.of_file(written.getvalue(), "稿.docx") == "受理诉求3件。\n办结2件"
    assert paragraphs.of_file("受理诉求3件".encode("gb18030"), "稿.txt") == "受理诉求3件"
    for content, name in (
        (b"\x89PNG\r\n\x1a\n" + b"0" * 40, "a.docx"),
        (b"PK\x03\x04broken", "a.docx"),
        (b"  ", "a.txt"),
    ):
        with pytest.raises(Refused):
            paragraphs.of_file(content, name)


def test_a_briefing_is_written_from_the_records(town, now, draft):
    page = at_desk(town.dispatcher).get(draft.get_absolute_url())

    assert "受理诉求3件，办结率0%" in "".join(words(page).split())
    assert "/figures/cases.intake/" in page.content.decode()


def test_each_figure_in_word_is_a_link_and_keeps_its_looks(town, now, draft):
    text = writing.write(draft, town.park, now)

    content = files.word_file(text, files.shipped(), base="https://park.example", at=now)
    with zipfile.ZipFile(io.BytesIO(content)) as parcel:
        body, links = (parcel.read(name).decode() for name in ("word/document.xml", "word/_rels/document.xml.rels"))

    assert body.count("<w:hyperlink") == 2
    assert links.count("https://park.example/figures/cases.") == 2
    assert not any(sign in body for sign in (files.OPEN, files.MIDDLE, files.CLOSE))
    assert f"{draft.span}情况" in paragraphs.of_word(content).split("\n")
    assert f"{draft.span}受理诉求3件，办结率0%。" in paragraphs.of_word(content)


@pytest.mark.parametrize(("to", "addressed"), [("", []), ("县委办公室", ["县委办公室："])])
def test_a_briefing_to_nobody_has_no_empty_line_for_it(town, now, draft, to, addressed):
    draft.to = to
    text = writing.write(draft, town.park, now)

    content = files.word_file(text, files.shipped(), base="https://park.example", at=now)
    lines = [one.text for one in Document(io.BytesIO(content)).paragraphs]

    body = lines.index(f"{draft.span}受理诉求3件，办结率0%。")
    title = max(place for place, line in enumerate(lines[:body]) if line == f"{draft.span}情况")
    assert [line for line in lines[title + 1 : body] if line.strip()] == addressed
    assert files.ABSENT not in "".join(lines)


def test_the_pages_of_files_answer_and_unknown_forms_do_not(town, draft):
    desk = at_desk(town.head)

    answers = [desk.get(f"{draft.get_absolute_url()}{form}/") for form in ("word", "pdf", "exe")]

    assert [answer.status_code for answer in answers[::2]] == [200, 404]
    assert answers[1].status_code in (200, 409)  # a machine without Chinese fonts says so


def test_a_frozen_briefing_reads_the_same_after_later_whistles(town, now, draft):
    frozen = briefings.freeze(draft, actor=town.head, at=timezone.now() + timedelta(seconds=8))
    before = writing.write(frozen, town.park, now)

    town.whistle(at=now)
    after = writing.write(Briefing.objects.get(), town.park, now)

    assert (after.text, after.digest) == (before.text, frozen.digest)
    assert {figure.address.split("/")[2] for figure in after.figures} == {"published"}
    with pytest.raises(Refused, match="已经定稿"):
        briefings.change(frozen, Words("改", BODY, "办"), day=draft.day, version=2, actor=town.head, at=now)


def test_a_typed_number_that_is_wrong_keeps_a_briefing_from_being_frozen(town, now, draft):
    kept = Words("情况", f"{BODY}本月办结8件。", "办公室")
    row = briefings.change(draft, kept, day=draft.day, version=2, actor=town.head, at=now)

    with pytest.raises(Refused, match=r"“8件”（应为 0件）"):
        briefings.freeze(row, actor=town.head, at=now)
    assert "直接写的数字 1" in words(at_desk(town.head).get(row.get_absolute_url()))


def test_too_long_a_briefing_is_neither_frozen_nor_taken_out(town, now, draft):
    row = briefings.change(
        draft, Words("情", BODY + "多" * 4001, "办"), day=draft.day, version=2, actor=town.head, at=now
    )

    assert at_desk(town.head).get(f"{row.get_absolute_url()}word/").status_code == 409
    with pytest.raises(Refused, match="超过 4000 字"):
        briefings.freeze(row, actor=town.head, at=now)


def test_two_who_change_the_same_draft_do_not_overwrite_each_other(town, draft):
    page = at_desk(town.dispatcher).post(
        f"{draft.get_absolute_url()}edit/",
        {"title": "旧", "body": "我写的话", "signer": "办", "most": 4000, "day": draft.day, "version": 1},
    )

    assert page.status_code == 422
    assert "刚被别人改过" in words(page)
    assert "我写的话" in words(page)


UNKNOWN = {
    "{{ 受理诉术 }}": "是不是“受理诉求”",
    "{{ 受理诉求_昨天 }}": "“昨天”不认识",
    "{{ 期末在办_累计 }}": "没有“累计”的口径",
    "{% for 行 in 正文 %}": "不能写",
    "{{ 受理诉求": "没有成对",
}


@pytest.mark.parametrize(("text", "sentence"), UNKNOWN.items())
def test_an_unknown_name_is_answered_with_a_sentence(text, sentence):
    assert sentence in "".join(names.faults(text))


def test_a_template_is_changed_by_a_new_edition(town, draft):
    desk = at_desk(town.dispatcher)
    sent = {"name": "月报", "title": "情况", "body": "受理{{ 受理诉求 }}。", "signer": "办", "most": 4000, "to": ""}

    refused = desk.post("/briefings/templates/monthly/", sent | {"body": "受理{{ 没有的 }}。"})
    kept = desk.post("/briefings/templates/monthly/", sent)

    assert (refused.status_code, kept.status_code) == (422, 302)
    assert "“没有的”不认识" in words(refused)
    assert BriefingTemplate.objects.get().number == 1
    assert "第 1 版" in words(desk.get("/briefings/templates/"))


def test_a_word_look_with_an_unknown_name_is_refused(town, now):
    document = Document()
    document.add_paragraph("{{ 红头 }}")
    written = io.BytesIO()
    document.save(written)

    with pytest.raises(Refused, match="“红头”不认识"):
        briefings.keep_template(
            "monthly",
            "月报",
            Words("情况", BODY, "办"),
            actor=town.head,
            at=now,
            file=(written.getvalue(), "红头.docx"),
        )


def test_shipped_templates_name_only_what_there_is():
    assert [names.faults(f"{one.title}{one.body}") for one in SHIPPED.values()] == [[], []]


def _claim(key: str, label: str) -> Indicator:
    """A claim of the set 走访: all cases of the open ledger."""
    return Indicator(
        key, label, "个", "flow", f"{label}的口径。", 1, lambda scope, period: Reading.count(Case.objects.open_ledger()),
        measures=("个",), names=(label,), sets="走访",
    )  # fmt: skip


def test_what_overlaps_is_marked_and_then_supported(town, now):
    town.whistle(at=now)
    stand = Standpoint(town.park, timezone.localdate(now), now)

    with registered(_claim("test.one", "上门走访")), registered(_claim("test.two", "座谈走访")):
        bare = check("今年以来，上门走访1个，座谈走访1个。", stand)
        said = check("今年以来，上门走访1个，座谈走访1个（含交叉）。", stand)
        alone = check("今年以来，上门走访1个。", stand)

    assert [one.verdict for one in bare] == [checking.OVERLAPPING] * 2
    assert bare[0].crosses == ("“座谈走访”重复 1 条",)
    assert [one.verdict for one in (*said, *alone)] == [checking.SUPPORTED] * 3


def test_a_briefing_says_of_itself_what_overlaps(town, now, draft):
    body = "上门走访{{ 上门走访_今年以来 }}，座谈走访{{ 座谈走访_今年以来 }}。"

    with registered(_claim("test.one", "上门走访")), registered(_claim("test.two", "座谈走访")):
        row = briefings.change(draft, Words("情况", body, "办"), day=draft.day, version=2, actor=town.head, at=now)
        text = writing.write(row, town.park, now)

    assert text.lines == ["上门走访3个（含交叉），座谈走访3个（含交叉）。"]


def test_a_template_is_put_away_and_taken_back_and_the_last_one_stays(town, now):
    desk, first = at_desk(town.dispatcher), next(iter(SHIPPED))
    others = [slug for slug in SHIPPED if slug != first]

    for slug in others:
        assert desk.post(f"/briefings/templates/{slug}/retire/").status_code == 302
    last = desk.post(f"/briefings/templates/{first}/retire/")
    away = words(desk.get("/briefings/templates/"))
    begun = desk.post("/briefings/", {"template": others[0], "period": f"{now:%Y-%m}", "day": timezone.localdate(now)})
    back = desk.post(f"/briefings/templates/{others[0]}/retire/", {"again": "1"})

    assert last.status_code == 409
    assert "最后一个在用的模板" in words(last)
    assert "已停用" in away
    assert begun.status_code == 422
    assert back.status_code == 302
    assert others[0] in [one.slug for one in templating.in_force()]


def test_a_template_is_put_away_by_those_who_write_and_once(town, now):
    assert at_desk(town.liaison).post("/briefings/templates/monthly/retire/").status_code == 404
    assert at_desk(town.dispatcher).post("/briefings/templates/no-such/retire/").status_code == 404
    with pytest.raises(Refused, match="正在使用"):
        briefings.set_retired("monthly", retired=False, actor=town.head, at=now)
