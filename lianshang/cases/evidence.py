"""How the rows behind the figures of cases are listed: cases, clocks and steps, each of which opens its case."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from lianshang.cases import books, masking
from lianshang.cases.access import cases_visible_to
from lianshang.cases.flow import FLOW
from lianshang.cases.models import Case, CaseClock, CaseEvent
from lianshang.cases.states import Channel, Grade
from lianshang.directory.models import Unit
from lianshang.enterprises.models import Enterprise
from lianshang.indicators.evidence import Line, Narrowing, Sheet, declare
from lianshang.indicators.scopes import Scope
from lianshang.kernel.models import ProfileVersion

HEADINGS = ("受理编号", "诉求", "企业", "主办单位")
MOST = 500  # enterprises to choose among
YEAR = timedelta(days=366)
BESIDE = ("enterprise", "lead_unit")


def _units(scope: Scope) -> Iterable[tuple[str, str]]:
    units = Unit.objects.exclude(kind=Unit.Kind.OFFICE).order_by("kind", "code")
    return ((code, name) for code, name in units.values_list("code", "name"))


def _enterprises(scope: Scope) -> Iterable[tuple[str, str]]:
    return ((code, name) for code, name in Enterprise.objects.order_by("code").values_list("code", "name")[:MOST])


def _channels(scope: Scope) -> Iterable[tuple[str, str]]:
    return [(one.value, str(one.label)) for one in Channel]


def _kinds(scope: Scope) -> Iterable[tuple[str, str]]:
    version = ProfileVersion.objects.filter(profile__is_current=True).order_by("-number").first()
    return [(one, one) for one in books.profile_of(version.pk).kinds] if version else []


def _categories(scope: Scope) -> Iterable[tuple[str, str]]:
    """The words of the last year's cases, as far as the reader has them."""
    found = cases_visible_to(scope.reader) if scope.reader else Case.objects.open_ledger()
    rows = found.filter(registered_at__gt=scope.at - YEAR, registered_at__lte=scope.at).exclude(category="")
    words = rows.order_by("category").values_list("category", flat=True).distinct()[:MOST]
    return [(word, word) for word in words]


def _narrowings(prefix: str = "") -> tuple[Narrowing, ...]:
    return (
        Narrowing("unit", "主办单位", f"{prefix}lead_unit__code", _units),
        Narrowing("limits", "限时类别", f"{prefix}kind", _kinds),
        Narrowing("channel", "来源渠道", f"{prefix}channel", _channels),
        Narrowing("enterprise", "企业", f"{prefix}enterprise__code", _enterprises),
        Narrowing("category", "诉求类型", f"{prefix}category", _categories),
    )


def _of_case(case: Case) -> tuple[str, ...]:
    whose = "匿名" if case.anonymous else case.whose
    return case.number, case.title, whose, case.lead_unit.name if case.lead_unit else ""


def _cases(rows: Sequence[Case], scope: Scope) -> list[Line]:
    return [
        Line(
            case.get_absolute_url(),
            (
                *_of_case(case),
                case.get_channel_display(),
                case.registered_at,
                case.get_state_display(),
                case.closed_at or "",
            ),
        )
        for case in rows
    ]


def _clocks(rows: Sequence[CaseClock], scope: Scope) -> list[Line]:
    return [
        Line(
            clock.subject.get_absolute_url(),
            (
                *_of_case(clock.subject),
                clock.label,
                clock.unit.name if clock.unit else "全体",
                clock.due_at,
                _done(clock),
            ),
        )
        for clock in rows
    ]


def _done(clock: CaseClock) -> Any:
    if clock.stopped_at is None:
        return "停钟" if clock.paused_at else "还没有办"
    return clock.stopped_at if clock.outcome == CaseClock.Outcome.DONE else "不再计"


def _events(rows: Sequence[CaseEvent], scope: Scope) -> list[Line]:
    return [
        Line(
            event.subject.get_absolute_url(),
            (*_of_case(event.subject), FLOW.transitions[event.verb].label, event.at, _grade(event)),
        )
        for event in rows
    ]


def _grade(event: CaseEvent) -> str:
    return str(Grade(event.grade).label) if event.grade in Grade.values else ""


def _with_case(path: str = "") -> Callable[[QuerySet], QuerySet]:
    """Fetch the case beside the row, without its long texts."""
    wide = [f"{path}{name}" for name in ("text", "search_text")]
    own = [path.removesuffix("__")] if path else []
    return lambda rows: rows.select_related(*own, *(f"{path}{name}" for name in BESIDE)).defer(*wide)


declare(
    Sheet(
        Case, "诉求", (*HEADINGS, "来源", "受理时间", "现在状态", "办结时间"), ("-registered_at", "-id"), ("key",), _cases,
        _with_case(), _narrowings(), masking.text,
    )
)  # fmt: skip
declare(
    Sheet(
        CaseClock, "时限", (*HEADINGS, "事项", "责任单位", "到期", "办成"), ("-due_at", "-id"),
        ("subject__key", "duty", "unit__code", "started_by__ordinal"), _clocks,
        lambda rows: _with_case("subject__")(rows).select_related("unit"), _narrowings("subject__"), masking.text,
    )
)  # fmt: skip
declare(
    Sheet(
        CaseEvent, "步骤", (*HEADINGS, "步骤", "时间", "评价"), ("-at", "-id"), ("subject__key", "ordinal"), _events,
        _with_case("subject__"), _narrowings("subject__"), masking.text,
    )
)  # fmt: skip
