"""The steps of a piece of work: each statement and commit, each change to the disk, each thing that leaves the house.

Nothing lasting happens between two steps, so to die before each of them, and after the last, is to die anywhere.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NoReturn
from unittest.mock import patch

from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from lianshang.notices import outgoing, sms

DEAD = 99  # how a child ends that died where it should
ON_DISK = ((os, "fsync"), (os, "replace"), (os, "rename"), (os, "mkdir"), (os, "unlink"), (tempfile, "mkstemp"))
OUTWARD = ((EmailBackend, "send_messages"), (outgoing, "post_json"), (sms.FileGateway, "send"))


class Steps:
    """Counts the steps that were passed; before number `last` the process is gone, without a word to anybody.

    `look` tells what lasts at the moment. Where it tells something new before a step, `turns` has the step's number.
    """

    def __init__(
        self, last: int | None = None, sent: Path | None = None, look: Callable[[], object] = lambda: None
    ) -> None:
        self.last, self.sent, self.look = last, sent, look
        self.passed: list[str] = []
        self.turns: list[int] = []
        self._seen = look()

    def step(self, what: str) -> None:
        if len(self.passed) == self.last:
            _vanish()
        if (seen := self.look()) != self._seen:
            self.turns.append(len(self.passed))
            self._seen = seen
        self.passed.append(what)

    def effect(self, what: str) -> None:
        """Something left the house: it stays so, whoever dies."""
        if self.sent:
            with self.sent.open("a", encoding="utf-8") as file:
                file.write(f"{what}\n")


def _vanish() -> NoReturn:
    os._exit(DEAD)


@contextmanager
def watched(steps: Steps) -> Iterator[None]:
    """Count what is done inside, on the connection that is open now."""
    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(_statements(steps)))
        stack.enter_context(patch.object(connection, "_commit", _before(steps, "COMMIT", connection._commit)))
        for owner, name in ON_DISK:
            stack.enter_context(patch.object(owner, name, _before(steps, name, getattr(owner, name))))
        for owner, name in OUTWARD:
            stack.enter_context(patch.object(owner, name, _outward(steps, name, getattr(owner, name))))
        yield
        steps.step("end")


def _statements(steps: Steps) -> Callable[..., Any]:
    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        steps.step(" ".join(str(sql).split())[:90])
        return execute(sql, params, many, context)

    return wrapper


def _before(steps: Steps, what: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def stepping(*words: Any, **named: Any) -> Any:
        steps.step(what)
        return real(*words, **named)

    return stepping


def _outward(steps: Steps, what: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def sending(*words: Any, **named: Any) -> Any:
        steps.step(what)
        answer = real(*words, **named)
        steps.effect(what)
        steps.step(f"{what}, done")
        return answer

    return sending
