"""Who made a complaint or report, and what was said word for word: locked, each case under its own key.

What stands here is how it is locked and opened. Who may have it opened, and what is written down of that, is in
`services.identities`; what those who handle the case read instead is in `Saying.shown`.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from lianshang.cases import giveaways
from lianshang.cases.giveaways import Mark
from lianshang.cases.models import Case, CaseEvent, Identity, Saying
from lianshang.kernel import chests

PURPOSE = "identity"


@dataclass(frozen=True)
class Who:
    """Who the reporter is, as far as it was said. Empty: anonymous."""

    enterprise: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""

    @property
    def reachable(self) -> bool:
        return bool(self.phone or self.email)

    @property
    def is_known(self) -> bool:
        return bool(self.enterprise or self.name or self.reachable)


def locked_up(key: UUID, who: Who) -> dict[str, Any]:
    """Return the fields of an `Identity`: a new key, and who it is under it."""
    wrapped = chests.new_key(purpose=PURPOSE, bound_to=str(key))
    details = json.dumps(asdict(who), ensure_ascii=False)
    return {"key": wrapped, "details": _lock(details, wrapped, key), "reachable": who.reachable}


def said(key: UUID, wrapped: str, words: str) -> dict[str, Any]:
    """Return the fields of a `Saying`: the words locked, and beside them with all that was marked hidden."""
    found = giveaways.marks(words)
    return {
        "original": _lock(words, wrapped, key),
        "shown": giveaways.screened(words, found),
        "marks": [one.packed for one in found],
    }


def who_made(case: Case) -> Who:
    """Return who made the case. For `services.identities` alone, which has asked who may know. Raises `Locked`."""
    kept = of(case)
    return Who(**json.loads(_unlock(kept.details, kept.key, case.key)))


def original(saying: Saying, case: Case) -> str:
    """Return the words as they were said, for the officer who screens them. Raises `Locked`."""
    return _unlock(saying.original, of(case).key, case.key)


def lock_beside(case: Case, words: str) -> str:
    """Return words of the case's own locked under its key."""
    return _lock(words, of(case).key, case.key)


def unlock_beside(case: Case, locked: str) -> str:
    return _unlock(locked, of(case).key, case.key)


def of(case: Case) -> Identity:
    return Identity.objects.get(case=case)


def reachable(case: Case) -> bool:
    """Whether whoever raised the case left a way to be called: of a sealed one without saying which."""
    if case.sealed:
        return Identity.objects.filter(case=case, reachable=True).exists()
    return bool(case.contact_phone or case.contact_email)


def shown(saying: Saying, words: str, found: Sequence[Mark]) -> dict[str, Any]:
    """Return what a decision on the marks changes in the row."""
    return {"marks": [one.packed for one in found], "shown": giveaways.screened(words, found)}


def sayings_of(case: Case) -> dict[int, Saying]:
    """Return event → what the reporter said with it; none for an open case."""
    return {one.event_id: one for one in Saying.objects.filter(case=case)} if case.sealed else {}


def readable(event: CaseEvent, case: Case) -> str:
    """Return what was written with a step, as those who handle the case may read it."""
    said = Saying.objects.filter(event=event).values_list("shown", flat=True).first() if case.sealed else None
    return event.note if said is None else said


def keep(case: Case, who: Who) -> Identity:
    return Identity.objects.create(park_id=case.park_id, case=case, **locked_up(case.key, who))


def keep_saying(case: Case, event: CaseEvent, words: str) -> Saying:
    fields = said(case.key, of(case).key, words)
    return Saying.objects.create(park_id=case.park_id, case=case, event=event, **fields)


def _lock(words: str, wrapped: str, key: UUID) -> str:
    return chests.lock(words, wrapped, purpose=PURPOSE, bound_to=str(key))


def _unlock(locked: str, wrapped: str, key: UUID) -> str:
    return chests.unlock(locked, wrapped, purpose=PURPOSE, bound_to=str(key))
