"""How a case's clocks are opened: whose duty is whose, which profile and calendar count, live and when rebuilt."""

from functools import lru_cache

from lianshang.cases import presets
from lianshang.cases.duties import DUTIES
from lianshang.cases.models import Case, CaseClock, CaseClockChange, CaseEvent
from lianshang.directory.models import Unit
from lianshang.kernel import editions
from lianshang.kernel.clocks import Book, Rules
from lianshang.kernel.editions import Edition
from lianshang.kernel.models import ProfileVersion
from lianshang.kernel.profiles import Profile

OFFICE_DUTIES = ("accept", "ruling", "review", "callback", "defer_review")  # held by the committee's office
COMMON_DUTIES = ("feedback", "stage_feedback")  # owed to the enterprise by all; named after who held the case
QUIET = ("return_window",)  # a window, not a duty: it is never late


@lru_cache(maxsize=256)
def profile_of(version_id: int) -> Profile:
    """Return the profile of an edition; editions are immutable."""
    return presets.read(ProfileVersion.objects.get(pk=version_id).document)


@lru_cache(maxsize=256)
def office_of(park_id: int) -> int | None:
    """Return the unit that is the committee's office; a park has one and keeps it."""
    return Unit.objects.filter(kind=Unit.Kind.OFFICE).values_list("pk", flat=True).first()


def _holder(duty: str, event: CaseEvent) -> int | None:
    if duty in COMMON_DUTIES:
        return None
    return office_of(event.park_id) if duty in OFFICE_DUTIES else event.unit_id


class _Editions:
    """Looks the calendar editions of an event's recording time up once, for all its duties."""

    def __init__(self) -> None:
        self.seen: dict[int, dict[int | None, int]] = {}

    def __call__(self, unit_id: int | None, event: CaseEvent) -> Edition:
        known = self.seen.get(event.ordinal)
        if known is None:
            known = self.seen[event.ordinal] = editions.in_force(event.park_id, event.recorded_at)
        return editions.edition(known.get(unit_id, known[None]))


def rules(case: Case) -> Rules:
    return Rules(profile=profile_of(case.profile_version_id), holder=_holder, edition=_Editions(), labels=DUTIES)


def live(case: Case) -> Book:
    """Open the clocks as they stand. What changed them is read only where it is needed."""
    clocks = list(case.clocks.all())
    return Book(
        case,
        rules(case),
        clocks,
        lambda: CaseClockChange.objects.filter(clock__subject=case),
        CaseClock,
        CaseClockChange,
    )


def rebuilt(case: Case) -> Book:
    """Open an empty book and give it every event again: must agree with `live` in rule, edition, due, stop and change."""
    from lianshang.cases.flow import FLOW

    book = Book(case, rules(case), [], tuple, CaseClock, CaseClockChange)
    for event in case.events.order_by("ordinal"):
        book.apply(event, FLOW.transitions[event.verb].effects)
    return book
