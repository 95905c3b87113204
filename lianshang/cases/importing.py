"""A ledger on its way in: what its sheet says, judged row by row, before anything is written."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo

from lianshang.cases import headings, ledger_rows
from lianshang.cases.handed_in import Ledger, opened
from lianshang.cases.ledger_rows import CellError, Draft, Parsed, Vocabulary
from lianshang.cases.models import Case, CaseEvent
from lianshang.directory.models import Unit
from lianshang.enterprises.models import Enterprise
from lianshang.kernel import tables
from lianshang.kernel.profiles import Profile

__all__ = [
    "Ledger", "by_time", "imported_before", "judged", "names", "narrowed", "number_column", "opened", "without_repeats",
]  # fmt: skip
AT_ONCE = 500  # numbers asked for in one query


def narrowed(ledger: Ledger, mapping: Mapping[str, str]) -> Ledger:
    """The ledger as if it had the columns of the mapping alone: what was set aside must not be guessed at again."""
    used, kept = set(mapping.values()), []
    for heading in ledger.sheet.headings:
        kept.append(heading if heading in used else "")
        used.discard(heading)
    return replace(ledger, sheet=replace(ledger.sheet, headings=tuple(kept)))


def judged(
    ledger: Ledger,
    *,
    profile: Profile,
    zone: tzinfo,
    at: datetime,
    mapping: Mapping[str, str] | None = None,
    units: Collection[str] = (),
) -> Parsed:
    """Judge every row, without asking the database. Raises `headings.Misheaded` where the sheet cannot be a ledger."""
    known = Vocabulary(urgencies=profile.urgencies, kinds=profile.kinds, units=units)
    return ledger_rows.parse(ledger.sheet, mapping=mapping, zone=zone, at=at, vocabulary=known)


def without_repeats(parsed: Parsed, column: str, at: int | None = None) -> Parsed:
    """Take out the rows whose external number an earlier batch of the park has, each as an error that says where.

    `column`: the heading of the number, `at`: its place from 0.
    """
    places = imported_before(draft.number for draft in parsed.drafts)
    place = tables.letter(at) if at is not None else ""
    errors = [
        CellError(
            draft.row,
            column,
            draft.number,
            f"编号已经导入过：{places[draft.number]}。请去掉这一行",
            f"{place}{draft.row}",
        )
        for draft in parsed.drafts
        if draft.number in places
    ]
    sound = [draft for draft in parsed.drafts if draft.number not in places]
    return replace(parsed, drafts=sound, errors=sorted([*parsed.errors, *errors], key=lambda error: error.row))


def number_column(ledger: Ledger, mapping: Mapping[str, str] | None = None) -> str:
    """Return the heading of the external number."""
    at = headings.columns(ledger.sheet.headings, mapping).get("number")
    return headings.label("number") if at is None else ledger.sheet.headings[at]


def imported_before(numbers: Iterable[str]) -> dict[str, str]:
    """Return external number → where it stood, for those in a batch that is not undone. Needs the park's scope."""
    asked = sorted({number for number in numbers if number})
    found: dict[str, str] = {}
    for start in range(0, len(asked), AT_ONCE):
        rows = Case.objects.filter(
            external_number__in=asked[start : start + AT_ONCE], batch__isnull=False, batch__undone_at=None
        )
        batches = dict(rows.values_list("pk", "batch_id"))
        events = CaseEvent.objects.filter(subject__in=batches, verb="register")
        for pk, number, stood in events.values_list("subject", "subject__external_number", "reference"):
            found[number] = f"批次 {batches[pk]}，{stood}"
    return found


def by_time(drafts: Iterable[Draft]) -> list[Draft]:
    """In the order in which they were raised, so that their numbers follow it."""
    return sorted(drafts, key=lambda draft: (draft.asked_at, draft.row))


def names() -> dict[str, list[str]]:
    """Return the units and enterprises of the park that a form offers to choose from. Needs the park's scope."""
    units = Unit.objects.filter(is_active=True).exclude(kind__in=(Unit.Kind.SUPERIOR, Unit.Kind.COMMITTEE))
    firms = Enterprise.objects.filter(is_active=True)
    return {
        "units": list(units.order_by("code").values_list("name", flat=True)),
        "enterprises": list(firms.order_by("name").values_list("name", flat=True)),
    }
