"""Every sensitive column is decided for every reader, and each reader of a case sees of it what was decided, no more."""

from collections.abc import Iterator
from unittest.mock import patch

from django.db import transaction

from lianshang.cases import ledger_columns
from lianshang.cases.ledger_columns import Column
from lianshang.cases.views import detail
from lianshang.config.field_classes import declared
from tests.access import fields, matrix, table
from tests.access.canaries import whole
from tests.access.cases import OPEN_WORDS
from tests.access.fields import Reader
from tests.access.matrix import Cell
from tests.access.table import FOLDER
from tests.access.world import World, place_of

RULES = table.read()
GUARDED = ("sensitive", "secret")
OTHERS = ("sessions.",)  # of the framework, read by it alone


def guarded() -> dict[str, str]:
    """Return column → class of what harms somebody or opens something."""
    return {
        f"{model}.{name}": kind
        for model, groups in declared().items()
        for kind in GUARDED
        for name in groups.get(kind, ())
        if not model.startswith(OTHERS)
    }


def readers(action: str, right: str) -> Iterator[Cell]:
    """Yield the cells of those who may."""
    thing = RULES.rights[right].of
    for relation in RULES.things[thing]:
        for role in RULES.roles.values():
            if RULES.verdict(right, relation, role) == "may":
                yield Cell(action, right, thing, relation, role)


def seen_by(world: World, cell: Cell) -> dict[tuple[str, str], str]:
    tries = matrix.Matrix(world, RULES)
    return dict(tries.ask(cell, tries._target(cell)).seen)


def test_every_sensitive_column_is_decided() -> None:
    found = fields.read(RULES)

    assert [*found.faults, *fields.undecided(found, guarded())] == []


def test_a_new_column_is_undecided_and_named() -> None:
    found = fields.read(RULES)

    (told,) = fields.undecided(found, guarded() | {"cases.Case.passport": "sensitive"})

    assert told.startswith("UNDECIDED: cases.Case.passport is sensitive")


def test_a_reader_left_out_of_a_line_is_undecided() -> None:
    text = (FOLDER / fields.FILE_OF_FIELDS).read_text(encoding="utf-8")

    found = fields.read(RULES, text.replace("lead, co: D L B (H) (C) (R) (A) /", "lead, co: D B (H) (C) (R) (A) /"))

    assert any("says nothing of L (liaison)" in one for one in found.faults)


def test_readers_of_a_case_see_what_is_theirs_and_no_more(world: World) -> None:
    found = fields.read(RULES)
    cells = [*readers("cases:detail GET", "reads, open"), *readers("cases:detail GET", "reads, sealed")]

    told = []
    for cell in cells:
        reader = Reader(cell.role, place_of(cell.thing, cell.relation), cell.thing, cell.relation)
        seen = seen_by(world, cell)
        told += [f"{cell}: {one}" for one in fields.wrong(found, reader, seen)]
        told += [f"{cell}: {one}" for one in _missing(found, reader, seen, cell.thing.split()[0])]

    assert told == []


SHOWN = ("title", "text", "place", "contact_name", "contact_phone")  # of an open case, on its page
SHOWN_SEALED = ("text", "place")  # its title is made of the words as they were screened


def _missing(found: fields.Fields, reader: Reader, seen: dict[tuple[str, str], str], kind: str) -> Iterator[str]:
    for name in SHOWN if kind == "open" else SHOWN_SEALED:
        column = f"cases.Case.{name}"
        if seen.get((kind, column), "absent") != found.verdict(kind, column, reader):
            yield f"{column} is {seen.get((kind, column))}, decided was {found.verdict(kind, column, reader)}"


WHERE_READ = {  # column → a page of those who may read it
    "cases.Draft.text": Cell("cases:draft-register GET", "settles a draft", "personal", "own", "dispatcher"),
    "cases.Theme.task": Cell("cases:theme GET", "reads a theme", "theme", "owner", "liaison"),
    "cases.ExportJob.content": Cell("cases:export-file GET", "has taken out", "personal", "own", "auditor"),
    "cases.Interest.name": Cell("cases:interest-end GET", "is one's own", "personal", "own", "liaison"),
    "reports.Article.text": Cell("reports:article GET", "has a text checked", "personal", "own", "reporting_clerk"),
}


def test_what_is_sought_is_found_where_it_may_be_read(world: World) -> None:
    blind = [column for column, cell in WHERE_READ.items() if ("elsewhere", column) not in seen_by(world, cell)]

    assert blind == []


def test_a_number_shown_to_whoever_reads_is_caught(world: World) -> None:
    cell = Cell("cases:detail GET", "reads, open", "open case", "office", "auditor")
    assert matrix.Matrix(world, RULES).run([cell]).leaks == []

    with patch.object(detail, "show_phone", lambda case, actor: True):
        outcome = matrix.Matrix(world, RULES).run([cell])

    assert outcome.leaks == [f"{cell}: cases.Case.contact_phone (open) is seen whole, and is theirs masked alone"]


def test_a_column_added_to_a_sheet_is_caught(world: World) -> None:
    """Contacts leave masked: who takes the ledger out may not have a whole number in it."""
    found, reader = fields.read(RULES), Reader("auditor", "office", "page", "here")
    contact = ledger_columns.contact
    with patch.object(
        ledger_columns, "contact", lambda *given, **more: (*contact(*given, **more), OPEN_WORDS["contact_phone"])
    ), patch.object(ledger_columns, "CONTACTS", (*ledger_columns.CONTACTS, Column("电话", 12))):  # fmt: skip
        wider = fields.wrong(found, reader, fields.seen(sheet_of(world)))

    assert fields.wrong(found, reader, fields.seen(sheet_of(world))) == []
    assert wider == ["cases.Case.contact_phone (open) is seen whole, and is theirs masked alone"]


def sheet_of(world: World) -> bytes:
    """The ledger, as the auditor takes it out."""
    client = world.client("auditor", "office")
    with transaction.atomic():
        job = client.post("/cases/export/", {"what": "ledger", "query": ""})["Location"]
        content = whole(client.get(f"{job}file/"))
        transaction.set_rollback(True)
    return content
