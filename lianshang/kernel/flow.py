"""A state machine is a table. Guards, buttons, diagram, clocks and tests all read the table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from lianshang.kernel import outbox
from lianshang.kernel.book import Book, Effects
from lianshang.kernel.refusals import Hidden, Overtaken, Refused

Guard = Callable[[Any, Any], bool]  # (actor, subject) -> may this one do it
ActsFor = Callable[
    [Any, Any, "Transition", int | None], int | None
]  # (actor, subject, move, unit of the event) -> unit


def never(row: Any, move: "Transition", actor: Any) -> str:
    """Nothing stands in the way of a step beyond its guard and its state."""
    return ""


def nothing(row: Any, event: Any) -> None:
    """Nothing of an event is kept apart."""


@dataclass(frozen=True)
class Transition:
    """What somebody does. `moves` maps each state in which it may be done to the state after it."""

    name: str
    label: str
    moves: Mapping[str, str]
    allows: Guard
    effects: Effects = field(default_factory=Effects)
    told: str = ""  # the sentence that the enterprise reads; empty: not its business
    offered: bool = True  # has a button of its own


class Flow:
    """The table of one subject: `book` opens its clocks, `topic` is where the outbox looks for its events.

    `acts_for` says for which of an actor's units a step is taken. `bars` returns why a step has to wait though it is
    allowed, or nothing. `strip` takes off an event, before clocks count it, what is to be kept apart; `file` keeps it
    once the event is stored.
    """

    def __init__(
        self,
        *transitions: Transition,
        topic: str,
        book: Callable[[Any], Book],
        quiet: tuple[str, ...] = (),
        acts_for: ActsFor,
        bars: Callable[[Any, Transition, Any], str] = never,
        strip: Callable[[Any, Any], None] = nothing,
        file: Callable[[Any, Any], None] = nothing,
    ) -> None:
        self.transitions = {move.name: move for move in transitions}
        self.topic, self.book, self.quiet, self.acts_for = topic, book, quiet, acts_for
        self.bars, self.strip, self.file = bars, strip, file
        if len(self.transitions) != len(transitions):
            raise ValueError("a transition is named twice")

    def offered(self, subject: Any, actor: Any) -> list[Transition]:
        """What this actor may do now. The page draws one button for each."""
        return [
            move
            for move in self.transitions.values()
            if move.offered and subject.state in move.moves and move.allows(actor, subject)
        ]

    def lock(self, subject: Any) -> Any:
        """Return the row under lock. Services that write beside the transition lock first and then `move`."""
        rows = type(subject).objects.select_for_update(of=("self",), no_key=True)
        return rows.get(park=subject.park_id, pk=subject.pk)

    def check(self, row: Any, name: str, actor: Any) -> Transition:
        """Raise `Hidden` for whom it is no business of, `Overtaken` or `Refused` where the state does not allow it."""
        move = self.transitions[name]
        if not move.allows(actor, row):
            raise Hidden
        if row.state not in move.moves:
            moved = row.events.exclude(source=F("target")).select_related("actor").order_by("-ordinal").first()
            text = f"当前状态为“{row.get_state_display()}”，不能{move.label}。"
            if moved is None:
                raise Refused(text)
            raise Overtaken(f"{text}{self.who_was_first(moved)}。请刷新后再看。")
        if why := self.bars(row, move, actor):
            raise Refused(why)
        return move

    def who_was_first(self, event: Any) -> str:
        """Say who was first, as whoever was overtaken is told: 王芳已于 11月23日 10:05 派单."""
        who, when = event.actor or event.get_by_display(), timezone.localtime(event.at)
        return f"{who}已于 {when:%-m月%-d日 %H:%M} {self.transitions[event.verb].label}"

    @transaction.atomic
    def fire(self, subject: Any, name: str, *, actor: Any, at: datetime, **carried: Any) -> Any:
        """Lock the subject (a new one needs none) and `move` it: one lock, one state, one event, one commit."""
        row = subject if subject._state.adding else self.lock(subject)
        return self.move(row, name, actor=actor, at=at, **carried)

    def move(
        self, row: Any, name: str, *, actor: Any, at: datetime, changes: Mapping[str, Any] | None = None, **carried: Any
    ) -> Any:
        """Move a row that the caller's transaction has locked, append the event, settle its clocks.

        `changes` are fields of the subject, `carried` fields of the event (a function is asked of the row). Returns
        the row as it now is, with the event as `.last_event` and its clocks as `.book`. Whoever comes second finds
        another state and is told who was first.
        """
        book, changes = self.book(row), changes or {}
        event = self.tell(row, name, book, actor=actor, at=at, changes=changes, **carried)
        if row._state.adding:
            row.save(force_insert=True)
        else:
            row.save(update_fields=["state", "version", "next_due_at", *changes])
        event.save(force_insert=True)
        self.file(row, event)
        book.save()
        outbox.put(row.park_id, self.topic, event.pk, at=event.recorded_at)
        row.last_event, row.book = event, book
        return row

    def tell(
        self,
        row: Any,
        name: str,
        book: Book,
        *,
        actor: Any,
        at: datetime,
        changes: Mapping[str, Any] | None = None,
        **carried: Any,
    ) -> Any:
        """Move a row in memory: state, event, clocks. Nothing is stored and nothing is owed to the outbox.

        Half of `move`; by itself for many rows at once, such as history that is brought in. Whoever tells it holds the
        locks, and stores the row, the event returned and the clocks of `book`.
        """
        move = self.check(row, name, actor)
        event = self._moved(row, move, actor=actor, at=at, changes=changes or {}, **carried)
        self.strip(row, event)
        book.apply(event, move.effects)
        row.next_due_at = book.next_due(self.quiet)
        return event

    def _moved(
        self, row: Any, move: Transition, *, actor: Any, at: datetime, changes: Mapping[str, Any], **carried: Any
    ) -> Any:
        """Put the row into its next state and return the event of it, not stored yet."""
        source, row.state = row.state, move.moves[row.state]
        for attribute, value in changes.items():
            setattr(row, attribute, value)
        row.version += 1
        said = {name: value(row) if callable(value) else value for name, value in carried.items()}
        unit_id = said["unit"].pk if said.get("unit") else said.get("unit_id")
        return type(row).events.rel.related_model(
            subject=row,
            park_id=row.park_id,
            ordinal=row.version,
            verb=move.name,
            source=source,
            target=row.state,
            at=at,
            by=actor.kind,
            actor=actor.person,
            actor_unit_id=self.acts_for(actor, row, move, unit_id),
            kind=row.kind,
            urgency=row.urgency,
            **said,
        )
