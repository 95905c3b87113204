"""利害关系申报: what binds a member of staff to a unit, an enterprise or a person, declared by oneself and kept."""

from datetime import datetime

from lianshang.cases.models import Interest
from lianshang.directory.actors import Actor
from lianshang.directory.models import Unit
from lianshang.enterprises.models import Enterprise
from lianshang.kernel.refusals import Hidden, Refused


def declare_interest_in(
    *,
    actor: Actor,
    at: datetime,
    relation: str,
    unit: Unit | None = None,
    enterprise: Enterprise | None = None,
    name: str = "",
    note: str = "",
) -> Interest:
    """Declare it: from now on no complaint about them exists for the declarer."""
    if actor.person is None:
        raise Hidden
    if not (unit or enterprise or name.strip()):
        raise Refused("请写明与哪个单位、企业或者谁有关系。")
    if unit and unit.pk in actor.unit_ids:
        raise Refused("本人任职的单位不用申报，系统本来就让您回避。")
    return Interest.objects.create(
        park=actor.park,
        person=actor.person,
        relation=relation,
        unit=unit,
        enterprise=enterprise,
        name=name.strip(),
        note=note.strip(),
        declared_at=at,
    )


def end_interest(interest: Interest, *, actor: Actor, at: datetime, because: str) -> None:
    """It is over, with the reason; the row stays."""
    if actor.person is None or interest.person_id != actor.person.pk:
        raise Hidden
    if not because.strip():
        raise Refused("请写明为什么终止，如“已离职”“股份已转让”。")
    if not Interest.objects.in_force().filter(pk=interest.pk).update(ended_at=at, ended_because=because.strip()):
        raise Refused("这一条已经终止。")
