"""What-ifs that are kept under a name, and put away again. They change nothing in the park."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from lianshang.chain.access import READERS
from lianshang.chain.analysis.scenarios import applied
from lianshang.chain.changes import Pair, changes
from lianshang.chain.charts import chart
from lianshang.chain.models import Scenario
from lianshang.directory.actors import Actor
from lianshang.kernel.refusals import Hidden, Refused

MOST = 200  # on one park's shelf
LONGEST = 60  # name


@transaction.atomic
def keep(name: str, asked: Sequence[Pair], *, actor: Actor, at: datetime) -> Scenario:
    """Keep these changes under a name that is free. Raises `Refused`, `Impossible`, `Hidden`."""
    if actor.kind != "system" and not actor.has(*READERS):
        raise Hidden
    called = name.strip()
    if not called or len(called) > LONGEST:
        raise Refused("请给这一局起个名，60 个字以内。")
    told, found = changes(asked), chart()
    if not told or found is None:
        raise Refused("这一局还没有改动。请先改几处、算一算，再保存。")
    applied(found.park, told)
    if Scenario.objects.filter(shelved_at=None).count() >= MOST:
        raise Refused(f"保存的方案已有 {MOST} 个。请先收起不用的。")
    try:
        with transaction.atomic():
            return Scenario.objects.create(
                park=actor.park,
                name=called,
                changes=[list(each) for each in asked],
                made_at=at,
                made_by=actor.person,
            )
    except IntegrityError as error:
        raise Refused(f"已经有一局叫“{called}”。请换个名，或先收起原来的。") from error


@transaction.atomic
def shelve(scenario: Scenario, *, actor: Actor, at: datetime) -> None:
    """Put it away: it stays on record, and its name is free. A second time does nothing. Raises `Hidden`."""
    if actor.kind != "system" and not actor.has(*READERS):
        raise Hidden
    Scenario.objects.filter(pk=scenario.pk, shelved_at=None).update(shelved_at=at, shelved_by=actor.person)
