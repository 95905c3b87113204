"""What the ledger tells of many cases, read in few statements: a stretch of keys at a time, in their order."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from lianshang.cases import supervision
from lianshang.cases.ledger_columns import Facts, Happened, parted
from lianshang.cases.models import Assignment, Case, CaseClock, CaseEvent, FirstHandler
from lianshang.enterprises import contact_persons

STRETCH = 500
LEAD_DUTIES = ("handle", "rework", "promise")
TOLD = (
    "answer", "record_closed", "relay", "refuse", "redirect", "terminate", "progress", "plan", "report_in", "contact",
    "grant_extension", "pause", "keep_record",
)  # fmt: skip
_CASE = {
    "number": "number", "registered_at": "registered_at", "state": "state", "channel": "channel",
    "anonymous": "anonymous", "category": "category", "title": "title", "urgency": "urgency", "close_type": "close_type",
    "closed_at": "closed_at", "grade": "grade", "rework_count": "rework_count", "external_number": "external_number",
    "contact_name": "contact_name", "contact_phone": "contact_phone", "merged_into": "merged_into__number",
    "lead": "lead_unit__name", "chain": "enterprise__sector", "uscc": "enterprise__uscc", "firm": "enterprise",
}  # fmt: skip


def told(keys: Sequence[int]) -> Iterator[Facts]:
    """Yield the facts of these cases in the order of the keys. What is sealed by now, or a draft, is left out."""
    for start in range(0, len(keys), STRETCH):
        yield from _stretch(keys[start : start + STRETCH])


def _stretch(keys: Sequence[int]) -> Iterator[Facts]:
    rows = {
        row["pk"]: row
        for row in Case.objects.open_ledger().filter(pk__in=keys).values(
            "pk", "batch", "enterprise__name", "enterprise_name", *_CASE.values()
        )
    }  # fmt: skip
    more = _more(list(rows), {row["enterprise"] for row in rows.values() if row["enterprise"]})
    for key in keys:
        if key in rows:
            yield _facts(rows[key], more)


def _facts(row: dict[str, Any], more: dict[str, dict[int, Any]]) -> Facts:
    key = row["pk"]
    own: dict[str, Any] = {name: row[column] if row[column] is not None else "" for name, column in _CASE.items()}
    own["closed_at"] = row["closed_at"]
    officer = more["officer"].get(own.pop("firm"), "")
    first_unit, first_person = more["first"].get(key, ("", ""))
    events = tuple(more["events"].get(key, ()))
    kept = next((event.note for event in events if event.verb == "keep_record"), "") if row["batch"] else ""
    return Facts(
        **own,
        enterprise=row["enterprise__name"] or row["enterprise_name"],
        contact_officer=officer,
        first_unit=first_unit,
        first_person=first_person or "",
        co_units=tuple(dict.fromkeys(more["co"].get(key, ()))),
        due_at=more["due"].get(key),
        events=events,
        said=parted(kept) if kept else {},
        supervised=more["supervised"].get(key, ""),
    )


def _more(keys: list[int], firms: set[int]) -> dict[str, dict[int, Any]]:
    """What stands in other tables, by case."""
    events: dict[int, list[Happened]] = defaultdict(list)
    happened: Any = CaseEvent.objects.filter(subject__in=keys, verb__in=TOLD).order_by("subject", "ordinal")
    for key, *told in happened.values_list("subject", "verb", "at", "note", "reference", "due_at"):
        events[key].append(Happened(*told))
    co: dict[int, list[str]] = defaultdict(list)
    parts = Assignment.objects.filter(case__in=keys, part=Assignment.Part.CO).order_by("dispatched_at", "pk")
    for key, unit in parts.values_list("case", "unit__name"):
        co[key].append(unit)
    clocks = CaseClock.objects.filter(subject__in=keys, duty__in=LEAD_DUTIES).order_by("started_at", "pk")
    firsts = FirstHandler.objects.filter(case__in=keys).order_by("pk")
    officers = contact_persons.in_force().filter(enterprise__in=firms).values_list("enterprise", "person__name")
    return {
        "events": events,
        "supervised": supervision.marked(keys),
        "officer": dict(officers),
        "co": co,
        "due": dict(clocks.values_list("subject", "due_at")),
        "first": {key: rest for key, *rest in firsts.values_list("case", "unit__name", "person__name")},
    }
