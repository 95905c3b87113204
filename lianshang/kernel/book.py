"""How events move clocks. `Book` holds the clocks of one subject and applies events to them.

Live, it begins with the rows that are there; rebuilding, it begins empty and is given every event in turn: the same
code, so both must agree (a test holds them to it).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import models

from lianshang.kernel import limits
from lianshang.kernel.calendars import WorkCalendar
from lianshang.kernel.clocks import Clock, ClockChange, pauses_in, shifted
from lianshang.kernel.editions import Edition, calendar_of
from lianshang.kernel.events import Event
from lianshang.kernel.profiles import Limit, Profile

PROMISE = Limit("promise")


@dataclass(frozen=True)
class Effects:
    """What a transition does to clocks. Duties are those of the event's unit, unless the subject says who else holds them.

    `promises` start a clock that is due when the event says; all others take their limit from the profile.
    """

    starts: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    drops_all: bool = False
    pauses: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    extends: tuple[str, ...] = ()
    recalendars: bool = False


@dataclass
class Rules:
    """How a subject counts: its profile, who holds a duty, which calendar edition a unit has when an event is told."""

    profile: Profile
    holder: Callable[[str, Event], int | None]
    edition: Callable[[int | None, Event], Edition]
    labels: Mapping[str, str]
    lead_duties: tuple[
        str, ...
    ]  # what a co-unit's limit counts back from, the first that runs; a promise binds the first


class Book:
    """The clocks of one subject, in memory, settled event by event; `save` writes what was touched.

    `past` gives the changes that are stored; it is asked only where a clock has to be counted again.
    """

    def __init__(
        self,
        subject: models.Model,
        rules: Rules,
        clocks: Iterable[Clock],
        past: Callable[[], Iterable[ClockChange]],
        clock_type: type[Clock],
        change_type: type[ClockChange],
    ) -> None:
        self.subject, self.rules = subject, rules
        self.clocks, self.past = list(clocks), past
        self.clock_type, self.change_type = clock_type, change_type
        self.made: list[ClockChange] = []
        self.touched: dict[int, set[str]] = {}  # key of a stored clock -> its fields to write

    @cached_property
    def stored(self) -> list[ClockChange]:
        return list(self.past())

    @property
    def changes(self) -> list[ClockChange]:
        return [*self.stored, *self.made]

    def apply(self, event: Event, effects: Effects) -> None:
        """Settle the clocks after `event`. Order matters: what ends, ends before what begins."""
        for duty in effects.stops:
            self._stop(self._held(duty, event), event, Clock.Outcome.DONE)
        for duty in effects.drops:
            self._stop(self._held(duty, event), event, Clock.Outcome.DROPPED)
        if effects.drops_all:
            self._stop(self.running(), event, Clock.Outcome.DROPPED)
        for duty in effects.pauses:
            self._pause(duty, event)
        for duty in effects.resumes:
            self._resume(duty, event)
        for duty in effects.extends:
            self._extend(duty, event)
        for duty in (*effects.starts, *effects.promises):
            self._start(duty, event, promised=duty in effects.promises)
        if effects.recalendars:
            self._recalendar(event)

    def running(self) -> list[Clock]:
        return [clock for clock in self.clocks if clock.stopped_at is None]

    def next_due(self, quiet: Iterable[str] = ()) -> datetime | None:
        """Return the earliest due time that somebody is held to now; windows (`quiet`) are no duty."""
        held = (c.due_at for c in self.running() if c.paused_at is None and c.duty not in quiet)
        return min(held, default=None)

    def save(self) -> None:
        """Write what was touched before what is new: one clock of a duty and unit runs at a time."""
        alike: dict[tuple[tuple[str, Any], ...], list[int]] = {}
        for clock in self.clocks:
            if clock.pk in self.touched:
                values = tuple((name, getattr(clock, name)) for name in sorted(self.touched[clock.pk]))
                alike.setdefault(values, []).append(clock.pk)
        for values, keys in alike.items():
            self.clock_type.objects.filter(pk__in=keys).update(**dict(values))
        self.clock_type.objects.bulk_create([clock for clock in self.clocks if clock.pk is None])
        self.change_type.objects.bulk_create(self.made)

    def _held(self, duty: str, event: Event) -> list[Clock]:
        unit_id = self.rules.holder(duty, event)
        return [clock for clock in self.running() if clock.duty == duty and clock.unit_id == unit_id]

    def _touch(self, clock: Clock, *fields: str) -> None:
        if clock.pk is not None:
            self.touched.setdefault(clock.pk, set()).update(fields)

    def _stop(self, clocks: list[Clock], event: Event, outcome: str) -> None:
        for clock in clocks:
            self._end_pause(clock, event)
            clock.stopped_at, clock.outcome, clock.stopped_by = event.at, outcome, event
            self._touch(clock, "stopped_at", "outcome", "stopped_by")

    def _start(self, duty: str, event: Event, *, promised: bool) -> None:
        limit = PROMISE if promised else self.rules.profile.limit(duty, event.kind, event.urgency)
        if limit is None or (promised and (event.due_at is None or self._binds_handling(duty, event))):
            return
        unit_id = self.rules.holder(duty, event)
        edition = self.rules.edition(unit_id, event)
        before = [clock for clock in self.clocks if clock.duty == duty and clock.unit_id == unit_id]
        counted_from = self._counted_from(limit, event, before)
        end = limits.resolve(limit, counted_from, edition.calendar, self._around(event))
        if end is None:
            return
        self._stop(self._held(duty, event), event, Clock.Outcome.DROPPED)
        self.clocks.append(
            self.clock_type(
                park_id=event.park_id,
                subject=self.subject,
                duty=duty,
                unit_id=unit_id,
                round=len(before) + 1,
                rule=f"{self.rules.labels[duty]}：{limit}",
                calendar_version_id=edition.pk,
                provisional=end.provisional,
                started_at=event.at,
                started_by=event,
                first_due_at=end.at,
                due_at=end.at,
            )
        )

    def _counted_from(self, limit: Limit, event: Event, before: list[Clock]) -> datetime:
        """A monthly duty fulfilled early begins again with the day it was due, or the same month would be owed twice."""
        last = max((clock.due_at for clock in before), default=event.at)
        return max(event.at, last) if limit.form == "monthly" else event.at

    def _binds_handling(self, duty: str, event: Event) -> bool:
        """Where the limit reads “…, or promise a date”, the first date promised inside it is the handling deadline.

        Only by the lead's own promise: a date that somebody else sets is a duty beside it.
        """
        if duty not in self.rules.lead_duties:
            return False
        handling = self.rules.lead_duties[0]
        for clock in self._held(handling, event):
            limit = self.rules.profile.limit(handling, clock.started_by.kind, clock.started_by.urgency)
            if limit and limit.or_promise and event.at <= clock.due_at and not self._granted(clock):
                self._change(clock, ClockChange.What.EXTEND, event, event.due_at)
                return True
        return False

    def _around(self, event: Event, pauses: limits.Pauses = ()) -> limits.Surroundings:
        running = {clock.duty: clock.due_at for clock in self.running()}
        lead = [running[duty] for duty in self.rules.lead_duties if duty in running]
        return limits.Surroundings(
            receipt=self.rules.profile.receipt,
            promised_at=event.due_at,
            lead_due_at=lead[0] if lead else None,
            pauses=pauses,
        )

    def _change(self, clock: Clock, what: str, event: Event, new_due_at: datetime | None) -> None:
        """Keep what moved the clock. An extension or promise without a date moves nothing."""
        if new_due_at is None:
            return
        self.made.append(
            self.change_type(
                park_id=event.park_id,
                clock=clock,
                event=event,
                what=what,
                at=event.at,
                old_due_at=clock.due_at,
                new_due_at=new_due_at,
            )
        )
        clock.due_at = new_due_at
        self._touch(clock, "due_at", "paused_at", "provisional", "calendar_version_id")

    def _pause(self, duty: str, event: Event) -> None:
        for clock in self._held(duty, event):
            if clock.paused_at is None and clock.due_at >= event.at:
                clock.paused_at = event.at
                self._change(clock, ClockChange.What.PAUSE, event, clock.due_at)

    def _resume(self, duty: str, event: Event) -> None:
        for clock in self._held(duty, event):
            self._end_pause(clock, event)

    def _end_pause(self, clock: Clock, event: Event) -> None:
        """Take the paused time out of the count; what ends while it is paused is not late by the pause."""
        if clock.paused_at is not None:
            self._change(clock, ClockChange.What.RESUME, event, clock.due_at)
            clock.paused_at = None
            clock.due_at = self.made[-1].new_due_at = self._recount(clock)

    def _extend(self, duty: str, event: Event) -> None:
        for clock in self._held(duty, event):
            if event.due_at and event.due_at > clock.due_at:
                self._change(clock, ClockChange.What.EXTEND, event, event.due_at)

    def _recalendar(self, event: Event) -> None:
        for clock in self.running():
            edition = self.rules.edition(clock.unit_id, event)
            if edition.pk != clock.calendar_version_id:
                clock.calendar_version_id = edition.pk
                self._change(clock, ClockChange.What.RECALENDAR, event, self._recount(clock, edition.calendar))

    def history(self, clock: Clock) -> list[ClockChange]:
        return [change for change in self.changes if change.clock is clock or change.clock_id == (clock.pk or 0)]

    def _granted(self, clock: Clock) -> list[ClockChange]:
        return [change for change in self.history(clock) if change.what == ClockChange.What.EXTEND]

    def _recount(self, clock: Clock, calendar: WorkCalendar | None = None) -> datetime:
        """Count again from the start, the pauses and the calendar, its own edition's unless one is given.

        A granted date stands, moved by pauses after it.
        """
        calendar = calendar or calendar_of(clock.calendar_version_id)
        granted = self._granted(clock)
        pauses = pauses_in(self.history(clock))
        limit = self.rules.profile.limit(clock.duty, clock.started_by.kind, clock.started_by.urgency)
        if granted or limit is None or limit.form == PROMISE.form:
            base, since = (
                (granted[-1].new_due_at, granted[-1].at) if granted else (clock.first_due_at, clock.started_at)
            )
            return shifted(base, [(max(a, since), b) for a, b in pauses if b > since], calendar)
        before = [other for other in self.clocks if self._precedes(other, clock)]
        counted_from = self._counted_from(limit, clock.started_by, before)
        end = limits.resolve(limit, counted_from, calendar, self._around(clock.started_by, pauses))
        if end is None:
            return clock.due_at
        clock.provisional = end.provisional
        return end.at

    def _precedes(self, other: Clock, clock: Clock) -> bool:
        return (other.duty, other.unit_id) == (clock.duty, clock.unit_id) and other.round < clock.round
