"""The cockpit: which figures stand on the wall and on a leader's phone, read together over the open ledger.

Nothing is counted here that is not an indicator or part of one; each number has the address of its rows, and brings along
what it said, so that the page it opens can tell whether it moved. A board is kept for up to a minute and says its cut-off.
Complaints and reports stand in none of it, persons' names neither, and units are not set beside each other.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count

from lianshang.directory.models import Park
from lianshang.indicators import periods, registry, scopes
from lianshang.indicators.periods import IN_PERIOD, THIS_YEAR, TO_DATE, Period
from lianshang.indicators.readings import Reading
from lianshang.indicators.registry import REGISTRY, Indicator
from lianshang.indicators.scopes import Scope

AGE = timedelta(seconds=60)  # how old a reading on the wall may be
EQUATION = ("cases.intake", "cases.in_time", "cases.lawfully_open", "cases.breaches")
STANDING = ("cases.open", "cases.overdue", "cases.deferred")
OVER_MONTH = ("cases.intake", "cases.closed", "cases.solved", "cases.enterprises")
OVER_YEAR = ("cases.sign_rate", "cases.handle_rate", "cases.feedback_rate", "cases.satisfaction")
OF_BODIES = ("organizations.own", "organizations.coverage", "organizations.work_coverage")
MONTHS = 6  # of the line of whistles
THEMES, RECURS = 5, 3  # how many categories, and how often one came to be named
INTAKE = "cases.intake"


@dataclass(frozen=True)
class Tile:
    """One number: `value` as printed, `size` in thousandths of the largest beside it (bars alone), `note` beneath."""

    label: str
    value: str
    unit: str
    url: str
    note: str = ""
    size: int = 0


@dataclass(frozen=True)
class Board:
    """What stands on the wall, as of `at`; `groups` are (heading, tiles)."""

    at: datetime
    year: Period
    equation: tuple[Tile, ...]
    groups: tuple[tuple[str, tuple[Tile, ...]], ...]
    months: tuple[Tile, ...]
    themes: tuple[Tile, ...]


_KEPT: dict[tuple[int, str], Board] = {}


def board(park: Park, at: datetime) -> Board:
    """Return the park's board, at most `AGE` old. `park.whistle_token` tells parks of one number apart."""
    name = (park.pk, park.whistle_token)
    kept = _KEPT.get(name)
    if kept is None or not timedelta() <= at - kept.at < AGE:
        kept = _KEPT[name] = read(park, at)
    return kept


def read(park: Park, at: datetime) -> Board:
    """Read the board anew: one question for all figures, one for the themes."""
    scope = scopes.now(park, None, at)
    year, month, day = (_period(kind, scope) for kind in (THIS_YEAR, IN_PERIOD, TO_DATE))
    asked = [
        *((key, year) for key in EQUATION), *((key, day) for key in (*STANDING, *OF_BODIES)),
        *((key, month) for key in OVER_MONTH), *((key, year) for key in OVER_YEAR),
        *((INTAKE, one) for one in _months(month)),
    ]  # fmt: skip
    readings = [REGISTRY[key].measure(scope, over) for key, over in asked]
    registry.gather(readings)
    tiles = [_tile(REGISTRY[key], over, one) for (key, over), one in zip(asked, readings, strict=True)]
    take = iter(tiles)
    equation, standing, bodies, flows, rates, line = (
        tuple(next(take) for _ in part)
        for part in (EQUATION, STANDING, OF_BODIES, OVER_MONTH, OVER_YEAR, range(MONTHS))
    )
    groups = (("此刻", standing), (month.label, flows), ("今年以来", rates), ("链上组织", bodies))
    named = tuple(replace(tile, label=f"{one.first:%-m月}") for tile, one in zip(line, _months(month), strict=True))
    return Board(at, year, equation, groups, _sized(named), _themes(readings[0], year))


def _period(kind: str, scope: Scope) -> Period:
    return periods.of_kind(kind, scope.today, began_on=scope.today)


def _months(last: Period) -> list[Period]:
    """Return the last months, the earliest first."""
    found = [last]
    while len(found) < MONTHS:
        found.insert(0, periods.month(found[0].first - timedelta(days=1)))
    return found


def _tile(one: Indicator, over: Period, reading: Reading) -> Tile:
    value = registry.shown(one, reading.value)
    unit = one.unit if reading.value is not None else ""
    share = f"{reading.rows_count} ÷ {reading.of_count}" if reading.of is not None else ""
    return Tile(one.label, value, unit, registry.address(one.key, over, was=value), share)


def _themes(intake: Reading, year: Period) -> tuple[Tile, ...]:
    """Return the categories that came most often this year: parts of the year's intake, opened by narrowing it."""
    rows = (
        intake.evidence.exclude(category="").order_by().values("category").annotate(n=Count("pk")).filter(n__gte=RECURS)
    )
    found = rows.order_by("-n", "category").values_list("category", "n")[:THEMES]
    return _sized(tuple(
        Tile(name, f"{count}", "件", registry.address(INTAKE, year, category=name, was=f"{count}")) for name, count in found
    ))  # fmt: skip


def _sized(tiles: tuple[Tile, ...]) -> tuple[Tile, ...]:
    """Give each bar its size; bars begin at nought."""
    most = max((Decimal(tile.value) for tile in tiles), default=Decimal(0)) or Decimal(1)
    return tuple(replace(one, size=int(1000 * Decimal(one.value) / most)) for one in tiles)
