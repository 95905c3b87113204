"""The park's throughput as a linear program: how much output value is possible while some things stand still.

Variables are the activities, as a share of what they do today. Output value is split over an enterprise's activities by
their gross product value. What cannot cross the fence has to be made or brought in as today: no new imports, no new
outside customers. Road and grid goods trade freely. It is a steady state without stocks, by-passes and emergency
imports, so it bounds the loss from above.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lianshang.chain.analysis.balance import Sides, sides
from lianshang.chain.analysis.network import Activity, Network, Park
from lianshang.chain.analysis.programs import Program, Row, level_at, scaled

DUST = 1e-9


@dataclass(frozen=True, slots=True)
class Standby:
    """A unit that stands ready: it may run up to its capacity, and earns nothing of its own."""

    process: str
    capacity: float
    label: str = ""


class Throughput:
    """The program of a park, with stand-by units if any. Built once, asked often."""

    def __init__(self, park: Park, standbys: Iterable[Standby] = ()) -> None:
        self.park = park
        self.ready = tuple(Activity("", unit.process, unit.capacity, 0.0) for unit in standbys)
        self.columns = (*park.activities, *self.ready)
        self.of_enterprise = _columns_of(park.activities)
        self.worth = [*_worth(park), *([0.0] * len(self.ready))]
        self.idle = _idle(park, self.of_enterprise)
        self.now = [1.0 if each.level else 0.0 for each in park.activities] + [0.0] * len(self.ready)
        self.upper = [_upper(park.network, each) for each in self.columns]
        self.rows = _rows(park, self.columns)
        self.rows_of = _rows_of(self.rows)
        self.baseline = sum(self.worth) + sum(self.idle.values())
        self._program: Program | None = None

    @property
    def program(self) -> Program:
        if self._program is None:
            self._program = Program(self.worth, self.upper, self.rows)
        return self._program

    def value(self) -> float:
        """The most that the park puts out with everything running, 万元."""
        return self.program.best() + sum(self.idle.values())

    def value_without(self, enterprise: str) -> tuple[float, list[float]]:
        """The most that is left when the enterprise stops, and how far each activity runs then (1: as today)."""
        return self._without(self.of_enterprise.get(enterprise, []), self.idle.get(enterprise, 0.0))

    def value_without_all(self, enterprises: Iterable[str]) -> float:
        """The most that is left when all of these stop together."""
        known = list(enterprises)
        stopped = [column for code in known for column in self.of_enterprise.get(code, [])]
        return self._without(stopped, sum(self.idle.get(code, 0.0) for code in known))[0]

    def _without(self, stopped: list[int], idle: float) -> tuple[float, list[float]]:
        rest = sum(self.idle.values()) - idle
        if self.is_alone(stopped):
            return sum(self.worth) - sum(self.worth[each] for each in stopped) + rest, self._all_but(stopped)
        for column in stopped:
            self.program.limit(column, 0.0)
        try:
            return self.program.best() + rest, self.program.columns()
        finally:
            for column in stopped:
                self.program.release(column)

    def is_alone(self, stopped: list[int]) -> bool:
        """Whether everybody else can go on exactly as today, which needs no solving."""
        left = dict.fromkeys(stopped, 0.0)
        for at in {at for column in stopped for at in self.rows_of.get(column, ())}:
            row = self.rows[at]
            lost = sum(row.entries[column] * self.now[column] for column in left if column in row.entries)
            level = level_at(row, self.now) - lost
            if level < row.lower - DUST or level > row.upper + DUST:
                return False
        return True

    def _all_but(self, stopped: list[int]) -> list[float]:
        found = list(self.now)
        for column in stopped:
            found[column] = 0.0
        return found


def _columns_of(activities: Iterable[Activity]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for at, activity in enumerate(activities):
        found[activity.enterprise].append(at)
    return dict(found)


def _worth(park: Park) -> list[float]:
    """What each activity contributes to the output value today, 万元."""
    gross = [_gross(park.network, activity) for activity in park.activities]
    whole: dict[str, float] = defaultdict(float)
    running: dict[str, float] = defaultdict(float)
    for activity, value in zip(park.activities, gross, strict=True):
        whole[activity.enterprise] += value
        running[activity.enterprise] += _runs(park.network, activity)
    found = []
    for activity, value in zip(park.activities, gross, strict=True):
        owner = activity.enterprise
        part = value / whole[owner] if whole[owner] else _runs(park.network, activity) / (running[owner] or 1.0)
        found.append(park.enterprises[owner].output_value * part)
    return found


def _runs(network: Network, activity: Activity) -> float:
    return 1.0 if activity.level and not network.fills_header(activity.process) else 0.0


def _gross(network: Network, activity: Activity) -> float:
    """The value of what it puts out; the heat of the header, waste and environment apart.

    What fills the header earns nothing: it may run above today, and the park must not seem to grow by that.
    """
    if network.fills_header(activity.process):
        return 0.0
    total = 0.0
    for flow in network.outputs(activity.process):
        product = network.products[flow.product]
        if not product.swing and product.role not in {"waste", "env"}:
            total += activity.level * flow.coefficient * max(product.price, 0.0)
    return total


def _idle(park: Park, of_enterprise: Mapping[str, list[int]]) -> dict[str, float]:
    """Output value of enterprises that run no process of the catalogue: it comes and goes with them alone."""
    return {
        code: enterprise.output_value
        for code, enterprise in park.enterprises.items()
        if not any(_runs(park.network, park.activities[at]) for at in of_enterprise.get(code, ()))
    }


def _unit(activity: Activity) -> float:
    """How much one of a column is: what runs today, or the capacity of what stands ready."""
    return activity.level or activity.capacity


def _upper(network: Network, activity: Activity) -> float:
    """Fuels may replace each other up to their capacity; everything else runs at most as today."""
    if activity.enterprise and not network.fills_header(activity.process):
        return 1.0 if activity.level else 0.0
    unit = _unit(activity)
    return max(activity.capacity, activity.level) / unit if unit else 0.0


def _rows(park: Park, columns: tuple[Activity, ...]) -> list[Row]:
    today = sides(park.network, park.activities)
    nets: dict[str, Row] = defaultdict(Row)
    references: dict[str, Row] = defaultdict(Row)
    for at, activity in enumerate(columns):
        reference = park.network.processes[activity.process].reference
        for flow in park.network.of_process[activity.process]:
            amount = flow.coefficient * _unit(activity)
            nets[flow.product].add(at, amount if flow.is_output else -amount)
            if not flow.is_output or flow.product == reference:
                references[flow.product].add(at, amount if flow.is_output else -amount)
    return [row for code in nets for row in _of_product(park.network, code, nets[code], references[code], today)]


def _of_product(network: Network, code: str, net: Row, reference: Row, today: Sides) -> list[Row]:
    product = network.products[code]
    made, used = (sum(side.values()) for side in today.get(code, ({}, {})))
    size = max(made, used)
    if product.must_be_treated:
        return [scaled(Row(upper=max(made - used, 0.0), entries=net.entries), size)]
    if not product.is_fenced or product.role in {"raw", "waste", "env"}:
        return []
    rows = [scaled(Row(lower=-max(used - made, 0.0), entries=net.entries), size)]
    if product.role in {"service", "utility"}:
        rows.append(scaled(Row(upper=max(made - used, 0.0), entries=reference.entries), size))
    return rows


def _rows_of(rows: list[Row]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        for column in row.entries:
            found[column].append(at)
    return found
