"""What enterprises run: a new statement ends the one before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lianshang.chain.access import KEEPERS
from lianshang.chain.models import ProcessEntry, ProcessRun
from lianshang.directory.actors import Actor
from lianshang.enterprises.models import Enterprise
from lianshang.kernel.refusals import Hidden, Refused


@dataclass(frozen=True, slots=True)
class Statement:
    """`level` is what is made in a year, in units of the process's reference output. Capacity 0: it runs it no more."""

    enterprise: Enterprise
    process: str
    capacity: float
    level: float


@transaction.atomic
def state(told: Sequence[Statement], *, source: str, actor: Actor, at: datetime) -> int:
    """Write down what enterprises run from now on; return for how many processes that is news. Raises `Refused`, `Hidden`."""
    if actor.kind != "system" and not actor.has(*KEEPERS):
        raise Hidden
    _check(told)
    owners = sorted({each.enterprise.pk for each in told})
    list(Enterprise.objects.select_for_update(of=("self",)).filter(pk__in=owners).order_by("pk").values_list("pk"))
    held = {
        (row.enterprise_id, row.process): row for row in ProcessRun.objects.filter(enterprise__in=owners, until=None)
    }
    news = [each for each in told if _differs(held.get((each.enterprise.pk, each.process)), each, source)]
    ended = [held[each.enterprise.pk, each.process].pk for each in news if (each.enterprise.pk, each.process) in held]
    ProcessRun.objects.filter(pk__in=ended).update(until=at)
    ProcessRun.objects.bulk_create(
        ProcessRun(
            park=actor.park, enterprise=each.enterprise, process=each.process, capacity=each.capacity, level=each.level,
            since=at, stated_by=actor.person, source=source,
        )
        for each in news
        if each.capacity
    )  # fmt: skip
    return len(news)


def _check(told: Sequence[Statement]) -> None:
    known = set(ProcessEntry.objects.in_force().values_list("code", flat=True))
    for each in told:
        if each.process not in known:
            raise Refused(f"目录里没有编号为“{each.process}”的工艺。请先在目录里添加。")
        if each.capacity < 0 or each.level < 0:
            raise Refused("产能和产量不能小于 0。请改正后再保存。")


def _differs(held: ProcessRun | None, told: Statement, source: str) -> bool:
    if held is None:
        return told.capacity > 0
    return (held.capacity, held.level, held.source) != (told.capacity, told.level, source)
