"""What is measured of cases: one function each, over the open ledger that the reader may open. To add one, write it.

Invariant: a figure is a set of rows. Complaints and reports stand in none of them.
"""

from datetime import date

from django.db.models import Min

from lianshang.cases.indicators import ends, intake, promises, sets, voices
from lianshang.cases.models import Case
from lianshang.directory.models import Park
from lianshang.indicators.registry import beginning

__all__ = ["ends", "intake", "promises", "sets", "voices"]


@beginning
def first_case_on(park: Park) -> date | None:
    """Return the day of the first case of the open ledger."""
    first = Case.objects.open_ledger().aggregate(first=Min("registered_at"))["first"]
    return first.astimezone(park.zoneinfo).date() if first else None
