"""How a case's clocks are opened: whose duty is whose, which profile and calendar count, live and when rebuilt."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from operator import attrgetter

from lianshang.cases import presets
from lianshang.cases.duties import DUTIES, LEAD_DUTY
from lianshang.cases.models import Case, CaseClock, CaseClockChange
from lianshang.directory.models import Unit
from lianshang.kernel import editions
from lianshang.kernel.book import Book, Rules
from lianshang.kernel.editions import Edition
from lianshang.kernel.events import Event
from lianshang.kernel.models import ProfileVersion
from lianshang.kernel.profiles import Profile

OFFICE_DUTIES = ("accept", "ruling", "review", "callback", "defer_review")  # held by the committee's office
COMMON_DUTIES = ("feedback", "stage_feedback")  # owed to the enterprise by all; named after who held the case
QUIET = ("return_window",)  # a window, not a duty: it is never late


@lru_cache(maxsize=256)
def profile_of(version_id: int) -> Profile:
    """Return the profile of an edition; editions are immutable."""
    return presets.kept(ProfileVersion.objects.get(pk=version_id).document)


_OFFICES: dict[int, int] = {}


def office_of(park_id: int) -> int | None:
    """Return the unit that is the committee's office; a park has one and keeps it."""
    if park_id not in _OFFICES:
        office = Unit.objects.filter(kind=Unit.Kind.OFFICE).values_list("pk", flat=True).first()
        if office is None:
            return None
        _OFFICES[park_id] = office
    return _OFFICES[park_id]


def _holder(duty: str, event: Event) -> int | None:
    if duty in COMMON_DUTIES:
        return None
    return office_of(event.park_id) if duty in OFFICE_DUTIES else event.unit_id


class Editions:
    """Looks the calendar editions in force at a recording time up once, for all duties and events told then."""

    def __init__(self) -> None:
        self.seen: dict[datetime, dict[int | None, int]] = {}

    def __call__(self, unit_id: int | None, event: Event) -> Edition:
        known = self.seen.get(event.recorded_at)
        if known is None:
            known = self.seen[event.recorded_at] = editions.in_force(event.park_id, event.recorded_at)
        return editions.edition(known.get(unit_id, known[None]))


def rules(case: Case, known: Editions | None = None) -> Rules:
    """Return how the case counts. `known`: editions shared among cases of one park."""
    return Rules(
        profile=profile_of(case.profile_version_id),
        holder=_holder,
        edition=known or Editions(),
        labels=DUTIES,
        lead_duties=(LEAD_DUTY, "rework", "promise"),
    )


def live(case: Case) -> Book:
    """Open the clocks as they stand. What changed them is read only where it is needed."""
    if case._state.adding:
        return opened(case)
    past = CaseClockChange.objects.filter(clock__subject=case)
    clocks = sorted(case.clocks.order_by(), key=attrgetter("started_at", "pk"))  # few, and the database asked for less
    return Book(case, rules(case), clocks, lambda: past, CaseClock, CaseClockChange)


def opened(case: Case, clocks: Iterable[CaseClock] = (), known: Editions | None = None) -> Book:
    """Open a book in memory: empty for a new case, or with the clocks given. Changes of clocks are none of its business."""
    return Book(case, rules(case, known), clocks, tuple, CaseClock, CaseClockChange)


def rebuilt(case: Case) -> Book:
    """Open an empty book and give it every event again: must agree with `live` in rule, edition, due, stop and change."""
    from lianshang.cases.flow import FLOW

    book = opened(case)
    for event in case.events.order_by("ordinal"):
        book.apply(event, FLOW.transitions[event.verb].effects)
    return book
