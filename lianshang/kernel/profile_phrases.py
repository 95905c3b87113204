"""How a profile file writes time: “5 working-days”, “same day”, “monthly by day 20”, “1 working-days before due”."""

import re

from lianshang.kernel.profile_limits import FORMS, UNIT_WORDS, UNITS, Limit, Span
from lianshang.kernel.profile_sources import Findings, Node, shown

LARGEST = 999  # of any unit: more is a slip of the pen
MONTHLY_DAYS = (1, 28)  # days that every month has
FORM_FIELDS = {
    "period": ("n", "unit"),
    "same-day": (),
    "promise": (),
    "monthly": ("day",),
    "before-lead": ("n", "unit", "at_least"),
}
_MAY_PROMISE = ("period", "same-day")
_OR_PROMISE = re.compile(r"(.+?),? or promise a date")
_SPAN = re.compile(r"(\d{1,9}) ?([^\W\d].*)")
_MONTHLY = re.compile(r"monthly by day (\d{1,9})")
_BEFORE_LEAD = re.compile(r"lead deadline minus (\d{1,9}) (\S+?)(?:,? at least (\d{1,9})(?: (\S+))?)?")
_MOMENT = re.compile(r"(.+) (before|after) due")
_HOW = (
    "请写“5 working-days”这样的时长（整数），或 same day（当日）、promise a date（承诺日期）、monthly by day 20（每月 20 日前）、"
    "lead deadline minus 2 working-days, at least 1（主办期限前）"
)


class LimitReader:
    """Reads limits, spans and moments; faults go to `find`."""

    def __init__(self, find: Findings) -> None:
        self.find = find

    def limit(self, node: Node) -> Limit | None:
        if isinstance(node.value, dict):
            return self._written_out(node)
        phrase = _words(node)
        promising = _OR_PROMISE.fullmatch(phrase)
        limit = self._phrase(node, promising[1] if promising else phrase)
        if limit is None or not promising:
            return limit
        return self._promising(node, limit)

    def limit_or_none(self, node: Node) -> Limit | None:
        """A limit, or `no limit` for a kind or urgency that is not clocked."""
        return None if _words(node) == "no limit" else self.limit(node)

    def span(self, node: Node | None) -> Span | None:
        """A plain length of time: “5 working-days” or {n: 5, unit: working-days}."""
        if node is None:
            return None
        if isinstance(node.value, dict):
            fields = self.find.fields(node, ("n", "unit"), required=("n", "unit"))
            return Span(self._n(fields.get("n")), self._unit(fields.get("unit")))
        if found := _SPAN.fullmatch(_words(node)):
            return self._counted(node, found[1], found[2])
        self.find.add(
            node.place, f"看不懂时长“{shown(node)}”。请写成“5 working-days”的样子，单位：{'、'.join(UNITS)}。"
        )
        return None

    def moment(self, node: Node) -> tuple[str, Span | None]:
        """When a rung applies: (before, span), (after, span), (at, None) or (near, None)."""
        phrase = _words(node)
        if phrase in ("at due", "near due"):
            return phrase.split()[0], None
        found = _MOMENT.fullmatch(phrase)
        if found and (parts := _SPAN.fullmatch(found[1])):
            return found[2], self._counted(node, parts[1], parts[2])
        how = "1 working-days before due（到期前）、near due（临期时）、at due（到期时）或 1 working-days after due（超期后）"
        self.find.add(node.place, f"看不懂时点“{shown(node)}”。请写成 {how}。")
        return "at", None

    def _phrase(self, node: Node, phrase: str) -> Limit | None:
        if phrase in ("same day", "same-day"):
            return Limit("same-day")
        if phrase in ("promise a date", "promise"):
            return Limit("promise")
        if found := _MONTHLY.fullmatch(phrase):
            return Limit("monthly", day=self._between(node, int(found[1]), *MONTHLY_DAYS, "每月几日"))
        if found := _BEFORE_LEAD.fullmatch(phrase):
            return self._before_lead(node, *found.groups())
        if found := _SPAN.fullmatch(phrase):
            span = self._counted(node, found[1], found[2])
            return Limit("period", n=span.n, unit=span.unit)
        self.find.add(node.place, f"看不懂时限“{shown(node)}”。{_HOW}。")
        return None

    def _before_lead(self, node: Node, n: str, unit: str, at_least: str | None, same: str | None) -> Limit:
        span = self._counted(node, n, unit)
        if same and _singular(same) != _singular(unit):
            self.find.add(node.place, f"“at least”后的单位应与前面相同（{unit}）。请改成一样的，或只写数字。")
        least = self._between(node, int(at_least or 1), 0, LARGEST, "最少时长")
        return Limit("before-lead", n=span.n, unit=span.unit, at_least=least)

    def _written_out(self, node: Node) -> Limit | None:
        """{form, n, unit, day, at_least, or_promise}: the same limits in fields; `form` left out is a period."""
        form_node = node.value.get("form") if isinstance(node.value, dict) else None
        form = self.find.choice(form_node, FORMS, "period")
        if form not in FORMS:
            return None
        needed = FORM_FIELDS[form]
        known = ("form", *needed, *(("or_promise",) if form in _MAY_PROMISE else ()))
        fields = self.find.fields(node, known, required=[key for key in needed if key != "at_least"])
        return Limit(
            form,
            n=self._n(fields.get("n")) if "n" in needed else 0,
            unit=self._unit(fields.get("unit")) if "unit" in needed else "",
            day=self.find.whole(fields["day"], *MONTHLY_DAYS) if "day" in fields else 0,
            at_least=self._at_least(fields.get("at_least")) if "at_least" in needed else 0,
            or_promise=self.find.truth(fields.get("or_promise")),
        )

    def _promising(self, node: Node, limit: Limit) -> Limit:
        if limit.form not in _MAY_PROMISE:
            self.find.add(node.place, "“or promise a date”只能跟在时长或 same day 后面。请删去后半句。")
        return Limit(limit.form, n=limit.n, unit=limit.unit, or_promise=True)

    def _counted(self, node: Node, n: str, unit: str) -> Span:
        return Span(self._between(node, int(n), 1, LARGEST, "时长"), self._unit_word(node, unit))

    def _between(self, node: Node, value: int, low: int, high: int, what: str) -> int:
        if not low <= value <= high:
            self.find.add(node.place, f"{what}应在 {low} 到 {high} 之间，写的是 {value}。请改正。")
            return low
        return value

    def _n(self, node: Node | None) -> int:
        return self.find.whole(node, 1, LARGEST) if node is not None else 1

    def _at_least(self, node: Node | None) -> int:
        return self.find.whole(node, 0, LARGEST) if node is not None else 1

    def _unit(self, node: Node | None) -> str:
        return self._unit_word(node, self.find.text(node)) if node is not None else UNITS[0]

    def _unit_word(self, node: Node, word: str) -> str:
        """A unit; the singular is understood, a Chinese one is answered with the word to write."""
        word = re.sub(r"[\s_]+", "-", word.strip().lower())
        for unit, chinese in UNIT_WORDS.items():
            if _singular(word) == _singular(unit):
                return unit
            if word in (chinese, chinese.removeprefix("个")):
                self.find.add(node.place, f"单位“{word}”请写成 {unit}。")
                return unit
        if word:
            self.find.add(node.place, f"不认识单位“{word}”。可以写：{'、'.join(UNITS)}。")
        return UNITS[0]


def _singular(unit: str) -> str:
    return unit.removesuffix("s")


def _words(node: Node) -> str:
    return " ".join(node.raw.lower().split())
