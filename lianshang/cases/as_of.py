"""The open ledger as it stood at a moment, told from what is only ever appended: events, and the changes of clocks.

Two ways to the same rows. At this very moment (`scope.live`) the columns answer, through the indexes that lists use. For
any other moment the state is the target of the last event that had happened by then and been recorded by `known`; a
clock's due time is that of its last change by then. That both agree is held by a test over random walks.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Case as Choice
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Concat

from lianshang.cases import access
from lianshang.cases.equation import TOLD, feedback_clocks
from lianshang.cases.models import Case, CaseClock, CaseClockChange, CaseEvent, CaseQuerySet
from lianshang.cases.states import ENDED, OPEN, VOID, State
from lianshang.indicators.scopes import Scope
from lianshang.kernel.clocks import ClockChange

MERGED_INTO = "并入 "  # how the event of joining names the main case
LATE = Q(stop__gt=F("due")) | Q(stop=None, pause=False, due__lt=F("cut"))
WHAT = ClockChange.What


@dataclass(frozen=True)
class Ledger:
    """The cases that a reader may open, or all of the open ledger, as of `scope.at`. Void ones are no cases."""

    scope: Scope

    @property
    def seen(self) -> Q:
        """What of the events had happened and been told by then."""
        told = Q(recorded_at__lte=self.scope.known) if self.scope.known else Q()
        return Q(at__lte=self.scope.at) & told

    def seen_by(self, path: str) -> Q:
        """The same of the event that a foreign key points to."""
        told = Q(**{f"{path}__recorded_at__lte": self.scope.known}) if self.scope.known else Q()
        return Q(**{f"{path}__at__lte": self.scope.at}) & told

    @cached_property
    def registered(self) -> CaseQuerySet:
        """What had been registered by then, mistaken entries and undone imports among it."""
        reader = self.scope.reader
        rows = access.open_ledger(reader) if reader else access.whole_open_ledger()
        rows = rows.filter(registered_at__lte=self.scope.at)
        if self.scope.live:
            return rows.alias(state_then=F("state"), close_then=F("close_type"), closed_then=F("closed_at"))
        past = CaseEvent.objects.filter(self.seen, subject=OuterRef("pk")).order_by("-ordinal")
        ends = past.filter(target__in=ENDED).exclude(source__in=ENDED)
        ended = Q(state_then__in=ENDED)
        rows = rows.alias(state_then=Subquery(past.values("target")[:1])).filter(
            Exists(past.order_by().filter(verb="register"))
        )
        return rows.alias(
            close_then=Choice(
                When(ended, then=Subquery(past.exclude(close_type="").values("close_type")[:1])), default=Value("")
            ),
            closed_then=Choice(When(ended, then=Subquery(ends.values("at")[:1])), default=None),
        )

    @cached_property
    def cases(self) -> CaseQuerySet:
        return self.registered.exclude(close_then__in=VOID)

    @cached_property
    def open(self) -> CaseQuerySet:
        if self.scope.live:  # the index of what has not ended
            return self.cases.filter(closed_at=None, state__in=OPEN)
        return self.cases.filter(state_then__in=OPEN)

    def within(self, start: datetime, end: datetime) -> CaseQuerySet:
        """Return what was registered in [start, end)."""
        return self.cases.filter(registered_at__gte=start, registered_at__lt=end)

    def closed(self, start: datetime, end: datetime) -> CaseQuerySet:
        """Return what ended in [start, end) and has not been opened again."""
        return self.cases.filter(state_then__in=ENDED, closed_then__gte=start, closed_then__lt=end)

    def events(self, *verbs: str, start: datetime | None = None, end: datetime | None = None) -> QuerySet[CaseEvent]:
        """Return the steps of those names, of cases that count, within [start, end)."""
        rows = CaseEvent.objects.filter(self.seen, verb__in=verbs)
        if start and end:
            rows = rows.filter(at__gte=start, at__lt=end)
        return rows.filter(Exists(self.cases.filter(pk=OuterRef("subject"))))

    def has(self, *verbs: str, start: datetime | None = None, end: datetime | None = None) -> Exists:
        """Whether a case has had one of these steps."""
        rows = CaseEvent.objects.filter(self.seen, subject=OuterRef("pk"), verb__in=verbs)
        return Exists(rows.filter(at__gte=start, at__lt=end) if start and end else rows)

    def clocks(self, *duties: str) -> QuerySet[CaseClock]:
        """Return the clocks of the cases, with `due`, `stop`, `pause` and `result` as they stood."""
        found = self._as_they_stood(CaseClock.objects.filter(duty__in=duties) if duties else CaseClock.objects.all())
        return found.filter(Exists(self.cases.filter(pk=OuterRef("subject"))))

    @property
    def feedbacks(self) -> QuerySet[CaseClock]:
        """The clocks that the promise of feedback is measured by."""
        return self.clocks().filter(feedback_clocks())

    def due(self, clocks: QuerySet[CaseClock], start: datetime, end: datetime) -> QuerySet[CaseClock]:
        """Return those that fell due in [start, end) by now: not what is paused, nor what was dropped before it was due."""
        fell = clocks.filter(due__gte=start, due__lt=end, due__lte=self.scope.at)
        return fell.exclude(result=CaseClock.Outcome.DROPPED, stop__lte=F("due")).exclude(stop=None, pause=True)

    def late(self, clocks: QuerySet[CaseClock]) -> QuerySet[CaseClock]:
        return clocks.filter(LATE)

    @property
    def breached(self) -> Exists:
        """Whether a feedback was given late, or is late."""
        clocks = self._as_they_stood(CaseClock.objects.filter(subject=OuterRef("pk")))
        return Exists(clocks.filter(feedback_clocks()).filter(LATE))

    @property
    def told(self) -> Choice:
        """Whether the enterprise has its answer: as in the proof of feedback."""
        merged = When(state_then=State.MERGED, then=self.has("relay"))
        return Choice(When(state_then__in=TOLD, then=True), merged, default=False)

    def came_by(self, channels: tuple[str, ...]) -> Q:
        """What was raised by one of these channels: itself, or a case that was joined to it."""
        return Q(channel__in=channels) | Q(Exists(self._joined().filter(channel__in=channels)))

    def _joined(self) -> CaseQuerySet:
        if self.scope.live:
            return Case.objects.open_ledger().filter(merged_into=OuterRef("pk"))
        past = CaseEvent.objects.filter(self.seen, subject=OuterRef("pk")).order_by("-ordinal")
        joined = Case.objects.open_ledger().alias(
            state_now=Subquery(past.values("target")[:1]),
            main_then=Subquery(past.filter(verb="merge").values("note")[:1]),
        )
        return joined.filter(state_now=State.MERGED, main_then=Concat(Value(MERGED_INTO), OuterRef("number")))

    def _as_they_stood(self, clocks: QuerySet[CaseClock]) -> QuerySet[CaseClock]:
        cut = Value(self.scope.at)
        if self.scope.live:
            paused: Combinable = Choice(When(paused_at=None, then=False), default=True)
            return clocks.alias(cut=cut, due=F("due_at"), stop=F("stopped_at"), pause=paused, result=F("outcome"))
        changes = CaseClockChange.objects.filter(self.seen_by("event"), clock=OuterRef("pk")).order_by("-at", "-id")
        stopped = self.seen_by("stopped_by")
        return clocks.filter(self.seen_by("started_by")).alias(
            cut=cut,
            due=Coalesce(Subquery(changes.values("new_due_at")[:1]), F("first_due_at")),
            stop=Choice(When(stopped, then=F("stopped_at")), default=None),
            last_turn=Subquery(changes.filter(what__in=(WHAT.PAUSE, WHAT.RESUME)).values("what")[:1]),
            pause=Choice(When(last_turn=WHAT.PAUSE, then=True), default=False),
            result=Choice(When(stopped, then=F("outcome")), default=Value("")),
        )
