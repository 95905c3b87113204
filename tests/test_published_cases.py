"""Published cases of enterprise whistles, each played over HTTP by all who had a part in it, then judged.

The due times are counted here once more, from the mechanism in use and the engine of deadlines alone.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django_scopes import scope

from lianshang.kernel import calendars
from lianshang.kernel.deadlines import due
from tests import paper
from tests.published import Play, at, closing, moment, scripts

SCRIPTS = scripts()
TERMS = ("in_time", "lawfully_open", "breaches")
NATION = calendars.national()


@pytest.fixture
def play(request: pytest.FixtureRequest, shared, db, settings) -> Iterator[Play]:
    path = shared / "data" / "whistle_published" / "cases.jsonl"
    if not path.exists():
        pytest.skip("the published cases are not here")
    settings.PROOF_BITS = 4
    records = {row["id"]: row for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())}
    played = Play(records[request.param], SCRIPTS[request.param])
    played.build()
    played.run()
    with scope(park=played.park):
        yield played


every_case = pytest.mark.parametrize("play", SCRIPTS, indirect=True)


# -- what must be true, counted a second time -------------------------------------------------------------------------


class Told:
    """The script's line about one clock: `start stop outcome late`, and `promised step` where a date was promised."""

    def __init__(self, play: Play, key: str, line: str) -> None:
        self.play, self.words = play, line.split()
        self.duty, _, self.holder = key.partition(" ")
        self.duty = self.duty.partition("#")[0]
        self.steps = {step.name: step for step in play.steps}
        self.start, self.stop = self.steps[self.words[0]], self.steps.get(self.words[1])

    def due_at(self) -> datetime:
        if "promised" in self.words:
            return self._promised(self.words[-1])
        if self.duty == "promise":
            return self._promised(self.start.name)
        return counted(self.play, self.duty, self.start.when)

    def _promised(self, step: str) -> datetime:
        return closing(self.steps[step].answers["promised"])

    def expected(self, now: datetime) -> tuple[object, ...]:
        due_at = self.due_at()
        outcome = next((word for word in self.words if word in ("done", "dropped")), "")
        late = (self.stop.when if self.stop else now) > due_at
        assert late == ("late" in self.words), f"{self.duty}: due {due_at}, told {self.words}"
        return due_at, self.stop.when if self.stop else None, outcome, late


def counted(play: Play, duty: str, start: datetime) -> datetime:
    """Count the duty from its start by the mechanism's words."""
    kind, urgency = classes(play, duty)
    limit = play.profile.limit(duty, kind, urgency)
    if limit.form == "period":
        return due(start, limit.n, limit.unit, NATION, receipt=play.profile.receipt).at
    if limit.form == "monthly":
        return closing(monthly(start.date(), limit.day))
    if limit.form == "before-lead":
        back = working_days_back(counted(play, "handle", start).date(), limit.n)
        return max(closing(back), due(start, limit.at_least, limit.unit, NATION).at)
    raise AssertionError(f"{duty}: no script needs {limit.form}")


def classes(play: Play, duty: str) -> tuple[str, str]:
    """Return class and urgency when the duty began: the office's until it dispatched, then the order's."""
    whistle = play.steps[0].answers
    urgency = whistle.get("urgency") or (play.profile.urgencies[-1] if "urgent" in whistle else "")
    dispatch = next((step.answers for step in play.steps if step.verb == "dispatch"), {})
    if duty != "accept":
        urgency = dispatch.get("urgency") or urgency
    return dispatch.get("kind", play.profile.default_kind), urgency or play.profile.urgencies[0]


def monthly(start: date, day: int) -> date:
    after = start + timedelta(days=1)
    while after.day != day:
        after += timedelta(days=1)
    while not NATION.is_working(after):
        after += timedelta(days=1)
    return after


def working_days_back(day: date, n: int) -> date:
    while n:
        day -= timedelta(days=1)
        n -= NATION.is_working(day)
    return day


def clocks_of(play: Play, now: datetime) -> dict[str, tuple[object, ...]]:
    names = {unit.pk: key for key, unit in play.units.items()}
    told = {}
    for clock in play.case.clocks.all():
        duty = clock.duty if clock.round == 1 else f"{clock.duty}#{clock.round}"
        key = f"{duty} {names[clock.unit_id]}" if clock.unit_id else duty
        told[key] = (clock.due_at, clock.stopped_at, clock.outcome, clock.is_late(now))
    return told


def parts_of(play: Play) -> dict[str, str]:
    names = {unit.pk: key for key, unit in play.units.items()}
    marks = ("signed", "reported_in", "answered", "ended")
    return {
        names[part.unit_id]: " ".join(
            mark.removesuffix("_in") for mark in marks if getattr(part, f"{mark}_at") is not None
        )
        for part in play.case.assignments.all()
    }


# -- the tests --------------------------------------------------------------------------------------------------------


def test_every_record_has_a_course(shared):
    path = shared / "data" / "whistle_published" / "cases.jsonl"
    if not path.exists():
        pytest.skip("the published cases are not here")

    ids = [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()]

    assert sorted(ids) == sorted(SCRIPTS)


def outcome(play: Play, now: datetime) -> dict[str, object]:
    """Return what became of the case, as the rows and the pages have it at that moment."""
    case, names = play.case, {unit.pk: key for key, unit in play.units.items()}
    assert (case.closed_at is not None) == (case.state == "closed")
    assert case.events.count() == case.version
    return {
        "state": case.state,
        "first": [names[pk] for pk in case.first_handlers.values_list("unit_id", flat=True)],
        "parts": parts_of(play),
        "clocks": clocks_of(play, now),
    }


def told(play: Play, now: datetime) -> dict[str, object]:
    """Return what the script says must have become of it."""
    script = play.script
    return {
        "state": script["state"],
        "first": [] if script.get("first") == "none" else ["lead"],
        "parts": script["parts"],
        "clocks": {key: Told(play, key, line).expected(now) for key, line in script["clocks"].items()},
    }


def terms_of(play: Play, now: datetime) -> dict[str, str]:
    """Return the terms of the equation on whose pages the case stands, with what is read behind its number."""
    registered = play.case.registered_at.astimezone(NATION.zone).date()
    period = f"{registered - timedelta(days=1)}..{now.date()}"
    client = play.signed_in("head")
    pages = {term: paper.text(client.get(f"/equation/?period={period}&term={term}")) for term in TERMS}
    return {term: page.partition(play.case.number)[2] for term, page in pages.items() if play.case.number in page}


@every_case
def test_published_case_comes_out_as_published(play):
    script, now = play.script, moment(play.script["judged"])

    with at(now):
        terms, read = terms_of(play, now), paper.text(play.visitor.get(play.receipt))

    assert outcome(play, now) == told(play, now)
    assert list(terms) == [script["term"]]
    assert "named" not in script or play.units[script["named"]].name in terms["breaches"]
    wanted = [words.format(**{key: unit.name for key, unit in play.units.items()}) for words in script["reads"]]
    assert [words for words in (play.case.number, *wanted) if words not in read] == []
    assert [words for words in script.get("silent", ()) if words in read] == []


@pytest.mark.parametrize("play", [name for name, script in SCRIPTS.items() if "never_closed" in script], indirect=True)
def test_what_is_only_promised_is_never_closed(play):
    """Neither the enterprise nor the office finds a way to close it; after the promised day the feedback is a breach."""
    with at(moment("2023-03-20 09:00")):
        page = paper.text(play.signed_in("dispatcher").get(play.case.get_absolute_url()))
        answer = play.visitor.post(f"{play.receipt}confirm/", {"grade": "satisfied"})
        breaches = paper.text(play.signed_in("head").get("/equation/?period=2023-01&term=breaches"))

    assert answer.status_code == 409
    assert "回访办结" not in page
    assert play.case.state == "deferred"
    assert play.case.number in breaches
