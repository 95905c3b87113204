"""Where each role's work begins after signing in."""

from django.conf import settings
from django.urls import reverse

from lianshang.directory.actors import Actor
from lianshang.directory.models import Role

# The first line whose role the actor holds: who handles cases before who reads them, the settings last.
DESKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("cases:desk", (Role.DISPATCHER, Role.LIAISON, Role.CALLBACK_OFFICER, Role.COMPLAINTS_OFFICER)),
    ("cases:leader", (Role.COMMITTEE_HEAD, Role.CHAIN_CHIEF)),
    ("cases:list", (Role.REPORTING_CLERK, Role.AUDITOR)),
    ("cases:profiles", (Role.ADMINISTRATOR,)),
    ("directory:people", (Role.SECURITY_ADMIN,)),
    ("directory:audit", (Role.AUDIT_ADMIN,)),
    ("cases:desk", (Role.INSTRUCTOR, Role.CENTRE_STAFF, Role.TASK_FORCE)),
)


def desk_of(actor: Actor) -> str:
    """Return the address of the actor's desk; the landing page for whoever has none."""
    mine = (name for name, roles in DESKS if actor.has(*roles))
    return reverse(next(mine, settings.LOGIN_REDIRECT_URL))
