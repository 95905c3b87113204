"""Old records as cases with their whole history: built in memory, as the flow tells it, and stored in few statements.

What happened keeps its own time; that we were told of it now is the recording time. A ledger does not say enough to
know who held a matter when, so a record is either answered and closed, or registered and open, and as late as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from lianshang.cases import apart, books, codes, identities
from lianshang.cases.flow import FLOW
from lianshang.cases.headings import label
from lianshang.cases.identities import Who
from lianshang.cases.ledger_rows import Draft
from lianshang.cases.models import Case, CaseClock, CaseEvent, ImportBatch
from lianshang.cases.states import SEALED, Channel, CloseType, Nature, Way
from lianshang.directory.actors import Actor
from lianshang.enterprises.models import Enterprise
from lianshang.kernel import numbers, search
from lianshang.kernel.book import Book
from lianshang.kernel.models import ProfileVersion
from lianshang.kernel.profiles import Profile

NATURES = {nature.label: nature for nature in Nature}
KEPT = ("unit", "co_units", "channel", "chain", "result", "satisfaction", "due_at", "note")  # said in words, not used


@dataclass
class Setting:
    """What the records of one import have in common. `actor` is the system, on behalf of whoever imports.

    `recorded_at` is when we were told: it decides which calendar edition counts.
    """

    batch: ImportBatch
    version: ProfileVersion
    actor: Actor
    recorded_at: datetime = field(default_factory=timezone.now)
    known: books.Editions = field(default_factory=books.Editions)

    @cached_property
    def profile(self) -> Profile:
        return books.profile_of(self.version.pk)

    @cached_property
    def enterprises(self) -> dict[str, Enterprise]:
        return {enterprise.name: enterprise for enterprise in Enterprise.objects.order_by("-pk")}


@dataclass
class History:
    """One case that is not stored yet, with all that happened to it."""

    case: Case
    book: Book
    setting: Setting
    events: list[CaseEvent] = field(default_factory=list)
    words: dict[int, str] = field(default_factory=dict)  # place of an event → what is kept apart of it

    def tell(self, verb: str, at: datetime, **carried: Any) -> None:
        """Nothing happened before the case was registered: a day without its hour begins at midnight."""
        at = max(at, self.case.registered_at)
        told = FLOW.tell(
            self.case, verb, self.book, actor=self.setting.actor, at=at, recorded_at=self.setting.recorded_at, **carried
        )
        self.events.append(told)
        if words := self.case.__dict__.pop("words_apart", ""):
            self.words[len(self.events) - 1] = words


def history(draft: Draft, setting: Setting) -> History:
    """Return the case of a row, as far as it got. Its number is given when it is stored."""
    case = _case(draft, setting)
    told = History(case, books.opened(case, known=setting.known), setting)
    told.tell("register", draft.asked_at, note=draft.text, reference=place(setting.batch, draft.row))
    if draft.acknowledged:
        told.tell("acknowledge", draft.progress_at or draft.asked_at, note=draft.progress, way=Way.PAGE)
    if words := _kept(draft):
        told.tell("keep_record", draft.asked_at, note=words)
    if draft.answered_at:
        _close(told, draft.answered_at, draft.answer or "")
    return told


def place(batch: ImportBatch, row: int) -> str:
    """Where a record stood: the file and its row."""
    return f"{batch.name[-100:]} 第 {row} 行"


def number(histories: Sequence[History]) -> None:
    """Give every case its number: by year of registration; sealed ones at random, so that no gap betrays them."""
    years: dict[int, list[Case]] = {}
    for case in (told.case for told in histories):
        if case.sealed:
            case.number = f"M-{numbers.random_code(8)}"
        else:
            years.setdefault(case.registered_at.astimezone(case.park.zoneinfo).year, []).append(case)
    for year, cases in sorted(years.items()):
        given = numbers.next_numbers(cases[0].park, codes.OPEN_SERIES, year, len(cases))
        for case, at in zip(cases, given, strict=True):
            case.number = f"{year}-{at:04d}"
    for told in histories:
        told.case.search_text = f"{search.index_text(told.case.number)} {told.case.search_text}"


def store(histories: Sequence[History]) -> None:
    """Write cases, events and clocks. Nothing is owed to the outbox: nobody is told of what is long past."""
    Case.objects.bulk_create(told.case for told in histories)
    CaseEvent.objects.bulk_create(event for told in histories for event in told.events)
    CaseClock.objects.bulk_create(clock for told in histories for clock in told.book.clocks)
    for told in histories:
        if told.case.sealed:
            identities.keep(told.case, told.case.__dict__.pop("who_apart"))
            for place, words in told.words.items():
                identities.keep_saying(told.case, told.events[place], words)


def _case(draft: Draft, setting: Setting) -> Case:
    nature = NATURES.get(draft.nature, Nature.HELP)
    case = Case(
        park=setting.batch.park,
        batch=setting.batch,
        sealed=nature in SEALED,
        nature=nature,
        kind=draft.kind or setting.profile.default_kind,
        urgency=draft.urgency or setting.profile.default_urgency,
        category=draft.category,
        channel=Channel.IMPORT,
        title=draft.title,
        text=draft.text,
        place=draft.location,
        enterprise=setting.enterprises.get(draft.enterprise),
        enterprise_name=draft.enterprise,
        contact_name=draft.contact,
        contact_phone=draft.phone,
        external_number=draft.number,
        registered_at=draft.asked_at,
        profile_version=setting.version,
    )
    case.code_digest = codes.digest(codes.code_of(case))
    if case.sealed:
        _set_apart(case, draft)
    case.search_text = search.index_text(case.title, case.text, case.place, case.whose, case.external_number)
    return case


def _set_apart(case: Case, draft: Draft) -> None:
    """Leave in a sealed case nothing of who said it; `store` locks that up."""
    case.who_apart = Who(draft.enterprise, draft.contact, draft.phone)
    for name, value in apart.neutral(draft.text, draft.location).items():
        setattr(case, name, value)


def _kept(draft: Draft) -> str:
    """What the ledger says besides, in words: it is kept, and nothing is concluded from it."""
    said = [(label("progress"), "" if draft.acknowledged else draft.progress)]
    said += [(label("due" if name == "due_at" else name), _words(getattr(draft, name))) for name in KEPT]
    return "\n".join(f"{name}：{words}" for name, words in said if words)


def _words(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    return "、".join(value) if isinstance(value, tuple) else (value or "")


def _close(told: History, at: datetime, answer: str) -> None:
    ended = {"close_type": CloseType.UNSTATED, "closed_at": max(at, told.case.registered_at)}
    told.tell("record_closed", at, note=answer, way=Way.PAGE, close_type=CloseType.UNSTATED, changes=ended)
