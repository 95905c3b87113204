"""What is wrong with a table that was handed in. All faults are told at once, each with its place."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    file: str
    row: int  # as the sheet shows it; the headings are row 1; 0: the file as a whole
    column: str
    message: str

    def __str__(self) -> str:
        place = (
            f"{self.file}" + (f" 第 {self.row} 行" if self.row else "") + (f"“{self.column}”列" if self.column else "")
        )
        return f"{place}：{self.message}"

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


class Faulty(Exception):
    """The tables cannot be used. `faults` names every place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(map(str, self.faults)))

    @property
    def sentence(self) -> str:
        first = self.faults[0]
        count = len(self.faults)
        return f"表中有 {count} 处问题，请改正后再试。第一处：{first}"
