"""What a time limit is, and which one a duty has for a kind and an urgency. Counting it is `deadlines.due`'s work."""

from dataclasses import dataclass

UNIT_WORDS = {
    "minutes": "分钟",
    "hours": "小时",
    "days": "天",
    "working-minutes": "个工作分钟",
    "working-hours": "个工作小时",
    "working-days": "个工作日",
}
UNITS = tuple(UNIT_WORDS)
FORMS = ("period", "same-day", "promise", "monthly", "before-lead")


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time, counted as `lianshang due` counts it."""

    n: int
    unit: str

    @property
    def phrase(self) -> str:
        """How the profile file spells it: 5 working-days."""
        return f"{self.n} {self.unit}"

    def __str__(self) -> str:
        """How people say it: 5 个工作日."""
        return f"{self.n} {UNIT_WORDS[self.unit]}"


@dataclass(frozen=True, slots=True)
class Limit:
    """One time limit. `form` says which fields count.

    period: n, unit · same-day: none · promise: none · monthly: day · before-lead: n, unit, at_least (in `unit`).
    `or_promise` (period, same-day): whoever cannot keep it promises a date inside it, and the promise then binds.
    """

    form: str
    n: int = 0
    unit: str = ""
    day: int = 0
    at_least: int = 0
    or_promise: bool = False

    @property
    def span(self) -> Span | None:
        return Span(self.n, self.unit) if self.form == "period" else None

    @property
    def phrase(self) -> str:
        """How the profile file spells it, in its one canonical form."""
        phrase = {
            "period": f"{self.n} {self.unit}",
            "same-day": "same day",
            "promise": "promise a date",
            "monthly": f"monthly by day {self.day}",
            "before-lead": f"lead deadline minus {self.n} {self.unit}, at least {self.at_least}",
        }[self.form]
        return f"{phrase}, or promise a date" if self.or_promise else phrase

    def __str__(self) -> str:
        """How people say it: 5 个工作日内."""
        measure = UNIT_WORDS.get(self.unit, "")
        words = {
            "period": f"{self.n} {measure}内",
            "same-day": "当日",
            "promise": "按承诺的日期",
            "monthly": f"每月 {self.day} 日前",
            "before-lead": f"主办期限前 {self.n} {measure}，至少留 {self.at_least} {measure}",
        }[self.form]
        return f"{words}，办不成的承诺日期" if self.or_promise else words


@dataclass(frozen=True, slots=True)
class Special:
    """A limit of its own for a kind, an urgency or both. `limit` None: no clock for these."""

    kind: str | None
    urgency: str | None
    limit: Limit | None

    @property
    def weight(self) -> int:
        """Most specific wins: kind and urgency, then kind, then urgency."""
        return 2 * (self.kind is not None) + (self.urgency is not None)

    def fits(self, kind: str, urgency: str) -> bool:
        return self.kind in (None, kind) and self.urgency in (None, urgency)


@dataclass(frozen=True, slots=True)
class Duty:
    name: str
    limit: Limit | None = None
    specials: tuple[Special, ...] = ()

    def limit_for(self, kind: str, urgency: str) -> Limit | None:
        fitting = [special for special in self.specials if special.fits(kind, urgency)]
        return max(fitting, key=lambda special: special.weight).limit if fitting else self.limit

    @property
    def limits(self) -> tuple[Limit, ...]:
        """Every limit that the duty can have."""
        every = (self.limit, *(special.limit for special in self.specials))
        return tuple(limit for limit in every if limit is not None)
