"""What if: a park with some things changed, and what that moves: balance, findings, output value at risk.

A change is one of the classes below; a scenario is a list of them, applied in order. `apply` never changes its park.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lianshang.chain.analysis.balance import Balance, balances
from lianshang.chain.analysis.findings import Kind, findings
from lianshang.chain.analysis.network import Activity, Enterprise, Network, Park
from lianshang.chain.analysis.throughput import Throughput

NEWCOMER = "＋"  # before the code of what is not in the park yet
MOVED = 1e-6  # of a line's size


class Impossible(ValueError):
    """The change does not fit the park. The text is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Stop:
    enterprise: str

    def apply(self, park: Park) -> Park:
        _known(park.enterprises, self.enterprise, "企业")
        return replace(park, activities=tuple(_stopped(each, self.enterprise) for each in park.activities))


@dataclass(frozen=True, slots=True)
class Resize:
    """Another capacity for an enterprise's process; it runs at the same utilisation, or at the one given."""

    enterprise: str
    process: str
    capacity: float
    utilisation: float | None = None

    def apply(self, park: Park) -> Park:
        there = [each for each in park.activities if (each.enterprise, each.process) == (self.enterprise, self.process)]
        if not there:
            raise Impossible(f"企业“{self.enterprise}”没有工艺“{self.process}”，不能改它的产能。")
        if self.capacity < 0 or (self.utilisation or 0) < 0:
            raise Impossible("产能和开工率不能小于 0。")
        return replace(
            park, activities=tuple(self._resized(each) if each in there else each for each in park.activities)
        )

    def _resized(self, activity: Activity) -> Activity:
        today = activity.level / activity.capacity if activity.capacity else 1.0
        level = self.capacity * (today if self.utilisation is None else self.utilisation)
        return replace(activity, capacity=self.capacity, level=level)


@dataclass(frozen=True, slots=True)
class Attract:
    """A process that comes to the park at a scale; its output value is what it puts out at the catalogue's prices."""

    process: str
    scale: float

    def apply(self, park: Park) -> Park:
        _known(park.network.processes, self.process, "工艺")
        if self.scale <= 0:
            raise Impossible("规模要大于 0。")
        code = f"{NEWCOMER}{self.process}"
        products = park.network.products
        value = sum(
            max(products[flow.product].price, 0.0) * flow.coefficient * self.scale / 10_000
            for flow in park.network.outputs(self.process)
        )
        process = park.network.processes[self.process]
        newcomer = Enterprise(code, f"拟引进：{process.name}", output_value=value, stage=process.stage)
        return replace(
            park,
            enterprises={**park.enterprises, code: newcomer},
            activities=(*park.activities, Activity(code, self.process, self.scale, self.scale)),
        )


@dataclass(frozen=True, slots=True)
class Reprice:
    product: str
    price: float

    def apply(self, park: Park) -> Park:
        _known(park.network.products, self.product, "产品")
        product = replace(park.network.products[self.product], price=self.price)
        network = Network({**park.network.products, self.product: product}, park.network.processes, park.network.flows)
        return replace(park, network=network)


Change = Stop | Resize | Attract | Reprice


@dataclass(frozen=True, slots=True)
class Move:
    """One product's line before and after."""

    before: Balance | None
    after: Balance | None

    @property
    def line(self) -> Balance:
        found = self.after or self.before
        assert found is not None, "a move has a side"  # noqa: S101 made by `compare` alone
        return found

    @property
    def net(self) -> tuple[float, float]:
        return (self.before.net if self.before else 0.0, self.after.net if self.after else 0.0)


@dataclass(frozen=True)
class Outcome:
    """What a scenario moves. Output values in 万元 a year; `at_risk` is what is lost beyond what stops itself."""

    gone: tuple[tuple[str, Kind], ...]
    new: tuple[tuple[str, Kind], ...]
    moves: tuple[Move, ...]
    value_before: float
    value_after: float
    stopped: float

    @property
    def at_risk(self) -> float:
        return max(self.value_before - self.value_after - self.stopped, 0.0)


def applied(park: Park, changes: Sequence[Change]) -> Park:
    """The park with the changes. Raises `Impossible`."""
    for change in changes:
        park = change.apply(park)
    return park


def outcome(park: Park, changes: Sequence[Change], *, model: Throughput | None = None) -> Outcome:
    """What the changes move. `model` is the park's program, kept warm between questions."""
    after = applied(park, changes)
    before_lines, after_lines = balances(park), balances(after)
    told, now = _told(before_lines, park), _told(after_lines, after)
    stopped = {change.enterprise for change in changes if isinstance(change, Stop)}
    return Outcome(
        gone=tuple(each for each in told if each not in now),
        new=tuple(each for each in now if each not in told),
        moves=tuple(_moves(before_lines, after_lines)),
        value_before=park.output_value,
        value_after=_value(park, after, changes, model),
        stopped=sum(park.enterprises[code].output_value for code in stopped if code in park.enterprises),
    )


def _value(park: Park, after: Park, changes: Sequence[Change], model: Throughput | None) -> float:
    """The output value that is possible after the changes, without new imports and without new customers."""
    only = changes[0] if len(changes) == 1 else None
    if isinstance(only, Stop):
        return (model or Throughput(park)).value_without(only.enterprise)[0]
    stopped = {change.enterprise for change in changes if isinstance(change, Stop)}
    others = [change for change in changes if not isinstance(change, Stop)]
    grown = Throughput(_valued(park, applied(park, others)))
    return grown.value_without_all(stopped)


def _valued(park: Park, after: Park) -> Park:
    """Output value goes with the level of an enterprise's activities; prices move the balance's value alone."""
    before = _gross(park)
    now = _gross(replace(after, network=park.network))
    enterprises = {
        code: replace(each, output_value=each.output_value * now[code] / before[code]) if before.get(code) else each
        for code, each in after.enterprises.items()
    }
    return replace(after, enterprises=enterprises)


def _gross(park: Park) -> dict[str, float]:
    found: dict[str, float] = {}
    for activity in park.activities:
        for flow in park.network.outputs(activity.process):
            worth = max(park.network.products[flow.product].price, 0.0) * flow.coefficient * activity.level
            found[activity.enterprise] = found.get(activity.enterprise, 0.0) + worth
    return found


def _told(lines: Mapping[str, Balance], park: Park) -> list[tuple[str, Kind]]:
    return [(each.balance.product.code, each.kind) for each in findings(lines, park.network)]


def _moves(before: Mapping[str, Balance], after: Mapping[str, Balance]) -> list[Move]:
    """The lines that move, by how much of their size."""
    found = []
    for code in dict.fromkeys([*before, *after]):
        left, right = before.get(code), after.get(code)
        if left is None or right is None or _differs(left, right):
            found.append(Move(left, right))
    return found


def _differs(left: Balance, right: Balance) -> bool:
    size = max(left.supply, left.demand, right.supply, right.demand, 1e-12)
    moved = max(abs(left.supply - right.supply), abs(left.demand - right.demand))
    return moved > MOVED * size or left.product.price != right.product.price


def _stopped(activity: Activity, enterprise: str) -> Activity:
    return replace(activity, level=0.0, capacity=0.0) if activity.enterprise == enterprise else activity


def _known(codes: Mapping[str, object], code: str, what: str) -> None:
    if code not in codes:
        raise Impossible(f"没有编号为“{code}”的{what}。")
