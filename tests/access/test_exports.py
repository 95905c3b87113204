"""What leaves as a workbook has the columns that were decided on, and no more; contacts leave masked."""

import io
from typing import Any
from unittest.mock import patch

import openpyxl
import yaml
from django.db import transaction

from lianshang.cases import ledger_columns
from lianshang.cases.ledger_columns import Column
from tests.access.cases import OPEN_WORDS
from tests.access.table import FOLDER
from tests.access.world import World

DECIDED: dict[str, dict[str, list[str]]] = yaml.safe_load((FOLDER / "sheets.yaml").read_text(encoding="utf-8"))
PHONE = OPEN_WORDS["contact_phone"]


def taken_out(world: World, what: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return sheet → its rows, as the auditor takes them out."""
    client = world.client("auditor", "office")
    with transaction.atomic():
        job = client.post("/cases/export/", {"what": what, "query": ""})["Location"]
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"{job}file/").content))
        transaction.set_rollback(True)
    return {sheet.title: [tuple(row) for row in sheet.values] for sheet in book}


def undecided(book: dict[str, list[tuple[Any, ...]]], what: str) -> list[str]:
    """Return the sheets whose headings are not those that were decided on; a printed sheet has a title above them."""
    decided = DECIDED[what]
    headed = {name: [list(row) for row in rows[:4]] for name, rows in book.items()}
    return [name for name in {*decided, *headed} if decided.get(name) not in headed.get(name, [])]


def test_every_column_that_leaves_is_decided(world: World) -> None:
    book = taken_out(world, "ledger")

    assert undecided(book, "ledger") == []
    assert PHONE not in str(book)


def test_a_column_more_is_caught(world: World) -> None:
    wider, contact = (*ledger_columns.CONTACTS, Column("邮箱", 12)), ledger_columns.contact
    with (
        patch.object(ledger_columns, "CONTACTS", wider),
        patch.object(ledger_columns, "contact", lambda *given, **more: (*contact(*given, **more), "a@b.example")),
    ):
        book = taken_out(world, "ledger")

    assert undecided(book, "ledger") == ["联系方式"]
