"""What of ended cases and settled drafts is erased in time, and what stays."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django_scopes import scope

from lianshang.cases.models import Case, CaseEvent, Draft
from lianshang.cases.states import State
from lianshang.cases.tests.factories import MONDAY, Town, make_town
from lianshang.directory import retention

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
