"""The steps from a gap to an organisation, in their order, each with its time and ground."""

from dataclasses import dataclass
from enum import StrEnum

from lianshang.organizations.rules.kinds import BRANCH_RULES


class Step(StrEnum):
    FIND = "find"
    TALK = "talk"
    APPLY = "apply"
    REPLY = "reply"
    ELECT = "elect"
    REPORT = "report"

    @property
    def label(self) -> str:
        return WORK[self].label


@dataclass(frozen=True, slots=True)
class Work:
    """`days`: natural days after the step before it was done. `asks`: the paper that shows it."""

    label: str
    days: int
    asks: str
    ground: str


WORK = {
    Step.FIND: Work("摸清党员", 15, "党员名册、组织关系介绍信", "逐名核对组织关系、是否正式党员、是否在岗"),
    Step.TALK: Work("商定方案", 15, "与企业负责人、党员的谈话记录", "单独组建还是加入联合党支部，书记人选听取党员意见"),
    Step.APPLY: Work("提出申请", 10, "成立党组织的请示", f"所在单位提出申请：{BRANCH_RULES}第六条"),
    Step.REPLY: Work("党委批复", 30, "同意成立的批复", f"基层党委审批，一般不超过 1 个月：{BRANCH_RULES}第六条"),
    Step.ELECT: Work("选举产生书记", 30, "党员大会记录、选举结果", f"批复后召开党员大会选举：{BRANCH_RULES}第六条"),
    Step.REPORT: Work("报备挂牌", 10, "选举结果的报告", f"报上级党组织备案：{BRANCH_RULES}第六条"),
}
JOINING = (Step.FIND, Step.TALK, Step.APPLY, Step.REPLY)
OWN = tuple(Step)


def steps_for(*, joins: bool) -> tuple[Step, ...]:
    """Return what has to be done: whoever joins a branch that stands elects no secretary of its own."""
    return JOINING if joins else OWN
