"""From the tree of a profile file to a `Profile`, with every fault on the way. One function for each section."""

import re
from collections.abc import Collection

from lianshang.kernel.profile_limits import Duty, Limit, Span, Special
from lianshang.kernel.profile_phrases import LimitReader
from lianshang.kernel.profile_rates import RateReader
from lianshang.kernel.profile_sources import Node
from lianshang.kernel.profile_values import (
    ANY_DUTY,
    DEFAULT_KIND,
    DEFAULT_KINDS,
    DEFAULT_URGENCIES,
    DEFAULT_URGENCY,
    LEVELS,
    MOMENTS,
    RECEIPTS,
    Callback,
    Deferral,
    Extension,
    Near,
    Pause,
    Profile,
    Return,
    Rework,
    Rung,
    Vocabulary,
)

SECTIONS = (
    *("name", "label", "basis", "receipt", "kinds", "default_kind", "urgencies", "default_urgency", "duties"),
    *("extension", "return", "pauses", "rework", "callback", "deferral", "near", "ladder", "rates"),
)
REVIEW = "defer_review"  # the duty that a deferral's rhythm is the limit of
_NAME = re.compile(r"[\w-]{1,40}")
_BY_KEYS = ("by_kind", "by_urgency", "by_kind_and_urgency")


class ProfileReader:
    """Reads one tree. `find` holds the faults; what is returned is sound only if there are none."""

    def __init__(self, limits: LimitReader, vocabulary: Vocabulary) -> None:
        self.limits, self.find, self.vocabulary = limits, limits.find, vocabulary
        self.kinds: tuple[str, ...] = DEFAULT_KINDS
        self.urgencies: tuple[str, ...] = DEFAULT_URGENCIES
        self.duties: dict[str, Duty] = {}

    def profile(self, root: Node) -> Profile:
        found = self.find.fields(root, SECTIONS, required=("name", "label", "duties"))
        self.kinds = self.find.words(found.get("kinds")) or DEFAULT_KINDS
        self.urgencies = self.find.words(found.get("urgencies")) or DEFAULT_URGENCIES
        self.duties = {duty.name: duty for duty in self._duties(found.get("duties"))}
        deferral = self._deferral(found.get("deferral"))
        return Profile(
            name=self._name(found.get("name")),
            label=self.find.text(found.get("label")),
            basis=self.find.text(found.get("basis")),
            receipt=self.find.choice(found.get("receipt"), RECEIPTS, RECEIPTS[0]),
            kinds=self.kinds,
            default_kind=self._default(found.get("default_kind"), self.kinds, DEFAULT_KIND),
            urgencies=self.urgencies,
            default_urgency=self._default(found.get("default_urgency"), self.urgencies, DEFAULT_URGENCY),
            duties=tuple(self.duties.values()),
            extension=self._extension(found.get("extension")),
            returns=self._return(found.get("return")),
            pauses=tuple(self._pause(item) for item in self.find.items(found.get("pauses"))),
            rework=self._rework(found.get("rework")),
            callback=self._callback(found.get("callback")),
            deferral=deferral,
            near=self._near(found.get("near")),
            ladder=self._ladder(found.get("ladder")),
            rates=RateReader(self.find, self.vocabulary).rates(found.get("rates")),
            vocabulary=self.vocabulary,
        )

    def _name(self, node: Node | None) -> str:
        name = self.find.text(node)
        if node is not None and name and not _NAME.fullmatch(name):
            self.find.add(node.place, f"代号“{name}”只能用字母、数字、“-”和“_”，不超过 40 个字。标题请写在 label。")
        return name

    def _default(self, node: Node | None, options: tuple[str, ...], usual: str) -> str:
        return self.find.choice(node, options, usual if usual in options else options[0])

    # Duties

    def _duties(self, node: Node | None) -> list[Duty]:
        if node is None:
            return []
        named = self.find.fields(node, self.vocabulary.duties)
        if node.value == {}:
            self.find.add(node.place, "至少写一项事项的时限，例如“handle: 5 working-days”。")
        duties = [self._duty(name, named[name]) for name in self.vocabulary.duties if name in named]
        for duty in duties:
            self._check_lead(duty, named)
        return duties

    def _duty(self, name: str, node: Node) -> Duty:
        if isinstance(node.value, dict) and ("limit" in node or any(key in node for key in _BY_KEYS)):
            fields = self.find.fields(node, ("limit", *_BY_KEYS))
            plain = self.limits.limit(fields["limit"]) if "limit" in fields else None
            return Duty(name, plain, tuple(self._specials(fields)))
        return Duty(name, self.limits.limit(node))

    def _specials(self, fields: dict[str, Node]) -> list[Special]:
        specials = [Special(kind, None, limit) for kind, limit in self._by(fields.get("by_kind"), self.kinds)]
        specials += [Special(None, word, limit) for word, limit in self._by(fields.get("by_urgency"), self.urgencies)]
        both = fields.get("by_kind_and_urgency")
        for kind, node in self._entries(both, self.kinds):
            specials += [Special(kind, word, limit) for word, limit in self._by(node, self.urgencies)]
        return specials

    def _entries(self, node: Node | None, options: tuple[str, ...]) -> list[tuple[str, Node]]:
        """In the order of the options, so that two files which say the same are the same profile."""
        fields = self.find.fields(node, options) if node is not None else {}
        return [(word, fields[word]) for word in options if word in fields]

    def _by(self, node: Node | None, options: tuple[str, ...]) -> list[tuple[str, Limit | None]]:
        return [(word, self.limits.limit_or_none(item)) for word, item in self._entries(node, options)]

    def _check_lead(self, duty: Duty, named: dict[str, Node]) -> None:
        lead = self.vocabulary.lead
        if not any(limit.form == "before-lead" for limit in duty.limits):
            return
        if duty.name == lead:
            self.find.add(named[duty.name].place, "“lead deadline”指的就是本项期限，不能从自己倒推。请写明时长。")
        elif lead not in named:
            message = f"没有“{lead}”（{self.vocabulary.duty(lead)}）的时限，无从倒推。请补上，或写明时长。"
            self.find.add(named[duty.name].place, message)

    def _clocked(self, node: Node | None, default: str, section: Node) -> str:
        """A duty that this profile gives a limit."""
        name = self.find.choice(node, self.vocabulary.duties, default)
        if name in self.vocabulary.duties and name not in self.duties:
            place = node.place if node is not None else section.place
            label = self.vocabulary.duty(name)
            self.find.add(place, f"“{name}”（{label}）没有时限，这一条不会起作用。请在 duties 里补上它的时限。")
        return name

    # Windows and ways out

    def _extension(self, node: Node | None) -> Extension | None:
        known = ("duty", "times", "at_most", "total", "ask_before", "approver", "beyond", "kinds")
        fields = self._section(node, known)
        if node is None or fields is None:
            return None
        earliest, latest = self._asking(fields.get("ask_before"))
        extension = Extension(
            duty=self._extensible(fields.get("duty"), node),
            times=self.find.whole(fields["times"], 1, 99) if "times" in fields else None,
            at_most=self.limits.span(fields.get("at_most")),
            total=self.limits.span(fields.get("total")),
            earliest=earliest,
            latest=latest,
            approver=self._decider(fields.get("approver")),
            beyond=self._decider(fields.get("beyond")),
            kinds=self.find.words(fields.get("kinds"), self.kinds),
        )
        self._check_extension(extension, fields)
        return extension

    def _asking(self, node: Node | None) -> tuple[Span | None, Span | None]:
        """`ask_before: 1 working-days` is the latest time; a mapping gives earliest and latest."""
        if node is None or not isinstance(node.value, dict) or "n" in node:
            return None, self.limits.span(node)
        fields = self.find.fields(node, ("earliest", "latest"))
        earliest, latest = (self.limits.span(fields.get(key)) for key in ("earliest", "latest"))
        if _longer(latest, earliest):
            self.find.add(node.place, f"最早在到期前 {earliest}，最迟在到期前 {latest}，前后颠倒。请对调。")
        return earliest, latest

    def _check_extension(self, extension: Extension, fields: dict[str, Node]) -> None:
        duty = self.duties.get(extension.duty)
        for limit in duty.limits if duty else ():
            if extension.total and _longer(limit.span, extension.total):
                message = f"延期后的总时限 {extension.total}比原时限 {limit.span}还短。请改大，或删去 total。"
                self.find.add(fields["total"].place, message)
        plain = duty.limit.span if duty and duty.limit else None
        if plain and extension.latest and (_longer(extension.latest, plain) or extension.latest == plain):
            message = f"最迟要在到期前 {extension.latest}申请，而时限本身只有 {plain}，无法申请。请改小。"
            self.find.add(fields["ask_before"].place, message)

    def _return(self, node: Node | None) -> Return | None:
        fields = self._section(node, ("window", "times", "ruled_by", "final"))
        if node is None or fields is None:
            return None
        return Return(
            window=self._clocked(fields.get("window"), "return_window", node),
            times=self.find.whole(fields["times"], 1, 99) if "times" in fields else None,
            ruled_by=self._decider(fields.get("ruled_by")),
            final=self.find.truth(fields.get("final")),
        )

    def _pause(self, node: Node) -> Pause:
        fields = self.find.fields(node, ("cause", "basis"), required=("cause",))
        return Pause(self.find.text(fields.get("cause")), self.find.text(fields.get("basis")))

    def _rework(self, node: Node | None) -> Rework | None:
        fields = self._section(node, ("times", "escalate_to"), required=("times", "escalate_to"))
        if fields is None:
            return None
        times = self.find.whole(fields["times"], 1, 99) if "times" in fields else 1
        return Rework(times, self._decider(fields.get("escalate_to")))

    def _callback(self, node: Node | None) -> Callback | None:
        fields = self._section(node, ("attempts",), required=("attempts",))
        if fields is None:
            return None
        return Callback(self.find.whole(fields["attempts"], 1, 99) if "attempts" in fields else 1)

    def _deferral(self, node: Node | None) -> Deferral | None:
        fields = self._section(node, ("approver", "review_every", "at_most"))
        if fields is None:
            return None
        every, at_most = (self.limits.span(fields.get(key)) for key in ("review_every", "at_most"))
        if every:
            self._review(fields["review_every"], every)
        return Deferral(self._decider(fields.get("approver")), every, at_most)

    def _review(self, node: Node, every: Span) -> None:
        """The rhythm of the review is the limit of its duty, wherever of the two places it is written."""
        duty = self.duties.get(REVIEW)
        if duty is None and REVIEW in self.vocabulary.duties:
            known = self.duties | {REVIEW: Duty(REVIEW, Limit("period", n=every.n, unit=every.unit))}
            self.duties = {name: known[name] for name in self.vocabulary.duties if name in known}
        elif duty and duty.limit and duty.limit.span != every:
            message = f"{self.vocabulary.duty(REVIEW)}在 duties 里写的是 {duty.limit}，这里是每 {every}。请改成一样的。"
            self.find.add(node.place, message)

    def _near(self, node: Node | None) -> Near:
        fields = self._section(node, ("fraction", "remaining"), required=("fraction",))
        if fields is None:
            return Near()
        fraction = fields["fraction"].value if "fraction" in fields else Near().fraction
        if not isinstance(fraction, float) or not 0 < fraction < 1:
            self.find.add(fields["fraction"].place, "已用比例应写 0 与 1 之间的小数，例如 0.8。")
            fraction = Near().fraction
        return Near(fraction, self.limits.span(fields.get("remaining")))

    def _section(
        self, node: Node | None, known: Collection[str], required: Collection[str] = ()
    ) -> dict[str, Node] | None:
        """The fields of a section; None where it is left out or is no mapping, which is one fault and enough."""
        if node is None:
            return None
        fields = self.find.fields(node, known, required)
        return fields if isinstance(node.value, dict) else None

    def _decider(self, node: Node | None) -> str:
        """One who may decide; whoever may not (any more) is left out, so that the committee's office decides."""
        options = self.vocabulary.deciders or self.vocabulary.parties
        word = self.find.choice(node, options)
        return word if not options or word in options else ""

    def _extensible(self, node: Node | None, section: Node) -> str:
        duty = self._clocked(node, self.vocabulary.lead, section)
        if node is not None and duty in self.vocabulary.duties and self.vocabulary.extensible:
            self.find.choice(node, self.vocabulary.extensible)
        return duty

    # Ladder

    def _ladder(self, node: Node | None) -> tuple[Rung, ...]:
        rungs: list[Rung] = []
        for item in self.find.items(node):
            rung = self._rung(item)
            if any((rung.duty, rung.when, rung.level) == (other.duty, other.when, other.level) for other in rungs):
                self.find.add(item.place, "同一事项、同一时点、同一级别已有一条。请合并两条的 reach。")
            rungs.append(rung)
        return tuple(rungs)

    def _rung(self, node: Node) -> Rung:
        known = ("duty", "when", "level", "reach")
        fields = self.find.fields(node, known, required=("when", "level", "reach"))
        duty = fields.get("duty")
        named = ANY_DUTY if duty is None or duty.raw == ANY_DUTY else self._clocked(duty, ANY_DUTY, node)
        moment, by = self.limits.moment(fields["when"]) if "when" in fields else (MOMENTS[2], None)
        level = self.find.choice(fields.get("level"), LEVELS)
        return Rung(named, moment, by, level, self.find.words(fields.get("reach"), self.vocabulary.parties))


def _longer(one: Span | None, other: Span | None) -> bool:
    """Whether one is longer, as far as two spans of the same unit can be compared."""
    return one is not None and other is not None and one.unit == other.unit and one.n > other.n
