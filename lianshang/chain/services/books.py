"""A workbook of the chain is taken in: catalogue and activities together, or nothing of it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from lianshang.chain.access import KEEPERS
from lianshang.chain.analysis.network import Activity, Park
from lianshang.chain.models import Edition, ProcessRun
from lianshang.chain.services.catalogue import adopt
from lianshang.chain.services.runs import Statement, state
from lianshang.chain.workbook import Handed
from lianshang.directory.actors import Actor
from lianshang.enterprises.models import Enterprise
from lianshang.kernel.refusals import Hidden, Refused

NOTED = 200  # characters


@transaction.atomic
def take_in(handed: Handed, park: Park, *, note: str, source: str, actor: Actor, at: datetime) -> tuple[Edition, int]:
    """Make it the park's; `park` is what stands for sheets that are not there. Raises `Refused`, `Hidden`.

    Return the edition in force then, and for how many activities it was news.
    """
    if actor.kind != "system" and not actor.has(*KEEPERS):
        raise Hidden
    edition = adopt(
        park.network if handed.network is None else handed.network,
        park.substitutes if handed.substitutes is None else handed.substitutes,
        park.regional if handed.regional is None else handed.regional,
        actor=actor,
        at=at,
        note=note.strip()[:NOTED],
    )
    news = state(_statements(handed.runs, park), source=source, actor=actor, at=at) if handed.runs else 0
    _check_orphans(handed)
    return edition, news


def _statements(runs: Iterable[Activity], park: Park) -> list[Statement]:
    """What the sheet says anew. A figure that stands as it stood keeps the source that it had."""
    held = set(park.activities)
    known = {row.code: row for row in Enterprise.objects.filter(is_active=True)}
    runs = [each for each in runs if each not in held]
    if absent := sorted({each.enterprise for each in runs} - known.keys()):
        raise Refused(f"企业名录里没有编号为“{absent[0]}”的企业。请核对后再上传。")
    return [Statement(known[each.enterprise], each.process, each.capacity, each.level) for each in runs]


def _check_orphans(handed: Handed) -> None:
    """No enterprise is left with a process that the catalogue has no more."""
    if handed.network is None:
        return
    running = ProcessRun.objects.filter(until=None, enterprise__is_active=True)
    left = running.exclude(process__in=list(handed.network.processes)).select_related("enterprise").first()
    if left:
        raise Refused(
            f"目录里去掉了工艺“{left.process}”，但{left.enterprise.name}还在用。请先把它的年产能改为 0，或保留这个工艺。"
        )
