"""What a receipt tells whoever holds its code: what happened, who answers, what is promised until when, what may be done.

Only what the flow's table says is told (`told`) is told, in its words. Of a sealed case a receipt names no person, no
unit but the office, and repeats nothing that was handed in: a receipt may be seen by the wrong eyes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from lianshang.cases import codes, openings, promises, recusal
from lianshang.cases.flow import FLOW
from lianshang.cases.models import Assignment, Case, CaseEvent, CaseFile
from lianshang.cases.services.complaints import split_cases
from lianshang.cases.states import ENDED, OPEN, CloseType, Grade, State
from lianshang.directory import actors
from lianshang.directory.models import Person, Post, PostQuerySet, Role, Unit
from lianshang.enterprises import contact_persons
from lianshang.kernel.events import Event

ACTS = ("confirm", "reject", "supplement", "ask_recusal", "urge", "withdraw")  # what a receipt offers, in this order
QUOTED = ("refuse", "redirect", "relay", "record_closed")  # told in whole though the sentence does not lead up to it
ASIDE = ("ask_reporter", "open_identity", "deny_recusal")  # told in the course, and no answer to the matter
URGE_AGAIN = timedelta(hours=4)
SOMEBODY = "承办单位"


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call: in what capacity, who, of which unit. `phone` is empty where none is known."""

    role: str
    unit: str
    name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """One thing that the enterprise was told, or said: as the timeline component draws it."""

    sentence: str
    at: datetime
    who: str
    quote: str = ""
    files: Sequence[dict[str, object]] = ()
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    case: Case
    code: str
    now: str
    steps: list[dict[str, object]]
    contact: Contact
    companion: Contact | None
    words: list[Word] = field(default_factory=list)  # newest first
    latest: Word | None = None  # the newest word of those who handle it, quoted
    offers: tuple[str, ...] = ()
    ending: str = ""
    asks: Word | None = None  # the question that waits for the reporter's answer
    taken_out: tuple[str, ...] = ()  # codes of open cases taken out of a sealed one

    @property
    def decides(self) -> bool:
        return "confirm" in self.offers


def receipt(case: Case, *, at: datetime) -> Receipt:
    """Return all of it at that moment. Needs the park's scope; five queries and a few for people."""
    events = list(case.events.select_related("unit", "actor", "actor_unit"))
    files = files_of(case)
    askers = openings.askers(events) if case.sealed else {}
    words = [
        word(event, case, files, askers.get(event.pk, ""))
        for event in reversed(events)
        if FLOW.transitions[event.verb].told
    ]
    said = [one for one, event in zip(words, _told(events), strict=True) if one.quote and _answers(event)]
    line = promises.Line(case, events, at)
    return Receipt(
        case=case,
        code=codes.public_code(case.park, case),
        now=line.now(),
        steps=line.steps(),
        contact=contact(case, at),
        companion=companion(case, at),
        words=words,
        latest=said[0] if said else None,
        offers=offers(case),
        ending=ending(case),
        asks=_question(events, words) if case.sealed else None,
        taken_out=tuple(codes.public_code(case.park, one) for one in split_cases(case)),
    )


def _question(events: Sequence[CaseEvent], words: Sequence[Word]) -> Word | None:
    """Return the newest question to the reporter, until it is answered."""
    told = zip(_told(events), words, strict=True)
    for event, one in told:
        if event.verb == "supplement" and event.by == Event.By.HOLDER:
            return None
        if event.verb == "ask_reporter":
            return one
    return None


def _answers(event: CaseEvent) -> bool:
    """Whether it is a word of those who handle the matter, and about the matter."""
    return event.by != Event.By.HOLDER and event.verb not in ASIDE


def _told(events: Sequence[CaseEvent]) -> Iterable[CaseEvent]:
    return (event for event in reversed(events) if FLOW.transitions[event.verb].told)


def offers(case: Case) -> tuple[str, ...]:
    """Return what the holder may do now, in the order of `ACTS`."""
    holder = actors.holder(case.park, case.pk)
    open_now = {move.name for move in FLOW.offered(case, holder)}
    if recusal.waiting(case):
        open_now.discard("ask_recusal")
    return tuple(name for name in ACTS if name in open_now)


def word(event: CaseEvent, case: Case, files: Sequence[CaseFile] = (), asker: str = "") -> Word:
    """Return the event in the words that the flow's table has for the enterprise. `asker`: who may look, by role."""
    sentence = FLOW.transitions[event.verb].told.format(
        unit=_unit(event, case), due=_day(event.due_at), decider=event.cause or "综合党委",
        asker=asker, until=f"{timezone.localtime(event.at + openings.OPEN_FOR):%-m月%-d日 %H:%M}", reason=event.note,
    )  # fmt: skip
    own = event.by == Event.By.HOLDER
    quote = _quote(event, case, sentence, own=own)
    if sentence.endswith("："):
        sentence = sentence[:-1].removesuffix("，原因").removesuffix("，理由") + "。"
    return Word(
        sentence=f"{sentence}{_facts(event)}",
        at=event.at,
        who=_who(event, case, own=own),
        quote=quote,
        files=[
            {"name": file.name, "size": file.stored.size, "position": position}
            for position, file in enumerate(files, 1)
            if file.event_id == event.pk and not (own and case.sealed)
        ],
    )


def _quote(event: CaseEvent, case: Case, sentence: str, *, own: bool) -> str:
    """What was written, where it was written for the enterprise; its own words too, unless the case is sealed."""
    if own:
        return "" if case.sealed or event.verb == "register" else event.note
    return event.note if sentence.endswith("：") or event.verb in QUOTED else ""


def _facts(event: CaseEvent) -> str:
    """How it was answered, by what rule, where else to go."""
    facts = []
    if event.verb == "answer" and event.close_type:
        facts.append(f"办理结果：{CloseType(event.close_type).label}。")
    if event.reference and event.verb in ("answer", "refuse", "redirect"):
        facts.append(f"{'依据' if event.verb == 'answer' else '去向'}：{event.reference.rstrip('。')}。")
    if event.grade in Grade.values and event.by == Event.By.HOLDER:
        facts.append(f"您的评价：{Grade(event.grade).label}。")
    return "".join(facts)


def _unit(event: CaseEvent, case: Case) -> str:
    return SOMEBODY if case.sealed or event.unit is None else event.unit.name


def _who(event: CaseEvent, case: Case, *, own: bool) -> str:
    if own:
        return "您"
    if case.sealed or event.by == Event.By.SYSTEM:
        return "办理方" if case.sealed else "综合党委办公室"
    return str(event.actor_unit or "综合党委办公室")


def _day(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%-m月%-d日}" if moment else "另行告知的日期"


def files_of(case: Case) -> list[CaseFile]:
    """Return the files that the holder may open: its own, and those that came with a word told to it."""
    told = [name for name, move in FLOW.transitions.items() if move.told]
    return list(case.files.filter(event__verb__in=told).select_related("stored", "event").order_by("pk"))


# -- who answers --------------------------------------------------------------------------------------------------


def contact(case: Case, at: datetime) -> Contact:
    """Return who is responsible now: the office until it is dispatched, then the lead unit and whoever handles it."""
    if case.sealed:
        return sealed_contact(at)
    part = case.assignments.filter(part=Assignment.Part.LEAD).select_related("unit", "handled_by").last()
    if part is None or (case.state not in OPEN and case.state != State.CLOSED):
        return office_contact(at)
    person = part.handled_by
    role = "主办单位，经办人" if person else "主办单位"
    return Contact(role, part.unit.name, str(person or ""), (person and person.phone) or part.unit.phone)


def office_contact(at: datetime) -> Contact:
    office = Unit.objects.filter(kind=Unit.Kind.OFFICE).first()
    name = office.name if office else "综合党委办公室"
    return Contact("受理派单", name, "", (office.phone if office else "") or _phone(Role.DISPATCHER, at))


def sealed_contact(at: datetime) -> Contact:
    """The officer for complaints and reports, by capacity and never by name."""
    post = officers(at).first()
    unit = post.unit if post else None
    return Contact(
        "专人办理，对外保密", "投诉举报专办员", "", (unit.phone if unit else "") or _phone(Role.COMPLAINTS_OFFICER, at)
    )


def officers(at: datetime) -> PostQuerySet:
    """Return the posts of those who handle complaints and reports on that day."""
    day = timezone.localtime(at).date()
    return Post.objects.in_force(day).filter(role=Role.COMPLAINTS_OFFICER).select_related("unit").order_by("pk")


def _phone(role: str, at: datetime) -> str:
    """Return the telephone of whoever holds the role, for units that have none."""
    people = Person.objects.filter(posts__in=Post.objects.in_force(timezone.localtime(at).date()).filter(role=role))
    person = people.exclude(phone="").order_by("pk").first()
    return person.phone if person else ""


def companion(case: Case, at: datetime) -> Contact | None:
    """Return the enterprise's dedicated contact person, if it has one; who stands in while that one is away."""
    on_call = contact_persons.on_call(case.enterprise_id, at=at) if case.enterprise_id and not case.sealed else None
    if on_call is None:
        return None
    capacity = f"贵企业的专属联系人，代{on_call.stands_for}" if on_call.stands_for else "贵企业的专属联系人"
    return Contact(capacity, on_call.person.title, on_call.person.name, on_call.person.phone)


def ending(case: Case) -> str:
    """How it ended, in one sentence; empty while it goes on."""
    if case.state not in ENDED:
        return ""
    grade = f"您的评价：{Grade(case.grade).label}。" if case.grade else ""
    return f"{CloseType(case.close_type).label}。{grade}"
