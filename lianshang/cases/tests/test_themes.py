"""Themes: from a candidate to the outcome, who may do what, what each reader sees, and what never gets in."""

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from lianshang.cases import theme_access, theme_candidates, theme_flow, theme_notices
from lianshang.cases.models import ThemeEvent, ThemeState
from lianshang.cases.services import themes
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY
from lianshang.cases.theme_flow import THEME_FLOW
from lianshang.enterprises.models import Enterprise
from lianshang.kernel.refusals import Hidden, Refused
from lianshang.notices.models import Notice

DUE = MONDAY + 30 * DAY
WHO = {
    "open_theme": {"dispatcher", "head"}, "attach": {"dispatcher", "head"}, "detach": {"dispatcher", "head"},
    "report": {"dispatcher", "head", "liaison", "colleague"}, "ask_close": {"liaison", "colleague"},
    "send_back": {"dispatcher", "head"}, "postpone": {"dispatcher", "head"}, "close": {"dispatcher", "head"},
    "reopen": {"dispatcher", "head"},
}  # fmt: skip
PEOPLE = (
    "dispatcher", "head", "chief", "callback", "complaints", "auditor", "administrator", "liaison", "colleague",
    "co_liaison", "outsider", "system",
)  # fmt: skip


def firm(town, number):
    return Enterprise.objects.create(park=town.park, code=f"F{number}", name=f"示范{number}号公司")


def blackouts(town, count=3, **more):
    """Return that many whistles of as many enterprises about one matter."""
    text = "{}车间今天又闪了一下电，变频器全跳，停了二十分钟才重新拉起来。"
    return [
        town.whistle(MONDAY + n * HOUR, text.format(n), enterprise=firm(town, n), category="用电", **more)
        for n in range(count)
    ]


def made(town, cases=(), **more):
    answers = {
        "title": "闪断电",
        "task": "查清哪条线，装自动重合闸。",
        "owner": town.lead,
        "due_at": DUE,
        "cases": cases,
    }
    return themes.open_theme(actor=town.dispatcher, **{"at": MONDAY + DAY} | answers | more)


def in_state(town, state):
    theme = made(town)
    if state == ThemeState.CLOSING:
        return themes.ask_close(theme, actor=town.liaison, at=MONDAY + 2 * DAY, note="已装好。")
    if state == ThemeState.CLOSED:
        return themes.close(theme, actor=town.head, at=MONDAY + 2 * DAY, outcome="settled", note="没有再发生。")
    return theme


def test_like_cases_of_three_enterprises_are_a_candidate_and_of_two_are_none(town):
    blackouts(town, 2)
    assert theme_candidates.candidates(town.dispatcher, MONDAY + DAY) == []
    town.whistle(text="2车间今天又闪了一下电，变频器全跳，停了二十分钟才重新拉起来。", category="用电")
    town.whistle(text="厂门口的公交车能不能多开一班，工人下夜班没车坐。", category="交通", enterprise=firm(town, 9))

    found = theme_candidates.candidates(town.dispatcher, MONDAY + DAY)

    assert [(one.enterprises, len(one.cases)) for one in found] == [(3, 3)]
    assert found[0].title.startswith("用电：")
    assert theme_candidates.candidates(town.dispatcher, MONDAY + DAY) == found
    assert theme_candidates.candidates(town.dispatcher, MONDAY + 100 * DAY) == []


def test_a_candidate_is_named_by_what_a_person_wrote(town):
    blackouts(town)

    found = theme_candidates.candidates(town.dispatcher, MONDAY + DAY)

    assert found[0].title in ("用电：变频器全跳", "用电：车间今天又闪了一下电", "用电：停了二十分钟才重新拉起来")


def test_what_is_in_a_theme_is_no_candidate_any_more(town):
    cases = blackouts(town)

    theme = made(town, cases)

    assert theme_candidates.candidates(town.dispatcher, MONDAY + DAY) == []
    assert set(theme_access.cases_of(theme, town.dispatcher)) == set(cases)


def test_a_theme_has_a_number_an_owner_a_date_and_a_clock(town):
    first, second = made(town), made(town, title="第二个")

    assert (first.number, second.number) == ("2026-01", "2026-02")
    clock = first.clocks.get()
    assert (clock.unit, clock.due_at, first.next_due_at) == (town.lead, DUE, DUE)
    assert not theme_flow.is_late(first, DUE)
    assert theme_flow.is_late(first, DUE + HOUR)


@pytest.mark.parametrize("state", [ThemeState.OPEN, ThemeState.CLOSING, ThemeState.CLOSED])
def test_every_role_may_do_in_a_state_what_the_table_says(town, state):
    theme = in_state(town, state)

    for name, move in THEME_FLOW.transitions.items():
        for who in PEOPLE:
            expected = Hidden if who not in WHO[name] else None if state in move.moves else Refused
            caught = None
            try:
                THEME_FLOW.check(theme, name, getattr(town, who))
            except (Hidden, Refused) as no:
                caught = Refused if isinstance(no, Refused) else Hidden
            assert caught is expected, (state, name, who)


def test_the_course_from_progress_to_reopening_is_kept(town):
    theme = made(town, blackouts(town))
    at = MONDAY + 2 * DAY

    themes.report(theme, actor=town.liaison, at=at, note="已查到是 10 千伏三号线。")
    asked = themes.ask_close(theme, actor=town.liaison, at=at + DAY, note="已装重合闸。")
    assert asked.next_due_at is None
    back = themes.send_back(asked, actor=town.head, at=at + 2 * DAY, reason="再看两周。", due_at=DUE + 14 * DAY)
    assert back.next_due_at == DUE + 14 * DAY
    later = themes.postpone(back, actor=town.head, at=at + 3 * DAY, due_at=DUE + 20 * DAY, reason="等设备。")
    closed = themes.close(later, actor=town.dispatcher, at=at + 40 * DAY, outcome="eased", note="一个月只断一次。")
    again = themes.reopen(closed, actor=town.head, at=at + 50 * DAY, reason="又断了。", due_at=DUE + 80 * DAY)

    verbs = list(again.events.order_by("ordinal").values_list("verb", flat=True))
    assert verbs == ["open_theme", "report", "ask_close", "send_back", "postpone", "close", "reopen"]
    assert (again.state, again.closed_at, again.next_due_at) == (ThemeState.OPEN, None, DUE + 80 * DAY)
    live = [(c.duty, c.due_at, c.stopped_at, c.outcome) for c in theme_flow.live(again).clocks]
    told = [(c.duty, c.due_at, c.stopped_at, c.outcome) for c in theme_flow.rebuilt(again).clocks]
    assert live == told


def test_steps_are_never_changed_or_deleted(town):
    theme = made(town)

    for change in (lambda rows: rows.update(note="改"), lambda rows: rows._raw_delete(rows.db)):
        with pytest.raises(IntegrityError), transaction.atomic():
            change(ThemeEvent.objects.filter(subject=theme))


def test_a_case_is_in_one_theme_at_a_time_and_a_removed_one_stays_on_record(town):
    case, *_ = cases = blackouts(town)
    theme, other = made(town, cases), made(town, title="另一个")
    with pytest.raises(Refused, match="已属于专题 2026-01"):
        themes.attach(other, actor=town.dispatcher, at=MONDAY + 2 * DAY, cases=[case])

    themes.detach(theme, actor=town.dispatcher, at=MONDAY + 2 * DAY, case=case, reason="是自家配电柜的事。")
    themes.attach(other, actor=town.dispatcher, at=MONDAY + 2 * DAY, cases=[case])

    assert case not in theme_access.cases_of(theme, town.head)
    assert theme_access.theme_of(case, town.head) == other
    assert theme.memberships.filter(case=case).count() == 1


def test_a_refused_listing_leaves_no_event(town):
    cases = blackouts(town)
    made(town, cases)

    with pytest.raises(Refused):
        made(town, cases, title="再来一个")

    assert ThemeEvent.objects.count() == 1


def test_sealed_cases_are_in_no_theme_candidate_or_offer(town):
    open_ones = blackouts(town, 2)
    sealed = town.whistle(
        text="1车间今天又闪了一下电，变频器全跳，停了二十分钟才重新拉起来。",
        nature="complaint",
        enterprise=firm(town, 8),
    )
    theme = made(town, open_ones)

    for actor in (town.complaints, town.head, town.dispatcher):
        assert theme_candidates.candidates(actor, MONDAY + DAY) == []
    with pytest.raises(Hidden):
        themes.attach(theme, actor=town.head, at=MONDAY + DAY, cases=[sealed])
    assert theme_candidates.offers(sealed, town.head, MONDAY + DAY) == []
    assert theme_access.theme_of(sealed, town.head) is None


def test_a_unit_sees_the_themes_it_owns_or_works_in_and_of_their_cases_its_own(town):
    mine = town.dispatched(text="厂门口的路灯不亮。")
    theme, hidden = made(town, [mine, *blackouts(town)], owner=town.co), made(town, title="别家的", owner=town.other)

    assert list(theme_access.themes_visible_to(town.liaison)) == [theme]
    assert list(theme_access.cases_of(theme, town.liaison)) == [mine]
    assert theme_access.sizes([theme], town.liaison)[theme.pk] == theme_access.Size(1, 1)
    assert theme_access.sizes([theme], town.auditor)[theme.pk] == theme_access.Size(4, 4)
    assert list(theme_access.themes_visible_to(town.co_liaison)) == [theme]
    assert not theme_access.cases_of(theme, town.co_liaison)
    with pytest.raises(Http404):
        theme_access.theme_for(town.liaison, hidden.key)
    assert not theme_access.themes_visible_to(town.administrator)


def test_a_new_case_is_offered_to_the_theme_it_is_like(town):
    theme = made(town, blackouts(town))
    new = town.whistle(MONDAY + 3 * DAY, "焊装车间今天又闪了一下电，变频器全跳，停了十五分钟。", category="用电")
    other = town.whistle(MONDAY + 3 * DAY, "食堂门口的公交站牌倒了，没人扶。", category="交通")

    assert [one.theme for one in theme_candidates.offers(new, town.dispatcher, MONDAY + 3 * DAY)] == [theme]
    assert theme_candidates.offers(other, town.dispatcher, MONDAY + 3 * DAY) == []


def told(actor):
    return list(
        Notice.objects.filter(person=actor.person, topic="themes").order_by("sequence").values_list("text", flat=True)
    )


def test_the_owner_and_those_above_are_told_and_never_who_acted(town):
    lately = timezone.now() - 4 * HOUR
    theme = made(town, at=lately, due_at=lately + 30 * DAY)
    themes.ask_close(theme, actor=town.liaison, at=lately + HOUR, note="已装好。")

    for event in ThemeEvent.objects.order_by("pk"):
        theme_notices.tell_of_theme(town.park, event.pk)
        theme_notices.tell_of_theme(town.park, event.pk)

    new, done = f"新立专题：{theme} 闪断电", f"专题申请结题：{theme} 闪断电"
    assert told(town.liaison) == told(town.chief) == [new]
    assert told(town.head) == [new, done]
    assert told(town.dispatcher) == [done]
    assert told(town.outsider) == []


def test_a_date_that_has_passed_is_told_once(town):
    theme = made(town)

    theme_notices.tell_late(town.park, DUE - HOUR)
    assert told(town.head) == []
    for day in (1, 2):
        theme_notices.tell_late(town.park, DUE + day * DAY)

    assert told(town.liaison) == told(town.head) == told(town.dispatcher) == [f"专题超期：{theme} 闪断电"]
