"""The steps that complaints and reports alone know, as rows of the table in `flow`."""

from lianshang.cases import roles
from lianshang.cases.states import OPEN, WITH_UNIT, State
from lianshang.kernel.book import Effects
from lianshang.kernel.flow import Guard, Transition

LEAVES = ("sign", "contact", "report_in", "return_window", "handle", "plan", "progress")


def _stays(name: str, label: str, by: Guard, *, told: str = "", stops: tuple[str, ...] = ()) -> Transition:
    return Transition(name, label, {str(one): str(one) for one in OPEN}, by, Effects(stops=stops), told)


SEALED_STEPS = (
    # -- with the reporter, whoever it is
    _stays("ask_reporter", "询问来件人", roles.asks_reporter, told="想请您补充：", stops=("contact",)),
    # -- who it is: two people of different roles
    _stays("ask_identity", "申请查看身份", roles.opens_identity),
    _stays(
        "open_identity",
        "同意查看身份",
        roles.opens_identity,
        told="已同意{asker}在 {until} 前查看您的身份。理由：{reason}",
    ),
    _stays("refuse_identity", "不同意查看", roles.opens_identity),
    _stays("see_identity", "查看身份", roles.opens_identity, told="查看了您的身份信息。"),
    # -- who stands aside
    Transition(
        "declare_interest",
        "申报回避",
        {str(one): str(one) for one in WITH_UNIT},
        roles.takes_part_sealed,
        offered=False,
    ),
    _stays("ask_recusal", "要求回避", roles.reports, told="您要求回避，等待决定。"),
    _stays("grant_recusal", "同意回避", roles.decides_recusal, told="同意回避，换人办理。"),
    _stays("deny_recusal", "不同意回避", roles.decides_recusal, told="没有同意回避，理由："),
    Transition(
        "recall",
        "收回派单",
        {str(State.DISPATCHED): str(State.SCREENED)},
        roles.directs_sealed,
        Effects(drops=LEAVES),
    ),
    # -- what is no secret goes its own way
    _stays("split", "拆出公开件", roles.splits, told="其中可以公开办理的部分，已另行登记。"),
)
