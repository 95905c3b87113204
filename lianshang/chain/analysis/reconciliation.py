"""Makes measured flows agree: weighted least squares under balance equations, as material flow analysis does it.

Measurements carry a standard deviation; 0 means exact. Unknown flows follow from the others. The equations may contain
products of two variables (a transfer coefficient times a flow): they are made linear at the estimate, again and again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Values = Mapping[str, float]
Equation = Callable[[Values], float]  # 0 where it holds

ROUNDS, CLOSE = 100, 1e-12
STEP = 1e-4


class Unreconcilable(ValueError):
    """The equations do not determine the unknown flows, or contradict what is exact."""


@dataclass(frozen=True)
class Reconciled:
    values: dict[str, float]
    deviations: dict[str, float]


def reconcile(
    measured: Mapping[str, tuple[float, float]], unknown: Mapping[str, float], equations: Sequence[Equation]
) -> Reconciled:
    """The likeliest values under the equations, with their standard deviations.

    `measured`: value and standard deviation; `unknown`: a first guess of what nobody measured. Raises `Unreconcilable`.
    """
    import numpy as np

    moving = [name for name, (_, deviation) in measured.items() if deviation > 0]
    fixed = {name: value for name, (value, deviation) in measured.items() if deviation <= 0}
    start = np.array([measured[name][0] for name in moving])
    variance = np.diag([measured[name][1] ** 2 for name in moving])
    seen, guessed = start.copy(), np.array(list(unknown.values()), float)
    for _ in range(ROUNDS):
        values = {**fixed, **dict(zip(moving, seen, strict=True)), **dict(zip(unknown, guessed, strict=True))}
        known_side, unknown_side = _slopes(equations, values, moving), _slopes(equations, values, list(unknown))
        rest = np.array([equation(values) for equation in equations])
        step = _step(start - seen, variance, known_side, unknown_side, rest)
        seen, guessed = seen + step[0], guessed + step[1]
        if max(abs(step[0]).max(initial=0.0), abs(step[1]).max(initial=0.0)) < CLOSE * max(abs(start).max(), 1.0):
            break
    else:
        raise Unreconcilable("no end in sight")
    return _told(moving, list(unknown), fixed, seen, guessed, _spread(variance, known_side, unknown_side))


def _slopes(equations: Sequence[Equation], values: Values, names: Sequence[str]) -> Any:
    """How each equation moves with each variable; central differences are exact for products of two."""
    import numpy as np

    found = np.zeros((len(equations), len(names)))
    for column, name in enumerate(names):
        step = STEP * max(abs(values[name]), 1.0)
        above, below = {**values, name: values[name] + step}, {**values, name: values[name] - step}
        found[:, column] = [(equation(above) - equation(below)) / (2 * step) for equation in equations]
    return found


def _step(back: Any, variance: Any, known_side: Any, unknown_side: Any, rest: Any) -> tuple[Any, Any]:
    """The move to the solution of the linear problem: minimise the weighted distance from what was measured."""
    import numpy as np

    free = _free_of(unknown_side)
    reduced = free.T @ known_side
    wanted = free.T @ rest + reduced @ back
    weight = reduced @ variance @ reduced.T
    moved = back - variance @ reduced.T @ np.linalg.lstsq(weight, wanted, rcond=None)[0]
    missing = np.linalg.lstsq(unknown_side, -(rest + known_side @ moved), rcond=None)[0]
    return moved, missing


def _free_of(unknown_side: Any) -> Any:
    """Combinations of the equations that no unknown flow stands in. Raises `Unreconcilable`."""
    import numpy as np

    rank = np.linalg.matrix_rank(unknown_side) if unknown_side.size else 0
    if rank < unknown_side.shape[1]:
        raise Unreconcilable("an unknown flow is not determined by the equations")
    basis, _, _ = (
        np.linalg.svd(unknown_side, full_matrices=True) if unknown_side.size else (np.eye(len(unknown_side)),) * 3
    )
    return basis[:, rank:]


def _spread(variance: Any, known_side: Any, unknown_side: Any) -> tuple[Any, Any]:
    import numpy as np

    reduced = _free_of(unknown_side).T @ known_side
    gain = variance @ reduced.T @ np.linalg.pinv(reduced @ variance @ reduced.T)
    left = variance - gain @ reduced @ variance
    onto = -np.linalg.pinv(unknown_side) @ known_side
    return left, onto @ left @ onto.T


def _told(
    moving: list[str], unknown: list[str], fixed: Mapping[str, float], seen: Any, guessed: Any, spread: tuple[Any, Any]
) -> Reconciled:
    import numpy as np

    values = {
        **fixed,
        **dict(zip(moving, seen.tolist(), strict=True)),
        **dict(zip(unknown, guessed.tolist(), strict=True)),
    }
    deviations = dict.fromkeys(fixed, 0.0)
    for names, part in ((moving, spread[0]), (unknown, spread[1])):
        deviations |= dict(zip(names, np.sqrt(np.clip(np.diag(part), 0, None)).tolist(), strict=True))
    return Reconciled(values, deviations)
