"""The parts of a mechanism profile (机制方案) as frozen values: what a park promises, never how it is stored or shown.

Nothing here knows a subject. The names of duties, parties and counts come with a `Vocabulary` from the subject
that uses them. `None` and empty mean that the mechanism does not say it; nothing is filled in from elsewhere
except the four things every case needs: receipt, kinds, urgencies and the near rule.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lianshang.kernel.profile_limits import Duty, Limit, Span

RECEIPTS = ("as-received", "next-working-day")
MOMENTS = ("before", "near", "at", "after")
LEVELS = ("提醒", "催办", "督办", "约谈")
ANY_DUTY = "any"

DEFAULT_KINDS, DEFAULT_KIND = ("咨询", "一般", "复杂"), "一般"
DEFAULT_URGENCIES, DEFAULT_URGENCY = ("普通", "紧急"), "普通"
_LAST_DAY = Span(1, "working-days")


class Count(NamedTuple):
    """A number that a rate may be made of. Only counts of the same `thing` can be divided by each other."""

    label: str
    thing: str


@dataclass(frozen=True)
class Vocabulary:
    """The closed lists a profile may draw on. An empty `parties` or `counts` leaves that list open."""

    duties: Mapping[str, str]
    parties: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, Count] = field(default_factory=dict)
    lead: str = "handle"  # the duty whose deadline before-lead limits are counted back from
    deciders: tuple[str, ...] = ()  # parties that may approve, rule and have cases brought up to them; empty: any
    extensible: tuple[str, ...] = ()  # duties that an extension may be about; empty: any

    def duty(self, name: str) -> str:
        return self.duties.get(name, name)

    def party(self, name: str) -> str:
        return self.parties.get(name, name)

    def count(self, name: str) -> str:
        return self.counts[name].label if name in self.counts else name


@dataclass(frozen=True, slots=True)
class Extension:
    """`at_most` bounds one extension, `total` the whole limit with its extensions. `times` None: not bounded.

    Asked for no earlier than `earliest` and no later than `latest` before the deadline. `approver` grants it,
    `beyond` grants what goes past the bounds; empty: not said, and past the bounds: nobody. `kinds` empty: all.
    """

    duty: str
    times: int | None = None
    at_most: Span | None = None
    total: Span | None = None
    earliest: Span | None = None
    latest: Span | None = None
    approver: str = ""
    beyond: str = ""
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Return:
    """退单. `times` is per unit and case (None: not bounded); asked for while the clock `window` runs."""

    window: str
    times: int | None = None
    ruled_by: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    cause: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Rework:
    """How often a case is sent back to be done again; once more than that, it goes up to `escalate_to`."""

    times: int
    escalate_to: str


@dataclass(frozen=True, slots=True)
class Callback:
    attempts: int


@dataclass(frozen=True, slots=True)
class Deferral:
    """挂账: who approves it, how often it is looked at again, how far ahead the promised date may lie at most."""

    approver: str = ""
    review_every: Span | None = None
    at_most: Span | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """临期: this share of the limit is used up, or no more than `remaining` is left, whichever comes earlier."""

    fraction: float = 0.8
    remaining: Span | None = _LAST_DAY


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder. `moment` before/after the deadline by `by`; `at` it; `near`: when it turns 临期."""

    duty: str
    moment: str
    by: Span | None
    level: str
    reach: tuple[str, ...]

    @property
    def when(self) -> str:
        return f"{self.by.phrase} {self.moment} due" if self.by else f"{self.moment} due"


@dataclass(frozen=True, slots=True)
class Rate:
    key: str
    label: str
    numerator: str
    denominator: str
    note: str = ""


@dataclass(frozen=True)
class Profile:
    """One mechanism. Two profiles that say the same are equal and have the same digest."""

    name: str
    label: str
    basis: str = ""
    receipt: str = "as-received"
    kinds: tuple[str, ...] = DEFAULT_KINDS
    default_kind: str = DEFAULT_KIND
    urgencies: tuple[str, ...] = DEFAULT_URGENCIES
    default_urgency: str = DEFAULT_URGENCY
    duties: tuple[Duty, ...] = ()
    extension: Extension | None = None
    returns: Return | None = None
    pauses: tuple[Pause, ...] = ()
    rework: Rework | None = None
    callback: Callback | None = None
    deferral: Deferral | None = None
    near: Near = Near()
    ladder: tuple[Rung, ...] = ()
    rates: tuple[Rate, ...] = ()
    vocabulary: Vocabulary = field(default=Vocabulary({}), compare=False, repr=False)

    def duty(self, name: str) -> Duty | None:
        return next((duty for duty in self.duties if duty.name == name), None)

    def limit(self, duty: str, kind: str = "", urgency: str = "") -> Limit | None:
        """The limit in force, None: no clock. Empty means the default; a kind unknown here has the plain limit."""
        found = self.duty(duty)
        return found.limit_for(kind or self.default_kind, urgency or self.default_urgency) if found else None

    def rungs(self, duty: str) -> tuple[Rung, ...]:
        return tuple(rung for rung in self.ladder if rung.duty in (ANY_DUTY, duty))

    @property
    def document(self) -> str:
        """The canonical text: JSON with sorted keys. `load` reads it back to an equal profile."""
        return json.dumps(to_document(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical text, in hex."""
        return hashlib.sha256(self.document.encode()).hexdigest()


def to_document(profile: Profile) -> dict[str, Any]:
    """The profile as the plain mapping that a profile file holds, keys in the order of the documentation."""
    plain = {key: getattr(profile, key) for key in ("name", "label", "basis", "receipt")}
    plain |= {"kinds": list(profile.kinds), "default_kind": profile.default_kind}
    plain |= {"urgencies": list(profile.urgencies), "default_urgency": profile.default_urgency}
    sections = {
        "duties": {duty.name: _duty_document(duty) for duty in profile.duties},
        "extension": _extension_document(profile.extension) if profile.extension else None,
        "return": _plain(profile.returns),
        "pauses": [_plain(pause) for pause in profile.pauses],
        "rework": _plain(profile.rework),
        "callback": _plain(profile.callback),
        "deferral": _plain(profile.deferral),
        "near": _plain(profile.near),
        "ladder": [_rung_document(rung) for rung in profile.ladder],
        "rates": [_plain(rate) for rate in profile.rates],
    }
    return {key: value for key, value in (plain | sections).items() if value not in (None, "", [], {})}


def _plain(part: Any) -> dict[str, Any] | None:
    """A flat part as a mapping, without what it does not say."""
    if part is None:
        return None
    values = {name: getattr(part, name) for name in part.__dataclass_fields__}
    kept = {name: value for name, value in values.items() if value not in (None, "", ())}
    return {name: _scalar(value) for name, value in kept.items()}


def _scalar(value: Any) -> Any:
    if isinstance(value, Span):
        return value.phrase
    return list(value) if isinstance(value, tuple) else value


def _duty_document(duty: Duty) -> str | dict[str, Any]:
    if not duty.specials:
        return duty.limit.phrase if duty.limit else "no limit"
    document: dict[str, Any] = {"limit": duty.limit.phrase} if duty.limit else {}
    for special in duty.specials:
        phrase = special.limit.phrase if special.limit else "no limit"
        if special.kind and special.urgency:
            document.setdefault("by_kind_and_urgency", {}).setdefault(special.kind, {})[special.urgency] = phrase
        elif special.kind:
            document.setdefault("by_kind", {})[special.kind] = phrase
        else:
            document.setdefault("by_urgency", {})[special.urgency] = phrase
    return document


def _extension_document(extension: Extension) -> dict[str, Any]:
    document = _plain(extension) or {}
    asking = {key: document.pop(key) for key in ("earliest", "latest") if key in document}
    return document | ({"ask_before": asking} if asking else {})


def _rung_document(rung: Rung) -> dict[str, Any]:
    return {"duty": rung.duty, "when": rung.when, "level": rung.level, "reach": list(rung.reach)}
