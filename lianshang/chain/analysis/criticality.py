"""Who the park hangs by: what is lost when each enterprise stops, and what a stand-by unit would save.

Loss = today's output value − the optimum without the enterprise; knock-on = loss − its own value;
amplification = loss ÷ own value. Only the values are unique; who is hit may differ between equal optima.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lianshang.chain.analysis.network import Park
from lianshang.chain.analysis.throughput import Standby, Throughput

HIT = 1e-6  # of today's value


@dataclass(frozen=True, slots=True)
class Stoppage:
    """What follows when one enterprise stops, 万元 a year."""

    enterprise: str
    name: str
    own: float
    left: float
    loss: float
    whole: float
    hit: tuple[str, ...]

    @property
    def knock_on(self) -> float:
        return self.loss - self.own

    @property
    def loss_share(self) -> float:
        return self.loss / self.whole if self.whole else 0.0

    @property
    def knock_on_share(self) -> float:
        return self.knock_on / self.whole if self.whole else 0.0

    @property
    def amplification(self) -> float | None:
        return self.loss / self.own if self.own else None


@dataclass(frozen=True, slots=True)
class Remedy:
    """A stand-by unit, or several, beside the risk that it takes away. Knock-on in 万元 a year."""

    enterprise: str
    standbys: tuple[Standby, ...]
    before: float
    after: float

    @property
    def avoided(self) -> float:
        return self.before - self.after


def criticality(park: Park, throughput: Throughput | None = None) -> list[Stoppage]:
    """All enterprises, the furthest reaching first."""
    model = throughput or Throughput(park)
    found = [stoppage(model, code) for code in park.enterprises]
    return sorted(found, key=lambda each: (-round(each.knock_on, 6), each.enterprise))


def stoppage(model: Throughput, code: str) -> Stoppage:
    enterprise = model.park.enterprises[code]
    left, columns = model.value_without(code)
    loss = model.baseline - left
    hit = tuple(sorted(_hit(model, columns, without=code)))
    return Stoppage(code, enterprise.name, enterprise.output_value, left, loss, model.baseline, hit)


def _hit(model: Throughput, columns: Sequence[float], *, without: str) -> Iterator[str]:
    for code, owned in model.of_enterprise.items():
        lost = sum(model.worth[at] * (model.now[at] - columns[at]) for at in owned)
        if code != without and lost > HIT * model.park.enterprises[code].output_value:
            yield code


def remedy(park: Park, code: str, standbys: tuple[Standby, ...], *, before: float | None = None) -> Remedy:
    """The enterprise's knock-on with and without the units standing ready."""
    if before is None:
        before = stoppage(Throughput(park), code).knock_on
    return Remedy(code, standbys, before, stoppage(Throughput(park, standbys), code).knock_on)


def remedies(park: Park, code: str) -> list[Remedy]:
    """Units that would take the edge off: a second one of its own processes, or what a known substitute needs.

    Each as large as what the enterprise supplies today; then the best of them with one more. The best comes first;
    what saves nothing is left out.
    """
    before, least = stoppage(Throughput(park), code).knock_on, HIT * max(park.output_value, 1.0)
    units = list(standbys(park, code))
    single = [remedy(park, code, (unit,), before=before) for unit in units]
    found = sorted(single, key=lambda each: each.after)
    if found and found[0].after > HIT * park.output_value:
        first = found[0].standbys
        both = [remedy(park, code, (*first, unit), before=before) for unit in units if unit not in first]
        better = [each for each in both if each.after < found[0].after - least]
        found = sorted([*found, *better], key=lambda each: (each.after, len(each.standbys)))
    return [each for each in found if each.avoided > least]


def standbys(park: Park, code: str) -> Iterator[Standby]:
    """What could stand in for the enterprise: its processes a second time, or a process that makes a substitute."""
    network = park.network
    supplied: dict[str, float] = {}
    for activity in park.activities:
        if activity.enterprise != code or not activity.level or network.fills_header(activity.process):
            continue
        yield Standby(activity.process, activity.level, f"备用{network.processes[activity.process].name}")
        for flow in network.outputs(activity.process):
            supplied[flow.product] = supplied.get(flow.product, 0.0) + activity.level * flow.coefficient
    for substitute in park.substitutes:
        process = network.processes.get(substitute.process)
        if substitute.product in supplied and process and process.reference == substitute.product:
            yield Standby(process.code, supplied[substitute.product], process.name)
