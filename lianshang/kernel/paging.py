"""Pages of a list by key: the next page begins after the last row seen, whatever was added or moved meanwhile.

A page's address carries the values of that row encrypted, because row ids and times of registration are nobody's
business.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest

SIZE = 30  # rows of a page: about two screens; more cost time that nobody looks at

# How a value is written into a token and read back; datetimes keep their microseconds.
CODECS: dict[str, tuple[type, Callable[[Any], Any], Callable[[Any], Any]]] = {
    "t": (datetime, datetime.isoformat, datetime.fromisoformat),
    "d": (date, date.isoformat, date.fromisoformat),
    "n": (Decimal, str, Decimal),
    "u": (UUID, str, UUID),
}


@dataclass(frozen=True)
class Page:
    """Rows in the order asked for, and the tokens of the pages beside; None where the list ends."""

    rows: list[Any]
    next: str | None
    previous: str | None


def page(
    rows: QuerySet, order: Iterable[str | OrderBy] = ("-registered_at", "-id"), *, after: str = "", size: int = SIZE
) -> Page:
    """Return one page of the rows; `after` is the token of an earlier answer, and a bad one means the first page.

    `order` ends in something unique. Its terms are names as for `order_by` (with `-` for the largest first), or
    `F("due_at").asc(nulls_last=True)` for columns that may be empty; empty ones without it are not allowed.
    """
    terms = [_term(term) for term in order]
    backwards, values = _opened(after, terms)
    if values is None:
        found = list(rows.order_by(*terms)[: size + 1])
        return Page(found[:size], _token(found[size - 1], terms) if len(found) > size else None, None)
    if backwards:
        return _before(rows, terms, values, size)
    found = list(rows.filter(_beyond(terms, values)).order_by(*terms)[: size + 1])
    if not found:
        return page(rows, terms, size=size)
    following = _token(found[size - 1], terms) if len(found) > size else None
    return Page(found[:size], following, _token(found[0], terms, backwards=True))


def asked(request: HttpRequest) -> str:
    """Return the token that the pager's links send: `?after=` or `?before=`."""
    return request.GET.get("after") or request.GET.get("before") or ""


def _before(rows: QuerySet, terms: list[OrderBy], values: list[Any], size: int) -> Page:
    """The page that ends before the values; the first page, full, where fewer rows than that stand before them."""
    turned = [_turned(term) for term in terms]
    found = list(rows.filter(_beyond(turned, values)).order_by(*turned)[: size + 1])
    if len(found) <= size:
        return page(rows, terms, size=size)
    shown = found[size - 1 :: -1]
    return Page(shown, _token(shown[-1], terms), _token(shown[0], terms, backwards=True))


def _term(term: str | OrderBy) -> OrderBy:
    if isinstance(term, OrderBy):
        return term
    return F(term[1:]).desc() if term.startswith("-") else F(term).asc()


def _turned(term: OrderBy) -> OrderBy:
    turned = term.copy()
    turned.reverse_ordering()
    return turned


def _beyond(terms: list[OrderBy], values: list[Any]) -> Q:
    """Rows after these values: equal in the first terms and beyond in the next one. The last of them is never empty."""
    steps, equal = [], Q()
    for term, value in zip(terms, values, strict=True):
        name = term.expression.name
        steps.append(equal & _past(term, value))
        equal &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
    first, value = terms[0], values[0]
    bound = Q()
    if value is not None and not first.nulls_last:
        # Says nothing new, but lets the database start in the index at the right place.
        bound = Q(**{f"{first.expression.name}__{'lte' if first.descending else 'gte'}": value})
    return bound & reduce(or_, steps)


def _past(term: OrderBy, value: Any) -> Q:
    """Rows whose value of this term comes after `value`; empty ones come last or first, as the term says."""
    name = term.expression.name
    empty = Q(**{f"{name}__isnull": True})
    if value is None:
        return ~empty if term.nulls_first else Q(pk__in=[])
    larger = Q(**{f"{name}__{'lt' if term.descending else 'gt'}": value})
    return larger | empty if term.nulls_last else larger


def _token(row: Any, terms: list[OrderBy], *, backwards: bool = False) -> str:
    values = [_written(reduce(getattr, term.expression.name.split("__"), row)) for term in terms]
    return _cipher().encrypt(json.dumps([backwards, _shape(terms), values]).encode()).decode()


def _opened(token: str, terms: list[OrderBy]) -> tuple[bool, list[Any] | None]:
    """Return the direction and the values, or None for a token that is not ours or of another order."""
    try:
        backwards, shape, values = json.loads(_cipher().decrypt(token.encode()))
    except (InvalidToken, ValueError):
        return False, None
    return backwards, [_read(value) for value in values] if shape == _shape(terms) else None


def _shape(terms: list[OrderBy]) -> str:
    return ",".join(f"{'-' * term.descending}{term.expression.name}" for term in terms)


def _written(value: Any) -> Any:
    for code, (kind, write, _) in CODECS.items():
        if isinstance(value, kind):
            return [code, write(value)]
    return value


def _read(value: Any) -> Any:
    return CODECS[value[0]][2](value[1]) if isinstance(value, list) else value


def _cipher() -> Fernet:
    secret = hashlib.sha256(f"lianshang.kernel.paging:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(secret))
