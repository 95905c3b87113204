"""What is put on record for the audit administrator, and who reads it: nobody else, and nobody changes it."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from lianshang.directory.actors import Actor
from lianshang.directory.models import AuditRecord, Park, Person, Role
from lianshang.kernel.refusals import Hidden

Kind = AuditRecord.Kind
READS = (Role.AUDIT_ADMIN,)


def record(
    kind: Kind,
    what: str,
    *,
    park: Park,
    at: datetime,
    person: Person | None = None,
    about: Person | None = None,
    purpose: str = "",
) -> AuditRecord:
    """Append one line, in the transaction of what it tells of. `what` names no personal data."""
    return AuditRecord.objects.create(
        park=park, kind=kind, at=at, person=person, about=about, what=what[:300], purpose=purpose.strip()[:200]
    )


def note(actor: Actor, kind: Kind, what: str, *, at: datetime, **more: Any) -> AuditRecord:
    """As `record`, of what an actor did."""
    return record(kind, what, park=actor.park, at=at, person=actor.person, **more)


def visible_to(actor: Actor) -> QuerySet[AuditRecord]:
    """Return the records. Raises `Hidden` for whoever does not audit."""
    if not actor.has(*READS):
        raise Hidden
    return AuditRecord.objects.select_related("person", "about")
