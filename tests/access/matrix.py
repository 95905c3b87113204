"""Every cell of the table, tried: what may succeeds, what does not exist answers as nothing at all."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils.encoding import iri_to_uri
from django_scopes import scope

from tests.access import (
    bodies,
    canaries,
    fields,
    organizations,  # noqa: F401 -- says which objects its cells are about
    targets_reports,  # noqa: F401 -- likewise
)
from tests.access.asked import Target
from tests.access.fields import Reader
from tests.access.filling import filled, form_for
from tests.access.table import Table, Verdict
from tests.access.targets import target
from tests.access.world import World, place_of
from tests.harness import forget_editions

NO_PAGE = "/there/is/no/such/page/"
SIGN_IN = "/sign-in/"
CHANGING = (
    (re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"'), b"csrf"),
    (re.compile(rb'nonce="[^"]*"'), b"nonce"),
    (re.compile(rb"'nonce-[^']*'"), b"nonce"),
    (re.compile(rb'name="idempotency_key" value="[^"]*"'), b"key"),
)
WRITES = re.compile(r'(INSERT|UPDATE|DELETE)[^"]*"(\w+)"')
CLAIMED = "kernel_idempotencykey"  # claimed before anything is looked at, and given back with the answer
UNTOLD = ("Content-Length", "Location", "Expires")  # said by the body and by `where`; the second of the answer
SHORTEST_MARK = 8  # a short number stands in any page for other reasons
TAKEN = 400  # statuses from here on are a no


@dataclass(frozen=True)
class Cell:
    action: str
    right: str
    thing: str
    relation: str
    role: str

    def __str__(self) -> str:
        return f"{self.action} · {self.right} · {self.relation} · {self.role}"


@dataclass
class Outcome:
    """`wrong`: cell → why. `tried`: how many of which verdict. `leaks`: what secrets reached whom."""

    tried: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)
    leaks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """What came back, as bytes without what changes from page to page."""

    status: int
    where: str
    heads: tuple[tuple[str, str], ...]
    body: bytes
    told: tuple[str, ...]
    seen: tuple[tuple[tuple[str, str], str], ...] = ()  # which columns, and how
    wrote: tuple[str, ...] = ()  # which tables, in which way

    @property
    def succeeded(self) -> bool:
        return self.status < TAKEN and not self.where.startswith(f"{SIGN_IN}?next=")


def cells(table: Table) -> list[Cell]:
    return [
        Cell(action, right, table.rights[right].of, relation, role) for action, right, relation, role in table.cells()
    ]


def share(all_cells: list[Cell], table: Table, seed: int, most: int) -> list[Cell]:
    """Return so many cells by the seed: of each action and right first one that may and one that may not, then others."""
    dice = random.Random(seed)
    mixed = dice.sample(all_cells, len(all_cells))
    first: dict[tuple[str, str, Verdict], Cell] = {}
    for cell in mixed:
        first.setdefault((cell.action, cell.right, table.verdict(cell.right, cell.relation, cell.role)), cell)
    kept = list(first.values())
    return (kept + [cell for cell in mixed if first.get(_kind(table, cell)) is not cell])[:most]


def _kind(table: Table, cell: Cell) -> tuple[str, str, Verdict]:
    return cell.action, cell.right, table.verdict(cell.right, cell.relation, cell.role)


class Matrix:
    """Tries cells in one world; every one is rolled back."""

    def __init__(self, world: World, table: Table) -> None:
        self.world, self.table, self.fields = world, table, fields.read(table)
        self.outcome = Outcome()
        self._forms: dict[tuple[str, ...], dict[str, Any]] = {}
        self._nothing: dict[Any, Answer] = {}

    def run(self, chosen: Iterable[Cell]) -> Outcome:
        for cell in chosen:
            verdict = self.table.verdict(cell.right, cell.relation, cell.role)
            try:
                why = self._wrong(cell, verdict)
            except Exception as fault:  # noqa: BLE001 whatever stops a cell from being tried is said of that cell
                why = f"could not be tried: {fault!r}"
            self.outcome.tried[verdict] += 1
            if why:
                self.outcome.wrong[str(cell)] = why
        return self.outcome

    def _wrong(self, cell: Cell, verdict: Verdict) -> str:
        """Return why the cell is not as the table says; empty where it is."""
        asked = self._target(cell)
        answer = self.ask(cell, asked)
        if not asked.twin and cell.action.endswith("POST") and verdict == "may":
            forget_editions()
        self._listen(cell, verdict, answer)
        if verdict == "may":
            return "" if answer.succeeded else f"may, but was answered {_shown(answer)}"
        if verdict == "refused":
            return (
                ""
                if answer.status == HTTPStatus.CONFLICT
                else f"is refused with a sentence, but was answered {_shown(answer)}"
            )
        nothing = self._of_nothing(cell, asked)
        if answer.succeeded and not nothing.succeeded:
            return f"does not exist for them, but was answered {_shown(answer)}"
        return _difference(answer, nothing)

    def _target(self, cell: Cell) -> Target:
        with scope(park=self.world.park), transaction.atomic():  # what cannot be made spoils no other cell
            return target(self.world, cell.action, cell.thing, cell.relation, cell.role)

    def _listen(self, cell: Cell, verdict: Verdict, answer: Answer) -> None:
        """A secret may reach those alone who may read what it stands in."""
        if answer.told and not (verdict != "absent" and "sealed" in cell.thing):
            self.outcome.leaks.append(f"{cell}: {', '.join(answer.told)}")
        reader = Reader(cell.role, place_of(cell.thing, cell.relation), cell.thing, cell.relation)
        self.outcome.leaks += [f"{cell}: {one}" for one in fields.wrong(self.fields, reader, dict(answer.seen))]

    # -- asking -------------------------------------------------------------------------------------------------------

    def ask(self, cell: Cell, asked: Target) -> Answer:
        """Ask as whoever stands in the cell; nothing of it stays."""
        method = cell.action.rsplit(" ", 1)[1]
        body = self._body(cell, asked) if method == "POST" else {}
        live = asked.live if method == "POST" and cell.role != "visitor" else None
        return self._sent(self._client(cell), method, asked.path, asked.raw or body, asked.marks[0], live)

    def _client(self, cell: Cell) -> Client:
        return self.world.client(cell.role, place_of(cell.thing, cell.relation))

    def _of_nothing(self, cell: Cell, asked: Target) -> Answer:
        """Return the answer to the same about a thing that does not exist, or of an address that is none."""
        method = cell.action.rsplit(" ", 1)[1]
        path = asked.twin or NO_PAGE
        if cell.role == "visitor" and not asked.twin and cell.thing != "code":
            path = "/desk/"  # a visitor is asked to sign in wherever staff work
        key = (
            cell.action if asked.twin else "",
            method,
            path,
            cell.role,
            place_of(cell.thing, cell.relation),
            cell.right,
        )
        if key not in self._nothing:
            body = self._body(cell, asked) | dict(asked.twin_body or {}) if method == "POST" else {}
            self._nothing[key] = self._sent(self._client(cell), method, path, asked.raw or body, asked.marks[1])
        return self._nothing[key]

    def _sent(
        self,
        client: Client,
        method: str,
        path: str,
        body: Any,
        mark: str,
        live: Callable[[str], dict[str, Any]] | None = None,
    ) -> Answer:
        wrote: list[str] = []

        def listen(execute: Any, sql: str, *more: Any) -> Any:
            if (found := WRITES.match(sql)) and found[2] != CLAIMED:
                wrote.append(" ".join(found.groups()))
            return execute(sql, *more)

        with connection.execute_wrapper(listen):
            answer = self._rolled_back(client, method, path, body, live)
        return _read(answer, path, mark, tuple(wrote))

    def _rolled_back(
        self,
        client: Client,
        method: str,
        path: str,
        body: Any = None,
        live: Callable[[str], dict[str, Any]] | None = None,
    ) -> Any:
        """Ask, and take back what it did to the database and to the browser."""
        kept = dict(client.cookies)
        given = {"content_type": "text/xml"} if isinstance(body, str) else {}
        with transaction.atomic():
            if live:
                body = {**body, **live(client.get(path).content.decode())}
            answer = client.post(path, body, **given) if method == "POST" else client.get(path)
            transaction.set_rollback(True)
        client.cookies.clear()
        client.cookies.update(kept)
        return answer

    # -- valid bodies -------------------------------------------------------------------------------------------------

    def _body(self, cell: Cell, asked: Target) -> dict[str, Any]:
        """Return what somebody who may do it would send: the form of their page, filled in."""
        fields: dict[str, Any] = {}
        if asked.form != "":
            donor = self._donor(cell)
            key = (cell.action, cell.right, donor.role, place_of(donor.thing, donor.relation))
            if key not in self._forms:
                self._forms[key] = self._read_form(donor)
            fields = self._forms[key]
        return {name: value for name, value in {**fields, **asked.body}.items() if value is not None}

    def _donor(self, cell: Cell) -> Cell:
        """The cell itself where it may; else the first that may, in the same relation if there is one."""
        for relation in (cell.relation, *self.table.things[cell.thing]):
            for role in (cell.role, *self.table.roles.values()):
                if self.table.verdict(cell.right, relation, role) == "may":
                    return Cell(cell.action, cell.right, cell.thing, relation, role)
        raise LookupError(f"nobody may {cell.action}, so that there is no valid body")

    def _read_form(self, donor: Cell) -> dict[str, Any]:
        """The form that stands on the page, as this person sees it."""
        own = self._target(donor)
        page = own.form or own.path
        shown = self._rolled_back(self._client(donor), "GET", page)
        if shown.status_code != HTTPStatus.OK:
            raise LookupError(f"{page} answered {shown.status_code} to {donor}, so that its form cannot be filled in")
        form = form_for(shown.content.decode(), page, own.path)
        return filled(form, as_it_stands=donor.action in bodies.AS_IT_STANDS)


def _read(raw: HttpResponseBase, path: str, mark: str, wrote: tuple[str, ...]) -> Answer:
    content = canaries.whole(raw)
    told = tuple(canaries.told(content))
    body = b"".join(content.split(b"\n\n", 1)[1:])
    where = raw.get("Location", "")
    for found, put in ((iri_to_uri(path), "«path»"), (path, "«path»"), (mark, "«mark»")):
        if len(found) >= SHORTEST_MARK:
            body, where = body.replace(found.encode(), put.encode()), where.replace(found, put)
    for pattern, put in CHANGING:
        body = pattern.sub(put, body)
    heads = tuple(sorted((name, _steady(value)) for name, value in raw.items() if name not in UNTOLD))
    return Answer(raw.status_code, where, heads, body, told, tuple(fields.seen(content).items()), wrote)


def _steady(value: str) -> str:
    text = value.encode()
    for pattern, put in CHANGING:
        text = pattern.sub(put, text)
    return text.decode()


def _difference(one: Answer, other: Answer) -> str:
    """Return how the two can be told apart."""
    if one.status != other.status:
        return f"answers {_shown(one)}, and {_shown(other)} for what does not exist"
    if _asked_for(one.where) != _asked_for(other.where):
        return f"leads to {one.where}, and to {other.where} for what does not exist"
    if one.heads != other.heads:
        return f"has other headers than what does not exist: {dict(set(one.heads) ^ set(other.heads))}"
    if one.wrote != other.wrote:
        return f"writes {one.wrote}, and {other.wrote} for what does not exist"
    if one.body != other.body:
        place = next(
            (n for n, (a, b) in enumerate(zip(one.body, other.body, strict=False)) if a != b),
            min(len(one.body), len(other.body)),
        )
        around = slice(max(0, place - 60), place + 60)
        return f"differs from what does not exist: {one.body[around]!r} and {other.body[around]!r}"
    return ""


def _asked_for(where: str) -> str:
    """Where one is led to; the page asked for in `next` is one's own words."""
    return where.partition("?next=")[0]


def _shown(answer: Answer) -> str:
    words = re.sub(rb"<[^>]+>", b" ", answer.body.partition(b"<main")[2] or answer.body)
    return f"{answer.status} {answer.where} {' '.join(words.decode(errors='replace').split())[:240]}"


def lines(outcome: Outcome) -> Iterator[str]:
    yield from (f"{cell}\n    {why}" for cell, why in outcome.wrong.items())
