"""Suggestions for dispatch: with reasons, abstaining, never by themselves, never of whom they must not name."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianshang.cases import hints, queues, services, shown, suggesting
from lianshang.cases.forms.dispatching import Dispatch, sendable
from lianshang.cases.models import Case, CatalogueEntry, CatalogueVersion, DispatchSuggestion
from lianshang.cases.suggesting import suggest
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town
from lianshang.cases.views.detail import timeline
from lianshang.directory.models import Unit

LAMP = "厂区东门路灯坏了三天，夜班出车看不清，请尽快派人来修。"
LATER = MONDAY + timedelta(days=30)


def catalogue(town: Town, *rows: tuple[str, str, Unit]) -> CatalogueVersion:
    """An edition in force since long ago; rows are matter, words, lead."""
    made = CatalogueVersion.objects.create(
        park=town.park, number=1, in_force_from=date(2026, 1, 1), made_at=MONDAY, adopted_at=MONDAY
    )
    for position, (matter, words, lead) in enumerate(rows, 1):
        CatalogueEntry.objects.create(
            park=town.park,
            version=made,
            position=position,
            matter=matter,
            words=words,
            lead=lead,
            basis="城市道路管理条例",
        )
    return made


def suggested(town: Town, case: Case, **more: object) -> suggesting.Suggestion:
    more.setdefault("actor", town.dispatcher)
    return suggest(case, sendable(case, LATER), at=LATER, **more)


def form(town: Town, case: Case, data: dict[str, object] | None = None) -> Dispatch:
    return Dispatch("dispatch", case=case, actor=town.dispatcher, at=LATER, data=data)


def sent(town: Town, case: Case, **more: object) -> Dispatch:
    first = form(town, case)
    data = {"kind": case.kind, "urgency": case.urgency, "suggested": first.suggested.carried}
    return form(town, case, data | more)


def test_suggestion_names_the_entry_of_the_catalogue_and_its_ground(town: Town):
    version = catalogue(town, ("道路照明", "路灯", town.co), ("货运通行", "限行", town.lead))

    made = suggested(town, town.whistle(text=LAMP))

    assert made.sure
    assert made.first.unit == town.co
    assert made.first.reason == f"目录第 1 条：道路照明 → {town.co.name}（依据城市道路管理条例）"
    assert made.first.source == "目录第 1 条"
    assert made.catalogue == version


def test_suggestion_cites_the_similar_case_that_was_seen_through(town: Town):
    before = town.answered(text=LAMP)
    town.dispatched(MONDAY + DAY, text=LAMP.replace("三天", "五天"))  # not seen through: says nothing

    made = suggested(town, town.whistle(MONDAY + 2 * DAY, text=LAMP))

    assert made.first.unit == town.lead
    assert made.first.reason.startswith(f"与 {before.number} 相似（都说到“")
    assert made.first.reason.endswith(f"当时由{town.lead.name}办理")


def test_suggestion_abstains_where_two_units_are_as_likely_and_shows_both(town: Town):
    catalogue(town, ("道路照明", "路灯", town.co), ("夜班通行", "夜班", town.lead))

    made = suggested(town, town.whistle(text=LAMP))

    assert made.first is None
    assert {one.unit for one in made.likeliest} == {town.co, town.lead}


def test_suggestion_of_nothing_known_is_none_and_the_form_says_nothing(town: Town):
    case = town.whistle(text=LAMP)

    assert suggested(town, case).likeliest == ()
    assert form(town, case).suggested.is_empty


def test_accepting_sends_the_suggested_unit_and_is_recorded_with_the_step(town: Town):
    version = catalogue(town, ("道路照明", "路灯", town.co))
    case = town.whistle(text=LAMP)

    answer = sent(town, case, accept="1")
    assert answer.is_valid(), answer.errors
    after = answer.act()

    kept = DispatchSuggestion.objects.get()
    assert after.lead_unit == town.co
    assert (kept.case, kept.unit, kept.taken, kept.catalogue) == (case, town.co, True, version)
    assert kept.event.verb == "dispatch"
    assert "已采纳" in kept.said
    told = timeline(after, list(after.events.select_related("actor", "actor_unit", "unit")), {})
    sentence = next(one["sentence"] for one in told if "已采纳" in one["sentence"])
    assert "。。" not in sentence
    assert "。派单时系统建议" in sentence
    assert sentence.endswith("。")


def test_another_unit_than_suggested_is_recorded_as_not_taken(town: Town):
    catalogue(town, ("道路照明", "路灯", town.co))
    answer = sent(town, town.whistle(text=LAMP), lead=str(town.lead.pk))

    assert answer.is_valid(), answer.errors
    after = answer.act()

    assert after.lead_unit == town.lead
    assert not DispatchSuggestion.objects.get().taken


def test_nothing_is_chosen_before_somebody_accepts(town: Town):
    catalogue(town, ("道路照明", "路灯", town.co))

    page = form(town, town.whistle(text=LAMP))

    assert page.suggested.unit == town.co.pk
    assert page["lead"].value() is None
    assert not page["co_units"].value()


@pytest.mark.parametrize("token", ["", "forged"])
def test_a_suggestion_that_is_not_ours_is_not_accepted(town: Town, token: str):
    case = town.whistle(text=LAMP)
    data = {"kind": case.kind, "urgency": case.urgency, "suggested": token, "accept": "1"}

    answer = form(town, case, data)

    assert not answer.is_valid()
    assert "直接点单位的按钮" in str(answer.non_field_errors())


def test_a_suggestion_of_another_case_is_not_taken_for_this_one(town: Town):
    catalogue(town, ("道路照明", "路灯", town.co))
    one, other = town.whistle(text=LAMP), town.whistle(text=LAMP)

    assert shown.carried(other, form(town, one).suggested.carried) is None


def test_a_respondent_is_never_suggested(town: Town):
    catalogue(town, ("道路照明", "路灯", town.co))
    case = town.whistle(text=LAMP, nature="complaint", respondents=(town.co,))

    made = suggested(town, case, actor=town.complaints)

    assert town.co not in [one.unit for one in made.likeliest]


def test_a_sealed_case_is_never_a_reason_for_an_open_one(town: Town):
    sealed = town.whistle(text=LAMP, nature="complaint")
    services.dispatch(sealed, actor=town.complaints, at=MONDAY + HOUR, lead=town.lead)
    services.sign(sealed, actor=town.liaison, at=MONDAY + 2 * HOUR, interest="")
    services.answer(sealed, actor=town.liaison, at=MONDAY + DAY, note="已修好。")

    for actor in (town.dispatcher, town.head, town.complaints):
        assert suggested(town, town.whistle(text=LAMP), actor=actor).likeliest == ()


def test_what_is_recorded_names_no_other_case(town: Town):
    before = town.answered(text=LAMP)
    case = town.whistle(MONDAY + 2 * DAY, text=LAMP.replace("三天", "五天"))
    answer = sent(town, case, accept="1")
    assert before.number in answer.suggested.reason
    assert answer.is_valid(), answer.errors

    answer.act()

    assert DispatchSuggestion.objects.get().reason == f"与以往办结的诉求相似，当时由{town.lead.name}办理"


def test_what_is_recorded_with_a_sealed_case_names_no_other_sealed_one(town: Town):
    catalogue(town, ("道路照明", "路灯", town.lead))
    before = town.whistle(text=LAMP, nature="complaint")
    services.dispatch(before, actor=town.complaints, at=MONDAY + HOUR, lead=town.lead)
    services.sign(before, actor=town.liaison, at=MONDAY + 2 * HOUR, interest="")
    services.answer(before, actor=town.liaison, at=MONDAY + DAY, note="已修好。")
    case = town.whistle(MONDAY + 2 * DAY, text=LAMP, nature="complaint")

    made = suggested(town, case, actor=town.complaints)
    told = shown.of(case, made, (), {town.lead.pk})

    assert before.number in told.reason
    assert before.number not in told.recorded


def test_inbox_row_says_whom_the_catalogue_points_to(client: Client, town: Town):
    catalogue(town, ("道路照明", "路灯", town.co))
    case = town.whistle(text=LAMP)

    rows = hints.hinted(queues.filled(queues.desk(town.dispatcher, MONDAY).rows), sendable, at=MONDAY)

    assert {row.case.pk: row.hint for row in rows}[case.pk] == f"建议：{town.co.name} · 目录第 1 条"


def hints_of(town: Town) -> dict[int, str]:
    rows = queues.filled(queues.desk(town.dispatcher, MONDAY).rows)
    return {row.case.pk: row.hint for row in hints.hinted(rows, sendable, at=MONDAY)}


def test_hint_is_thought_over_once_and_shows_a_new_name(town: Town):
    catalogue(town, ("道路照明", "路灯", town.co))
    case = town.whistle(text=LAMP)
    hints_of(town)

    Unit.objects.filter(pk=town.co.pk).update(name="城市运行局")
    with CaptureQueriesContext(connection) as told:
        after = hints_of(town)

    assert after == {case.pk: "建议：城市运行局 · 目录第 1 条"}
    assert [query["sql"] for query in told if "catalogueentry" in query["sql"]] == []


def test_hints_kept_hold_no_text_and_are_bounded(town: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hints, "KEPT", 2)
    catalogue(town, ("道路照明", "路灯", town.co))

    for _ in range(3):
        town.whistle(text=LAMP)
        hints_of(town)

    assert all(isinstance(part, (UUID, int, bytes)) for key in hints._HINTS for part in key)
    assert len(hints._HINTS) <= 3
    assert set(hints._HINTS.values()) == {hints.Hint(town.co.pk, "目录第 1 条")}
