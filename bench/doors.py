"""`python -m bench.doors`: let staff in and say where things are, as JSON: sessions, units, pages worth asking for."""

import json
from itertools import cycle, islice
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_scopes import scope  # noqa: E402

from lianshang.cases import codes  # noqa: E402
from lianshang.cases.models import Case  # noqa: E402
from lianshang.cases.states import State  # noqa: E402
from lianshang.directory import actors, sign_ins  # noqa: E402
from lianshang.directory.models import Account, Park, Role, Unit  # noqa: E402

CLIENTS = 8


def session(username: str) -> str:
    """Sign the account in as the sign-in page does, and return the cookie."""
    account = Account.objects.get(username=username)
    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store.create()
    with scope(park=account.park):
        actor = actors.from_account(account, on=timezone.localdate())
        sign_ins.begin(store, actor, account, sign_ins.Where("measured", "10.0.0.1"), at=timezone.now())
    store.save()
    return str(store.session_key)


def sessions(role: str) -> list[str]:
    """Return as many sessions as there may be clients: one person may have several browsers."""
    names = Account.objects.filter(username__startswith=role).order_by("pk").values_list("username", flat=True)
    return [session(name) for name in islice(cycle(names), max(CLIENTS, len(names)))]


def doors() -> dict[str, Any]:
    park = Park.objects.get()
    with scope(park=park):
        units = list(Unit.objects.filter(kind=Unit.Kind.DEPARTMENT).order_by("pk").values_list("pk", flat=True))
        closed = Case.objects.filter(state=State.CLOSED, sealed=False, lead_unit=units[0]).order_by("-registered_at")
        begun = Case.objects.filter(state=State.IN_PROGRESS, sealed=False).order_by("-registered_at")
        fresh = Case.objects.filter(state=State.REGISTERED, sealed=False).order_by("-registered_at")
        return {
            "whistle": f"{park.code}-{park.whistle_token}",
            "dispatchers": sessions(Role.DISPATCHER),
            "heads": sessions(Role.COMMITTEE_HEAD),
            "liaisons": sessions(Role.LIAISON),  # in the order of the units
            "units": units,
            "closed": [str(case.key) for case in closed[:20]],
            "begun": [str(case.key) for case in begun[:20]],
            "fresh": [str(case.key) for case in fresh[:20]],
            "receipts": [codes.public_code(park, case) for case in closed[:20]],
        }


if __name__ == "__main__":
    print(json.dumps(doors()))
