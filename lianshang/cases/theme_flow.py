"""The life of a theme as a table, beside the case's: who may do what in which state, and its one clock."""

from datetime import datetime
from operator import attrgetter
from typing import Any

from lianshang.cases import books
from lianshang.cases.flow import move, stay
from lianshang.cases.models import Theme, ThemeClock, ThemeClockChange, ThemeState
from lianshang.cases.models.themes import THEME_DUTIES
from lianshang.directory.actors import Actor
from lianshang.directory.models import Role
from lianshang.kernel.book import Book, Rules
from lianshang.kernel.events import Event
from lianshang.kernel.flow import Flow, Transition

MANAGERS = (Role.DISPATCHER, Role.COMMITTEE_HEAD)  # who makes, changes and closes themes
OWNER = attrgetter("owner_unit_id")  # carried by an event: the owner as the locked row has it

S: Any = ThemeState


def manages(actor: Actor, theme: Theme) -> bool:
    """The committee's office, or its head."""
    return actor.has(*MANAGERS)


def owns(actor: Actor, theme: Theme) -> bool:
    """The unit that is to settle it; its liaison acts for it, for the committee's office its dispatcher."""
    return any(actor.serves(role, theme.owner_unit_id) for role in (Role.LIAISON, Role.DISPATCHER))


def owns_or_manages(actor: Actor, theme: Theme) -> bool:
    return owns(actor, theme) or manages(actor, theme)


def acts_for(actor: Actor, theme: Theme, step: Transition, unit_id: int | None) -> int | None:
    """Return the unit for which the step is taken: the owner for its own people, else where the person sits."""
    if owns(actor, theme):
        return theme.owner_unit_id
    own = {unit for role, unit in actor.posts if role in MANAGERS}
    first = actor.unit.pk if actor.unit else None
    return first if first in own or not own else min(own)


def live(theme: Theme) -> Book:
    """Open the clocks as they stand."""
    if theme._state.adding:
        return Book(theme, _rules(theme), (), tuple, ThemeClock, ThemeClockChange)
    past = ThemeClockChange.objects.filter(clock__subject=theme)
    return Book(theme, _rules(theme), theme.clocks.order_by("pk"), lambda: past, ThemeClock, ThemeClockChange)


def rebuilt(theme: Theme) -> Book:
    """Open an empty book and give it every event again: must agree with `live`."""
    book = Book(theme, _rules(theme), (), tuple, ThemeClock, ThemeClockChange)
    for event in theme.events.order_by("ordinal"):
        book.apply(event, THEME_FLOW.transitions[event.verb].effects)
    return book


def _rules(theme: Theme) -> Rules:
    return Rules(
        profile=books.profile_of(theme.profile_version_id),
        holder=_holder,
        edition=books.Editions(),
        labels=THEME_DUTIES,
        lead_duties=(),
    )


def _holder(duty: str, event: Event) -> int | None:
    return event.unit_id


def is_late(theme: Theme, now: datetime) -> bool:
    """Being late is asked of the date, never stored."""
    return theme.next_due_at is not None and theme.next_due_at < now


THEME_FLOW = Flow(
    move("open_theme", "立为专题", S.NEW, to=S.OPEN, by=manages, promises=("theme",)),
    stay("attach", "列入诉求", S.OPEN, S.CLOSING, by=manages),
    stay("detach", "移出诉求", S.OPEN, S.CLOSING, by=manages),
    stay("report", "报进展", S.OPEN, by=owns_or_manages),
    move("ask_close", "申请结题", S.OPEN, to=S.CLOSING, by=owns, stops=("theme",)),
    move("send_back", "退回再办", S.CLOSING, to=S.OPEN, by=manages, promises=("theme",)),
    stay("postpone", "改期限", S.OPEN, by=manages, extends=("theme",)),
    move("close", "结题", S.OPEN, S.CLOSING, to=S.CLOSED, by=manages, stops=("theme",)),
    move("reopen", "重新立题", S.CLOSED, to=S.OPEN, by=manages, promises=("theme",)),
    topic="cases.theme_event",
    book=live,
    acts_for=acts_for,
)
