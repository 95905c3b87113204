"""The same matter sent again by the same person: going back after a whistle and sending the form once more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from lianshang.cases import access, codes
from lianshang.cases.models import Case
from lianshang.enterprises.models import Enterprise

SOON = timedelta(minutes=30)


@dataclass(frozen=True)
class Repeat:
    """What was taken in already. `code` is the receipt's, where this phone has opened it; a stranger is not told it."""

    case: Case
    code: str = ""


def taken_in(
    text: str, *, phone: str, enterprise: Enterprise | None, held: Iterable[str], at: datetime
) -> Repeat | None:
    """Return the newest case with these very words from the same phone number, enterprise's code or browser.

    `held`: public codes that the browser has opened. Complaints and reports are never compared: nobody may learn by
    trying that one was made, and no phone remembers theirs.
    """
    by_digest = {codes.digest(code.partition("-")[2]): code for code in held}
    same = Q(code_digest__in=list(by_digest))
    same |= Q(contact_phone=phone) if phone else Q(pk__in=[])
    same |= Q(enterprise=enterprise) if enterprise else Q(pk__in=[])
    case = access.just_registered(at - SOON).filter(same, text=text).order_by("-registered_at").first()
    return Repeat(case, by_digest.get(case.code_digest, "")) if case else None
