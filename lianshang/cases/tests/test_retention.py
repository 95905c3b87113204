"""What of ended cases and settled drafts is erased in time, and what stays."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django_scopes import scope

from lianshang.cases.models import Case, CaseEvent, Draft, LedgerExport
from lianshang.cases.states import State
from lianshang.cases.tests.factories import MONDAY, Town, make_town
from lianshang.directory import retention
from lianshang.kernel.history import sealing, verifying
from lianshang.kernel.history.erasures import Erasure

YEARS = timedelta(days=3700)


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    made = make_town()
    with scope(park=made.park):
        yield made


def due(at: datetime) -> dict[str, int]:
    return {shown.kind.name: shown.count for shown in retention.previews(at)}


def test_contacts_of_ended_cases_go_and_what_was_done_stays(town: Town) -> None:
    case, running = town.in_state(State.CLOSED), town.dispatched()
    events = list(CaseEvent.objects.values())
    before = (due(MONDAY + timedelta(days=100))["case_contacts"], due(MONDAY + YEARS)["case_contacts"])

    retention.erase_for(town.park, "case_contacts", MONDAY + YEARS)

    kept = Case.objects.get(pk=case.pk)
    assert before == (0, 1)
    assert (kept.contact_name, kept.contact_phone, kept.contact_email) == ("", "", "")
    assert kept.text == case.text
    assert list(CaseEvent.objects.values()) == events
    assert Case.objects.get(pk=running.pk).contact_phone == "13800000000"


def test_words_of_ended_cases_go_and_the_history_stays_whole(town: Town) -> None:
    closed, running = town.in_state(State.CLOSED), town.dispatched()
    sealed = town.whistle(MONDAY, nature="complaint")
    Case.objects.filter(pk=sealed.pk).update(closed_at=MONDAY)
    unsealed = due(MONDAY + YEARS)["case_words"]
    sealing.seal(town.park, MONDAY + YEARS)
    steps = list(closed.events.values_list("verb", "at", "actor"))
    words = closed.events.exclude(note="", cause="", reference="").count()

    erased = retention.erase_for(town.park, "case_words", MONDAY + YEARS)
    again = due(MONDAY + YEARS)["case_words"]
    sealing.seal(town.park, MONDAY + YEARS)

    assert (unsealed, erased, again) == (0, words, 0)
    assert words > 0
    assert list(closed.events.values_list("verb", "at", "actor")) == steps
    assert set(closed.events.values_list("note", "cause", "reference")) == {("", "", "")}
    assert running.events.exclude(note="").exists()
    assert not Erasure.objects.filter(row__in=sealed.events.values("pk")).exists()
    assert verifying.verify(MONDAY + YEARS).faults == []


def test_purposes_of_exports_go_and_that_they_were_made_stays(town: Town) -> None:
    made = LedgerExport.objects.create(
        park=town.park, at=MONDAY, person=town.head.person, narrowed_to="联系人 张三", rows=3, purpose="电话回访"
    )
    sealing.seal(town.park, MONDAY)

    retention.erase_for(town.park, "exports", MONDAY + YEARS)
    sealing.seal(town.park, MONDAY + YEARS)

    made.refresh_from_db()
    assert (made.narrowed_to, made.purpose, made.rows) == ("", "", 3)
    assert verifying.verify(MONDAY + YEARS).faults == []


def test_words_of_settled_drafts_go_and_those_that_wait_stay(town: Town) -> None:
    facts = {
        "park": town.park,
        "source": "chat",
        "sender": "王经理",
        "text": "路灯坏了",
        "original": "王经理：路灯坏了",
    }
    at = {"noted_at": MONDAY, "happened_at": MONDAY, "position": 1}
    settled = Draft.objects.create(**facts, **at, number="G-1", settled_at=MONDAY, reason=Draft.Reason.CHATTER)
    waiting = Draft.objects.create(**facts, **at, number="G-2")

    retention.erase_for(town.park, "drafts", MONDAY + timedelta(days=400))

    settled.refresh_from_db()
    waiting.refresh_from_db()
    assert (settled.sender, settled.text, settled.original) == ("", "", "")
    assert waiting.text == "路灯坏了"
