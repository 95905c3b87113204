"""Who made a complaint is sought in every answer and every line of the log of every test, wherever it is.

Whatever identity a test locks up (a name, a telephone, an address) must come out nowhere, but for the page that shows it
to the one it stands open for, and for the form that its writer gets back. What the same test also gives in the open, as a
contact of the open ledger or as somebody of staff, tells nothing.
"""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import pytest

SHORTEST = 2  # letters of a name


@dataclass
class Sweep:
    """`secrets`: words → the key of the complaint. `hits` name what came out, and where."""

    secrets: dict[str, str] = field(default_factory=dict)
    hits: list[str] = field(default_factory=list)
    answers: int = 0
    shapes: dict[str, frozenset[bytes]] = field(default_factory=dict)

    def learn(self, real: Callable[..., Any], key: Any, who: Any) -> Any:
        told = [words for words in asdict(who).values() if len(words) >= SHORTEST]
        self.secrets |= dict.fromkeys(told, str(key))
        self.shapes |= {words: shapes(words) for words in told}
        return real(key, who)

    def listen(self, real: Callable[..., Any], handler: Any, request: Any) -> Any:
        answer = real(handler, request)
        if self.secrets:
            self.answers += 1
            self._look(request, answer)
        return answer

    def _look(self, request: Any, answer: Any) -> None:
        from tests.access.canaries import unpacked

        if answer.streaming:
            return
        heads = "\n".join(f"{name}: {value}" for name, value in answer.items()).encode()
        layers = [heads, answer.content, *unpacked(answer.content)]
        for words, key in self.secrets.items():
            found = any(shape in layer for shape in self.shapes[words] for layer in layers)
            if found and not _is_theirs(request, words, key):
                self.hits.append(f"{request.method} {request.path} tells {words}")


class Listener(logging.Handler):
    """Hears every line of the log, with what an exception would print."""

    def __init__(self, sweep: Sweep) -> None:
        super().__init__()
        self.sweep = sweep

    def emit(self, record: logging.LogRecord) -> None:
        if self.sweep.secrets and record.name.startswith("lianshang"):
            line = self.format(record)
            self.sweep.hits += [f"the log tells {one}: {line[:200]}" for one in self.sweep.secrets if one in line]


def shapes(words: str) -> frozenset[bytes]:
    """Return the bytes by which the words would be seen: plain, percent, JSON, HTML. Short ones have no others of their own."""
    forms = [
        words,
        quote(words),
        quote(words, safe=""),
        json.dumps(words)[1:-1],
        "".join(f"&#{ord(one)};" for one in words),
    ]
    return frozenset(one.encode() for one in forms)


def _is_theirs(request: Any, words: str, key: str) -> bool:
    """Whether the words are the writer's own, stand open for the reader, or are no secret in this world at all."""
    if any(words in value for values in (request.GET, request.POST) for value in values.values()):
        return True
    return _is_open_on(request, key) or _is_said_in_the_open(words)


def _is_open_on(request: Any, key: str) -> bool:
    from django_scopes import scopes_disabled

    from lianshang.cases.models import CaseEvent

    with scopes_disabled():
        return key in request.path and CaseEvent.objects.filter(subject__key=key, verb="see_identity").exists()


def _is_said_in_the_open(words: str) -> bool:
    from django.db.models import Q
    from django_scopes import scopes_disabled

    from lianshang.cases.models import Case, Draft
    from lianshang.directory.models import Person, Unit
    from lianshang.enterprises.models import Enterprise

    named = Q(contact_name=words) | Q(contact_phone=words) | Q(contact_email=words) | Q(enterprise_name=words)
    said = named | Q(text__contains=words) | Q(title__contains=words)
    with scopes_disabled():
        return (
            Case.objects.filter(said).exists()
            or Enterprise.objects.filter(name=words).exists()
            or Person.objects.filter(name=words).exists()
            or Unit.objects.filter(Q(name=words) | Q(phone=words)).exists()
            or Draft.objects.filter(Q(text__contains=words) | Q(sender__contains=words)).exists()
        )


@contextmanager
def sweeping() -> Iterator[Sweep]:
    """Everything that is answered or logged inside is searched."""
    from django.core.handlers.base import BaseHandler

    from lianshang.cases import identities

    sweep, root = Sweep(), logging.getLogger()
    real, get = identities.locked_up, BaseHandler.get_response
    with ExitStack() as stack:
        stack.enter_context(patch.object(identities, "locked_up", partial(sweep.learn, real)))
        answering = lambda handler, request: sweep.listen(get, handler, request)  # noqa: E731 a method takes its handler
        stack.enter_context(patch.object(BaseHandler, "get_response", answering))
        listener = Listener(sweep)
        root.addHandler(listener)
        stack.callback(root.removeHandler, listener)
        yield sweep


@pytest.fixture(autouse=True)
def swept(request: pytest.FixtureRequest) -> Iterator[Sweep | None]:
    if not request.node.get_closest_marker("database"):
        yield None
        return
    with sweeping() as sweep:
        yield sweep
    assert sweep.hits == [], "\n".join(sweep.hits[:20])
