"""Kinds of organisations and what is asked of each: size, term, committee."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

BRANCH_RULES = "《中国共产党支部工作条例（试行）》"
TERM_RULES = "《关于党的基层组织任期的意见》"


class Kind(StrEnum):
    COMMITTEE = "committee"
    GENERAL = "general"
    BRANCH = "branch"
    JOINT = "joint"
    TEMPORARY = "temporary"
    MOBILE = "mobile"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Kind.COMMITTEE: "综合党委",
    Kind.GENERAL: "党总支",
    Kind.BRANCH: "党支部",
    Kind.JOINT: "联合党支部",
    Kind.TEMPORARY: "临时党支部",
    Kind.MOBILE: "流动党员党支部",
}
BRANCHES = (Kind.BRANCH, Kind.JOINT, Kind.TEMPORARY, Kind.MOBILE)


@dataclass(frozen=True, slots=True)
class Norms:
    """The numbers of the rules. A park may read them stricter; nothing else in the code names one."""

    fewest_full: int = 3
    most_units: int = 5
    most_members: int = 50
    committee_from: int = 7
    committee_least: int = 3
    committee_most: int = 7
    committee_years: int = 5
    branch_years: int = 3
    most_moved_days: int = 366
    election_near_days: int = 180


NORMS = Norms()


def years_of(kind: Kind, norms: Norms = NORMS) -> int:
    """Return the length of a term: five years of a committee, three of general branches and branches."""
    return norms.committee_years if kind is Kind.COMMITTEE else norms.branch_years


def due_after(elected: date, years: int) -> date:
    """Return the day on which the next election is due; of 29 February the day before it in a common year."""
    try:
        return elected.replace(year=elected.year + years)
    except ValueError:
        return date(elected.year + years, 2, 28)


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation as far as the rules ask. `full` and `members` are on its register; members counts both kinds."""

    kind: Kind
    full: int
    members: int
    units: int = 1
    has_committee: bool = False
    committee_size: int = 0


def warnings(body: Body, norms: Norms = NORMS) -> list[str]:
    """Return what is not as the rules have it in general, each with its article. Nothing of it is forbidden by itself."""
    if body.kind not in BRANCHES:
        return []
    found = []
    if body.full < norms.fewest_full:
        found.append(
            f"正式党员 {body.full} 名，不足 {norms.fewest_full} 名：{BRANCH_RULES}第四条、第七条，请及时调整或撤销。"
        )
    if body.members > norms.most_members:
        found.append(f"党员 {body.members} 名，一般不超过 {norms.most_members} 名：{BRANCH_RULES}第四条。")
    if body.kind is Kind.JOINT and body.units > norms.most_units:
        found.append(
            f"覆盖 {body.units} 个单位，联合党支部覆盖单位一般不超过 {norms.most_units} 个：{BRANCH_RULES}第五条。"
        )
    return found + _of_committee(body, norms)


def _of_committee(body: Body, norms: Norms) -> list[str]:
    if body.kind is Kind.TEMPORARY:
        return []
    if body.full >= norms.committee_from and not body.has_committee:
        return [f"正式党员 {body.full} 名，满 {norms.committee_from} 名应当设立支部委员会：{BRANCH_RULES}第六章。"]
    if body.has_committee and not norms.committee_least <= body.committee_size <= norms.committee_most:
        fit = f"{norms.committee_least} 至 {norms.committee_most} 名"
        return [f"支部委员会现有 {body.committee_size} 名，应为 {fit}：{BRANCH_RULES}第六章。"]
    return []


def may_move_to(first_due: date, wanted: date, norms: Norms = NORMS) -> bool:
    """Whether an election may be held that much earlier or later: a year at most, with the superior's approval."""
    return abs((wanted - first_due).days) <= norms.most_moved_days


def restrictions(kind: Kind) -> str:
    """Return what an organisation of this kind does not do, or nothing."""
    if kind is Kind.TEMPORARY:
        return f"临时党支部一般不发展党员、不处分处置党员、不收缴党费、不选举代表、不换届选举，随临时机构撤销：{BRANCH_RULES}第八条。"
    return ""
