"""What of a complaint or report is never written into the case or its events: who says it, word for word what, and when.

The flow calls `strip` on every event before clocks count it and `file` once it is stored. Of a step that the reporter
takes the hour is kept, because duties are counted in hours, and of the case the day: a log of requests by the second
then points at nobody. Where somebody else's step came within that hour, it counts from there, so that steps stay in order.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone

from lianshang.cases import giveaways, identities
from lianshang.cases.headlines import headline
from lianshang.cases.identities import Who
from lianshang.cases.models import Case, CaseEvent, Identity
from lianshang.kernel.models import CalendarVersion

SPOKEN = ("register", "note_down", "keep_record")  # hold the reporter's words, whoever wrote them down


def hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def day_of(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)


def strip(case: Case, event: CaseEvent) -> None:
    """Take the reporter's words and minutes off an event of a sealed case; the words are kept for `file`."""
    if not case.sealed:
        return
    if event.by == CaseEvent.By.HOLDER or event.verb == "split":
        event.at = max([hour_of(event.at), *_before(case)])
        event.recorded_at = max(hour_of(event.recorded_at), _calendar_since(event.recorded_at), event.at)
    if event.by == CaseEvent.By.HOLDER or event.verb in SPOKEN:
        case.words_apart, event.note = event.note, ""


def file(case: Case, event: CaseEvent) -> None:
    """Lock up, once, who made the case, and what was said with this step."""
    if not case.sealed:
        return
    who = case.__dict__.pop("who_apart", None)
    if (who or event.ordinal == 1) and not Identity.objects.filter(case=case).exists():
        identities.keep(case, who or Who())
    if words := case.__dict__.pop("words_apart", ""):
        identities.keep_saying(case, event, words)


def neutral(text: str, place: str) -> dict[str, Any]:
    """Return what the fields of a sealed case say: whom nobody can tell from, all marked words hidden."""
    shown = giveaways.screened(text, giveaways.marks(text))
    return {
        "text": shown,
        "title": headline(shown),
        "place": giveaways.screened(place, giveaways.marks(place)),
        "enterprise": None,
        "enterprise_name": "",
        "contact_name": "",
        "contact_phone": "",
        "contact_email": "",
    }


def _before(case: Case) -> list[datetime]:
    """When the last step was taken."""
    if case._state.adding:
        return []
    return list(case.events.order_by("-ordinal").values_list("at", flat=True)[:1])


def _calendar_since(moment: datetime) -> datetime:
    """The newest calendar that was loaded within the hour: a clock is counted by what was known when it was told."""
    loaded = CalendarVersion.objects.filter(loaded_at__gt=hour_of(moment), loaded_at__lte=moment)
    return max([hour_of(moment), *loaded.values_list("loaded_at", flat=True)])
