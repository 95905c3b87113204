"""The rates of the two coverages, over the enterprises that really operate, each counted once (中办发〔2012〕11号)."""

from collections.abc import Iterable
from dataclasses import dataclass

from lianshang.organizations.rules.building import Finding, Standing


@dataclass(frozen=True, slots=True)
class Ratio:
    label: str
    part: int
    whole: int
    says: str

    @property
    def percent(self) -> str:
        """Two decimals; a dash where there is nothing to divide by."""
        return f"{100 * self.part / self.whole:.2f}" if self.whole else "—"


def ratios(findings: Iterable[Finding]) -> list[Ratio]:
    """Return coverage by organisations, by branches of their own, by the Party's work."""
    firms = [one.firm for one in findings if one.standing is not Standing.OUTSIDE]
    own = sum(bool(firm.own) for firm in firms)
    covered = sum(bool(firm.own or firm.joints) for firm in firms)
    reached = sum(bool(firm.own or firm.joints or firm.instructor) for firm in firms)
    return [
        Ratio("组织覆盖率", covered, len(firms), "单独组建和联合组建覆盖的企业"),
        Ratio("单独组建率", own, len(firms), "有自己党支部的企业"),
        Ratio("工作覆盖率", reached, len(firms), "有党组织，或者有党建指导员联系的企业"),
    ]
