"""After any random walk: the equation balances, every clock can be rebuilt, nothing is lost, nothing runs on when it is over."""

from datetime import timedelta

import pytest

from lianshang.cases import books
from lianshang.cases.equation import equation
from lianshang.cases.models import Case, CaseClock
from lianshang.cases.states import ENDED, State
from lianshang.cases.tests.factories import MONDAY
from lianshang.cases.tests.walker import Walker

STEPS = 150
FEEDBACK = ("feedback", "stage_feedback")


def traits(book):
    return [
        (c.duty, c.unit_id, c.round, c.rule, c.calendar_version_id, c.provisional, c.started_at, c.first_due_at, c.due_at,
         c.paused_at, c.stopped_at, c.outcome) for c in book.clocks
    ]  # fmt: skip


def moves(book):
    return sorted((c.what, c.at, c.old_due_at, c.new_due_at) for c in book.changes)


@pytest.mark.parametrize("seed", range(6))
def test_walk_keeps_the_promise_countable_and_the_clocks_explainable(town, seed):
    walker = Walker(town, seed)
    walker.run(STEPS)
    now = walker.at + timedelta(hours=1)

    terms = equation(Case.objects.open_ledger(), MONDAY - timedelta(days=1), now, now)
    ids = [set(rows.values_list("pk", flat=True)) for rows in (terms.in_time, terms.lawfully_open, terms.breaches)]

    assert terms.balanced
    assert set().union(*ids) == set(terms.intake.values_list("pk", flat=True))
    assert sum(map(len, ids)) == len(set().union(*ids))
    for case in Case.objects.all():
        check_case(case)


def check_case(case):
    live, rebuilt = books.live(case), books.rebuilt(case)
    assert traits(live) == traits(rebuilt)
    assert moves(live) == moves(rebuilt)
    assert live.next_due(books.QUIET) == case.next_due_at

    running = {clock.duty for clock in live.running()}
    if case.state in ENDED and case.state != State.MERGED:
        assert not running
    elif case.state not in (State.ANSWERED, State.CALLBACK, State.MERGED):
        assert running & set(FEEDBACK), f"{case.number} {case.state} owes no feedback"

    check_nothing_is_left_behind(case, live)
    ordinals = list(case.events.values_list("ordinal", flat=True))
    assert ordinals == list(range(1, case.version + 1))
    leads = case.assignments.filter(part="lead", ended_at=None)
    assert leads.count() <= 1
    if case.state in (State.DISPATCHED, State.SIGNED, State.IN_PROGRESS):
        assert [lead.unit_id for lead in leads] == [case.lead_unit_id]


ONLY_IN = {
    "defer_review": (State.DEFERRED,),
    "ruling": (State.RETURN_REQUESTED, State.EXTENSION_REQUESTED, State.CONSULTING),
    "review": (State.ANSWERED,),
    "callback": (State.ANSWERED, State.CALLBACK),
    "accept": (State.REGISTERED, State.SCREENED),
}


def check_nothing_is_left_behind(case, live):
    """Every running clock is somebody's who can still stop it; an end ends the parts; what was joined is never lost."""
    parts = dict(case.assignments.filter(ended_at=None).values_list("unit_id", "part"))
    if case.state in ENDED:
        assert not parts
    for clock in live.running():
        assert case.state in ONLY_IN.get(clock.duty, [case.state]), (case.number, case.state, clock.duty)
        if clock.unit_id not in (None, books.office_of(case.park_id)):
            assert clock.unit_id in parts, (case.number, case.state, clock.duty)
            assert (clock.duty != "co_reply") or parts[clock.unit_id] == "co"
    if case.state == State.MERGED:
        main = case
        while main.state == State.MERGED:
            main = main.merged_into
        told = case.events.filter(verb="relay").exists()
        assert main.is_open or told, f"{case.number} was joined to what has ended and nobody told it"
        assert not (told and live.running())


def test_walk_reaches_most_of_the_table(town):
    """A walk that goes nowhere proves nothing."""
    walker = Walker(town, seed=7)
    walker.run(600)

    assert len(set(walker.done)) >= 33
    assert CaseClock.objects.filter(stopped_at=None).exists()
