"""`python -m tests.rigs.frozen publish N | recheck`: freeze N figures of the park that is configured; compute all again.

Prints JSON: how many figures there are, a hash over their own hashes in the order of their names, and which of them do
not reproduce to the bit.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import django

django.setup()

from django.utils import timezone  # noqa: E402
from django_scopes import scope  # noqa: E402

from lianshang.directory import actors  # noqa: E402
from lianshang.directory.models import Account, Park  # noqa: E402
from lianshang.indicators import freezing, periods  # noqa: E402
from lianshang.indicators.models import FrozenFigure  # noqa: E402

STEP = timedelta(days=9)  # between two moments at which figures are published


def moments(now: datetime) -> Iterator[tuple[datetime, periods.Period]]:
    """Yield cut-offs that go back from now, each with the month, the year and the day that end there."""
    at = now
    while True:
        day = timezone.localtime(at).date()
        for kind in (periods.IN_PERIOD, periods.THIS_YEAR, periods.TO_DATE):
            yield at, periods.of_kind(kind, day, began_on=day)
        at -= STEP


def publish(count: int) -> None:
    """Publish period after period, as the clerk, until there are so many figures."""
    now = timezone.now()
    clerk = actors.from_account(
        Account.objects.select_related("person", "park").get(username="demo-clerk"), on=timezone.localdate(now)
    )
    known = timezone.now()
    for at, period in moments(now):
        freezing.publish(period, actor=clerk, at=at, known=known)
        if FrozenFigure.objects.count() >= count:
            return


def recheck() -> dict[str, Any]:
    figures = list(
        FrozenFigure.objects.select_related("publication__park").order_by("publication__key", "indicator").iterator()
    )
    wrong = [f"{one.publication.key}/{one.indicator}" for one in figures if not freezing.reproduces(one)]
    kept = hashlib.sha256("".join(one.digest for one in figures).encode()).hexdigest()
    return {"figures": len(figures), "kept": kept, "wrong": wrong}


def main(what: str, count: str = "0") -> None:
    with scope(park=Park.objects.get()):
        if what == "publish":
            publish(int(count))
        print(json.dumps(recheck()))


if __name__ == "__main__":
    main(*sys.argv[1:])
