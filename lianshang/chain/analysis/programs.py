"""A linear program that stays warm: after a change of bounds the solver goes on from where it stood.

Maximises. `Program` is not for several threads at once; make one for each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

INFINITE = float("inf")


class Unsolved(Exception):
    """The solver found no optimum. The text is its own word for it."""


@dataclass(slots=True)
class Row:
    """lower ≤ Σ coefficient × column ≤ upper."""

    lower: float = -INFINITE
    upper: float = INFINITE
    entries: dict[int, float] = field(default_factory=dict)

    def add(self, column: int, coefficient: float) -> None:
        self.entries[column] = self.entries.get(column, 0.0) + coefficient


class Program:
    """Columns from 0 (or, with `least`, 0 or from there on) to `upper`, worth `gains` each."""

    def __init__(
        self,
        gains: Sequence[float],
        upper: Sequence[float],
        rows: Sequence[Row],
        *,
        least: Sequence[float] | None = None,
        presolve: bool = False,
    ) -> None:
        self.upper = list(upper)
        self._solver = _quiet_solver(presolve=presolve)
        self._solver.passModel(_model(gains, upper, rows, least))

    def limit(self, column: int, upper: float) -> None:
        self._solver.changeColBounds(column, 0.0, upper)

    def release(self, column: int) -> None:
        self.limit(column, self.upper[column])

    def best(self) -> float:
        """The value of the optimum. Raises `Unsolved`."""
        self._solver.run()
        status = self._solver.getModelStatus()
        if self._solver.modelStatusToString(status) != "Optimal":
            raise Unsolved(self._solver.modelStatusToString(status))
        return float(self._solver.getObjectiveValue())

    def columns(self) -> list[float]:
        return list(self._solver.getSolution().col_value)

    def prices(self) -> list[float]:
        """What one more unit of each row's limit would be worth."""
        return list(self._solver.getSolution().row_dual)


def _quiet_solver(*, presolve: bool) -> Any:
    """A solver that never writes to standard output.

    The package's own class greets when it is made, before it can be told to be quiet; the one below it does not.
    """
    from highspy import HighsOptions
    from highspy._core import _Highs

    solver, options = _Highs(), HighsOptions()
    options.output_flag = False
    options.log_to_console = False
    options.threads = 1
    options.presolve = "on" if presolve else "off"
    solver.passOptions(options)
    return solver


def _model(gains: Sequence[float], upper: Sequence[float], rows: Sequence[Row], least: Sequence[float] | None) -> Any:
    import numpy as np
    from highspy import HighsLp, HighsVarType, MatrixFormat, ObjSense

    model = HighsLp()
    model.num_col_, model.num_row_ = len(gains), len(rows)
    model.sense_ = ObjSense.kMaximize
    model.col_cost_, model.col_upper_ = np.array(gains, float), np.array(upper, float)
    model.col_lower_ = np.array(least if least is not None else [0.0] * len(gains), float)
    model.row_lower_ = np.array([row.lower for row in rows], float)
    model.row_upper_ = np.array([row.upper for row in rows], float)
    matrix = model.a_matrix_
    matrix.format_ = MatrixFormat.kRowwise
    matrix.start_ = np.array([0, *accumulate(len(row.entries) for row in rows)], np.int32)
    matrix.index_ = np.array([column for row in rows for column in row.entries], np.int32)
    matrix.value_ = np.array([value for row in rows for value in row.entries.values()], float)
    if least is not None:
        model.integrality_ = [HighsVarType.kSemiContinuous if each else HighsVarType.kContinuous for each in least]
    return model


def scaled(row: Row, by: float) -> Row:
    """The same condition in other units, so that large and small flows weigh alike."""
    if not by:
        return row
    return Row(row.lower / by, row.upper / by, {column: value / by for column, value in row.entries.items()})


def level_at(row: Row, columns: Mapping[int, float] | Sequence[float]) -> float:
    return sum(value * columns[column] for column, value in row.entries.items())
