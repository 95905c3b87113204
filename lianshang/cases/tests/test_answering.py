"""What helps whoever answers: earlier good answers, and the unit's own sentences."""

import pytest

from lianshang.cases import answering, services
from lianshang.cases.models import Case, Phrase
from lianshang.cases.services.phrases import MOST, keep_phrases
from lianshang.cases.states import State
from lianshang.cases.tests.desks import address, at_desk, done, words
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town
from lianshang.kernel.refusals import Hidden, Refused

LAMPS = "厂区东门的路灯坏了，夜班工人出车看不清路，请尽快修。"


def closed(town: Town, note: str, grade: str = "satisfied", text: str = LAMPS) -> Case:
    case = services.answer(
        town.signed(text=text), actor=town.liaison, at=MONDAY + DAY, note=note, basis="市政设施管理办法"
    )
    return services.confirm(case, actor=town.holder(case), at=MONDAY + DAY + HOUR, grade=grade)


def offered(town: Town, text: str = "厂区东门路灯又坏了，夜班出车看不清。", verb: str = "answer") -> list[str]:
    case = town.signed(MONDAY + 3 * DAY, text=text)
    return [one.words for one in answering.helps(case, verb, town.liaison, MONDAY + 4 * DAY).earlier]


def test_good_answer_to_the_like_question_is_offered_once(town: Town):
    closed(town, "已更换灯具 12 盏。")
    closed(town, "已更换灯具 12 盏。")

    assert offered(town) == ["已更换灯具 12 盏。"]
    assert offered(town, text="申请减免二月份的污水处理费。") == []


def test_only_who_answers_is_helped_with_answers(town: Town):
    closed(town, "已更换灯具 12 盏。")

    assert offered(town, verb="progress") == []
    assert offered(town, verb="sign") == []


def test_bad_answers_and_those_of_others_are_not_offered(town: Town):
    case = services.answer(
        town.signed(text=LAMPS), actor=town.liaison, at=MONDAY + DAY, note="已派人看过，等灯具到货。"
    )
    case = services.reject(case, actor=town.holder(case), at=MONDAY + DAY + HOUR, reason="灯还是不亮。")
    case = services.answer(case, actor=town.liaison, at=MONDAY + 2 * DAY, note="已修。")
    services.confirm(case, actor=town.holder(case), at=MONDAY + 2 * DAY + HOUR, grade="fair")
    other = town.dispatched(text=LAMPS)

    assert offered(town) == []
    assert answering.good_answers(other, town.outsider, MONDAY + 4 * DAY) == []


def test_sealed_cases_help_nobody_and_are_helped_by_nothing(town: Town):
    closed(town, "已更换灯具 12 盏。")
    sealed = town.dispatched(MONDAY + 3 * DAY, text=LAMPS, nature="complaint")

    assert answering.helps(sealed, "answer", town.liaison, MONDAY + 4 * DAY).earlier == ()


def test_answer_form_shows_what_may_be_used(town: Town):
    closed(town, "已更换灯具 12 盏。")
    keep_phrases(town.lead, ["已安排人员到现场查看。"], actor=town.liaison)
    case = town.signed(MONDAY + 3 * DAY, text=LAMPS)

    page = words(at_desk(town.liaison).get(address(case, "answer")))

    assert "以前这样答复过 1 件" in page
    assert "已更换灯具 12 盏。" in page
    assert "已安排人员到现场查看。" in page


def test_a_phrase_is_pressed_itself_and_who_has_none_is_led_to_the_page(town: Town):
    client, case = at_desk(town.liaison), town.signed(text=LAMPS)
    without = client.get(address(case, "answer"))
    keep_phrases(town.lead, ["已安排人员到现场查看。"], actor=town.liaison)

    shown = client.get(address(case, "answer"))

    assert "写成几条常用语" in words(without)
    assert (
        'data-words="已安排人员到现场查看。" aria-label="填入：已安排人员到现场查看。">已安排人员到现场查看。</button>'
        in shown.content.decode()
    )
    assert "写成几条常用语" not in words(shown)
    assert all('href="/phrases/"' in page.content.decode().split("<main")[1] for page in (without, shown))


def test_phrases_are_the_units_own(town: Town):
    kept = keep_phrases(
        town.lead, ["  已联系企业， 今天答复。", "", "已联系企业， 今天答复。", "请保持电话畅通。"], actor=town.liaison
    )

    assert [phrase.text for phrase in kept] == ["已联系企业， 今天答复。", "请保持电话畅通。"]
    assert list(answering.phrases_of(town.colleague)) == kept
    assert not answering.phrases_of(town.outsider).exists()
    with pytest.raises(Hidden):
        keep_phrases(town.lead, ["我来改"], actor=town.outsider)


@pytest.mark.parametrize(
    ("lines", "told"), [([f"第{n}条" for n in range(MOST + 1)], "最多 30 条"), (["短的", "长" * 201], "第 2 条超过")]
)
def test_too_many_or_too_long_phrases_are_refused_and_nothing_is_lost(town: Town, lines: list[str], told: str):
    keep_phrases(town.lead, ["原来的"], actor=town.liaison)
    client = at_desk(town.liaison)

    with pytest.raises(Refused, match=told):
        keep_phrases(town.lead, lines, actor=town.liaison)
    page = client.post("/phrases/", {"lines": "\n".join(lines)})

    assert (page.status_code, lines[-1] in page.content.decode()) == (422, True)
    assert [phrase.text for phrase in Phrase.objects.all()] == ["原来的"]


def test_phrases_page_saves_the_list(town: Town):
    client = at_desk(town.liaison)

    page = client.post("/phrases/", {"lines": "一\n二\n\n一"}, follow=True)

    assert "2 条常用语" in page.content.decode()
    assert at_desk(town.auditor).get("/phrases/").status_code == 404
    assert client.get("/phrases/?unit=tax").status_code == 404


def test_answer_can_be_given_after_using_the_form(town: Town):
    case = town.signed()

    done(at_desk(town.liaison), case, "answer", note="已修好。", close_type="solved", way="page")

    case.refresh_from_db()
    assert case.state == State.ANSWERED
