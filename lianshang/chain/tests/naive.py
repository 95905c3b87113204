"""The same questions answered the long way, straight from the rules' wording, to compare with."""

from lianshang.chain.analysis.network import Park
from lianshang.chain.analysis.programs import Program
from lianshang.chain.analysis.throughput import Throughput

EPSILON = 1e-3


def supply(park: Park, product: str, *, full: bool = False) -> float:
    return _sum(park, product, is_output=True, full=full)


def demand(park: Park, product: str, *, full: bool = False) -> float:
    return _sum(park, product, is_output=False, full=full)


def _sum(park: Park, product: str, *, is_output: bool, full: bool) -> float:
    return sum(
        (activity.capacity if full else activity.level) * flow.coefficient
        for activity in park.activities
        for flow in park.network.flows
        if flow.process == activity.process and flow.product == product and flow.is_output == is_output
    )


def parts(park: Park, product: str, *, is_output: bool) -> dict[str, float]:
    """By enterprise; only those with something."""
    found = {}
    for code in park.enterprises:
        own = Park(park.network, park.enterprises, tuple(each for each in park.activities if each.enterprise == code))
        if quantity := _sum(own, product, is_output=is_output, full=False):
            found[code] = quantity
    return found


def findings(park: Park) -> set[tuple[str, str]]:
    touched = {flow.product for each in park.activities for flow in park.network.of_process[each.process]}
    return {(code, kind) for code in touched for kind in _of_product(park, code)}


def _of_product(park: Park, code: str) -> list[str]:
    product = park.network.products[code]
    made, used = parts(park, code, is_output=True), parts(park, code, is_output=False)
    s, d = sum(made.values()), sum(used.values())
    if product.role in {"env", "raw"}:
        return []
    if product.disposal == "must_treat":
        return _treatment(s, used) if s else []
    if product.role == "waste":
        return ["waste_unused"] if s > d * (1 + 1e-9) else []
    captive = len(made) == 1 and set(made) == set(used)
    return [
        *_shortage(park, code, s, d),
        *_fragility(park, code, made, d, captive=captive),
        *_flare(product, s, d, captive),
    ]


def _treatment(s: float, used: dict[str, float]) -> list[str]:
    d = sum(used.values())
    if not d:
        return ["no_treatment"]
    if d < s * (1 - EPSILON):
        return ["untreated_surplus"]
    return ["fragile_treatment"] if _hhi(used) >= 0.70 else []


def _shortage(park: Park, code: str, s: float, d: float) -> list[str]:
    product = park.network.products[code]
    if d and not s:
        makers = [flow for flow in park.network.flows if flow.product == code and flow.is_output]
        return ["missing_supply"] if makers else []
    if 0 < s < d * (1 - EPSILON):
        enough = supply(park, code, full=True) >= demand(park, code, full=True) * (1 - 1e-9)
        return ["gap", "gap_operational"] if enough else ["gap"]
    lonely = s and not d and product.role in {"intermediate", "byproduct"} and not product.final_sale
    return ["no_downstream"] if lonely else []


def _fragility(park: Park, code: str, made: dict[str, float], d: float, *, captive: bool) -> list[str]:
    product, s, found = park.network.products[code], sum(made.values()), []
    if product.transport not in {"pipeline", "local"} or captive or product.swing or not s >= d * (1 - EPSILON) > 0:
        return []
    if product.role in {"intermediate", "utility", "service"}:
        if _hhi(made) >= 0.70:
            found.append("fragile_single")
        elif len(made) >= 2 and (s - max(made.values())) / d < 1 - 1e-9:
            found.append("n1_short")
        if s < 1.10 * d * (1 - 1e-9):
            found.append("tight")
    if supply(park, code, full=True) < demand(park, code, full=True) * (1 - 1e-9):
        found.append("gap_at_full_capacity")
    return found


def _flare(product: object, s: float, d: float, captive: bool) -> list[str]:
    return (
        ["flared"] if product.disposal == "flare" and d and s > 1.08 * d and not captive and not product.swing else []
    )


def _hhi(made: dict[str, float]) -> float:
    whole = sum(made.values())
    return sum((each / whole) ** 2 for each in made.values())


def left_without(park: Park, enterprise: str) -> float:
    """A new program for each question, cold and without screening."""
    model = Throughput(park)
    upper = list(model.upper)
    for column in model.of_enterprise.get(enterprise, []):
        upper[column] = 0.0
    idle = sum(value for code, value in model.idle.items() if code != enterprise)
    return Program(model.worth, upper, model.rows, presolve=True).best() + idle
