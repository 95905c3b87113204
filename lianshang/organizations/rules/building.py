"""应建必建、能单建则单建: what each enterprise must do, and why. Plain values in, plain values out.

支部工作条例（试行） art 4: three full members and more must have a branch; those on probation do not count. Art 5: fewer
join a branch with others, by nearness, trade, fit size and ease of running, of five units in general. 中办发〔2012〕11号:
where there is no organisation yet, an instructor covers the enterprise with the Party's work; the denominator has the
non-public enterprises that really operate.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from lianshang.organizations.rules.kinds import BRANCH_RULES, NORMS, Norms

ARTICLE_4 = f"{BRANCH_RULES}第四条"
ARTICLE_5 = f"{BRANCH_RULES}第五条"
COVERAGE_RULES = "中办发〔2012〕11号"
MOST_SUGGESTED = 3


class Standing(StrEnum):
    """How an enterprise stands; each has exactly one. The order is that of what is to be done first."""

    MUST_BUILD = "must_build"
    MUST_JOIN = "must_join"
    INSTRUCTOR = "instructor"
    NOBODY = "nobody"
    JOINT = "joint"
    OWN = "own"
    OUTSIDE = "outside"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Standing.MUST_BUILD: "应建未建",
    Standing.MUST_JOIN: "应联未联",
    Standing.INSTRUCTOR: "指导员联系",
    Standing.NOBODY: "没有覆盖",
    Standing.JOINT: "联合组建",
    Standing.OWN: "单独组建",
    Standing.OUTSIDE: "不计入",
}
BY_ORGANISATION = (Standing.OWN, Standing.JOINT)


@dataclass(frozen=True, slots=True)
class Joint:
    """A joint branch that stands, with the enterprises it covers and the members on its register."""

    name: str
    trades: frozenset[str]
    stages: frozenset[str]
    units: int
    members: int


@dataclass(frozen=True, slots=True)
class Firm:
    """An enterprise on a day. `full` and `probationary` by the basis that the reader asked for."""

    code: str
    name: str
    trade: str = ""
    stage: str = ""
    full: int = 0
    probationary: int = 0
    own: str = ""
    joints: tuple[str, ...] = ()
    instructor: str = ""
    outside: str = ""
    outside_since: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What follows for one enterprise: one standing, the reason with its article, the next step, whom it may join."""

    firm: Firm
    standing: Standing
    reason: str
    next: str = ""
    joins: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    @property
    def is_gap(self) -> bool:
        return self.standing in (Standing.MUST_BUILD, Standing.MUST_JOIN)


def judge(firms: Iterable[Firm], joints: Sequence[Joint], norms: Norms = NORMS) -> list[Finding]:
    """Return one finding for each enterprise, in the order given."""
    firms = list(firms)
    return [_judged(firm, firms, joints, norms) for firm in firms]


def _judged(firm: Firm, firms: Sequence[Firm], joints: Sequence[Joint], norms: Norms) -> Finding:
    if firm.outside:
        since = f"，自 {firm.outside_since:%Y-%m-%d}" if firm.outside_since else ""
        return Finding(firm, Standing.OUTSIDE, f"{firm.outside}{since}，不在实体运营企业之内：{COVERAGE_RULES}。")
    if firm.own:
        return _with_own(firm, norms)
    if firm.full >= norms.fewest_full:
        return _must_build(firm)
    if firm.joints:
        return Finding(
            firm, Standing.JOINT, f"{_counted(firm)}，由{firm.joints[0]}覆盖：{ARTICLE_5}。", "", (), _twice(firm)
        )
    if firm.full + firm.probationary:
        return _must_join(firm, firms, joints, norms)
    return _without_members(firm)


def _without_members(firm: Firm) -> Finding:
    if firm.instructor:
        why = f"没有党员，由党建指导员{firm.instructor}联系，计入工作覆盖：{COVERAGE_RULES}。"
        return Finding(firm, Standing.INSTRUCTOR, why, "指导员了解职工中的流动党员，培养入党积极分子。")
    return Finding(firm, Standing.NOBODY, f"没有党员，也没有党建指导员：{COVERAGE_RULES}。", "先派党建指导员联系。")


def _with_own(firm: Firm, norms: Norms) -> Finding:
    if firm.full < norms.fewest_full:
        why = f"已单独组建{firm.own}，现有{_counted(firm)}。"
        warning = f"正式党员不足 {norms.fewest_full} 名，组建条件已变：{BRANCH_RULES}第七条。"
        return Finding(firm, Standing.OWN, why, "报上级党委研究调整。", (), (warning, *_twice(firm)))
    return Finding(firm, Standing.OWN, f"{_counted(firm)}，已单独组建{firm.own}：{ARTICLE_4}。", "", (), _twice(firm))


def _must_build(firm: Firm) -> Finding:
    now = f"现由{firm.joints[0]}覆盖，" if firm.joints else ""
    why = f"{_counted(firm)}，{now}凡是有正式党员 3 名以上的都应当成立党支部：{ARTICLE_4}。"
    return Finding(firm, Standing.MUST_BUILD, why, "开始组建培育，单独成立党支部。")


def _must_join(firm: Firm, firms: Sequence[Firm], joints: Sequence[Joint], norms: Norms) -> Finding:
    names = whom_to_join(firm, joints, norms)
    why = f"{_counted(firm)}，不足 {norms.fewest_full} 名，应与邻近、行业相近的单位成立联合党支部：{ARTICLE_5}。"
    if names:
        return Finding(firm, Standing.MUST_JOIN, why, f"可加入{'、'.join(names)}。", names)
    others = neighbours(firm, firms, norms)
    if others:
        return Finding(firm, Standing.MUST_JOIN, why, f"可与{'、'.join(others)}联合组建。", others)
    return Finding(firm, Standing.MUST_JOIN, why, "附近没有合适的联合党支部，请综合党委研究。")


def whom_to_join(firm: Firm, joints: Sequence[Joint], norms: Norms = NORMS) -> tuple[str, ...]:
    """Return the joint branches with room that suit, the nearest in trade first. All stand in one park: all are near."""
    own = firm.full + firm.probationary
    roomy = [one for one in joints if one.units < norms.most_units and one.members + own <= norms.most_members]
    suited = sorted(
        roomy, key=lambda one: (firm.trade not in one.trades, firm.stage not in one.stages, one.units, one.name)
    )
    return tuple(one.name for one in suited[:MOST_SUGGESTED])


def neighbours(firm: Firm, firms: Sequence[Firm], norms: Norms = NORMS) -> tuple[str, ...]:
    """Return enterprises without an organisation with which three full members come together, same trade first."""
    free = [
        one
        for one in firms
        if one.code != firm.code and 0 < one.full < norms.fewest_full and not (one.own or one.joints or one.outside)
    ]
    free.sort(key=lambda one: (one.trade != firm.trade, one.stage != firm.stage, -one.full, one.code))
    chosen: list[Firm] = []
    for one in free[: norms.most_units - 1]:
        chosen.append(one)
        if firm.full + sum(each.full for each in chosen) >= norms.fewest_full:
            return tuple(each.name for each in chosen)
    return ()


def _counted(firm: Firm) -> str:
    probationary = f"，预备党员 {firm.probationary} 名不计" if firm.probationary else ""
    return f"正式党员 {firm.full} 名{probationary}"


def _twice(firm: Firm) -> tuple[str, ...]:
    touching = (*((firm.own,) if firm.own else ()), *firm.joints)
    return (f"{'、'.join(touching)}都覆盖这家企业，企业只计 1 家。",) if len(touching) > 1 else ()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many enterprises stand how: each counted once, and all of them in one of the standings."""

    counts: dict[Standing, int]

    @property
    def operating(self) -> int:
        """The denominator: non-public enterprises that really operate."""
        return sum(count for standing, count in self.counts.items() if standing is not Standing.OUTSIDE)

    def __getitem__(self, standing: Standing) -> int:
        return self.counts.get(standing, 0)


def tally(findings: Iterable[Finding]) -> Tally:
    counts = dict.fromkeys(Standing, 0)
    for one in findings:
        counts[one.standing] += 1
    return Tally(counts)
