"""Runs a use case to each of its steps, and holds what is left to the invariants and to what the use case promises.

The promise: whoever got no answer presses again, with the same key, and gets the receipt of the one deed that was done.
"""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from django.utils import timezone

from lianshang.cases.tests.factories import DAY, Town
from lianshang.kernel import idempotency, outbox
from lianshang.notices import delivery
from tests.crash import invariants
from tests.crash.boundaries import DEAD, Steps, watched
from tests.crash.scripts import Script
from tests.crash.world import Moment, World
from tests.forks import forked
from tests.harness import forget_editions

LATER = timezone.now() + 90 * DAY  # when the worker looks: all of its waits are over
ROUNDS = 5  # of the worker, until nothing is due
Plant = Callable[[], None]


@dataclass
class Result:
    """What was tried of one use case. `faults` is one line for each point that broke a promise."""

    name: str
    points: int = 0
    states: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


def enumerated(script: Script, world: World, beginning: Moment, *, plant: Plant | None = None) -> Result:
    """Die at every step of the use case and judge what is left. `plant` breaks the program first, in the child alone."""
    begun = time.monotonic()
    world.put_back(beginning)
    forget_editions()
    with world.entered() as town:
        subject = script.prepare(town)
        key = idempotency.mint()
    press, ready = Press(script, subject, key, plant), world.moment()
    steps, done = _whole(press, world)
    result = Result(script.name, points=len(steps) + 1)
    _each_point(press, world, ready, steps, done, result)
    result.seconds = time.monotonic() - begun
    return result


@dataclass
class Press:
    """One press of a button: what is done, for whom, under which key."""

    script: Script
    subject: Any
    key: str
    plant: Plant | None

    def once(self, town: Town) -> str:
        """Do it as a form does, and return the receipt."""
        if not self.script.keyed:
            return str(self.script.act(town, self.subject))
        request = RequestFactory().post("/press/", {idempotency.FIELD: self.key})
        request.park, request.actor = town.park, None
        return str(idempotency.once(self._view)(request, town)["Location"])

    def _view(self, request: HttpRequest, town: Town) -> HttpResponse:
        done = self.script.act(town, self.subject)
        return HttpResponseRedirect(f"/receipts/{done}/")

    def until(self, world: World, last: int | None, told: Path | None = None) -> int:
        """In a child: press, and die before the step `last`. Returns how the child ended."""

        def child() -> None:
            forget_editions()  # a new process knows nothing by heart
            if self.plant:
                self.plant()
            steps = Steps(last, world.sent)
            with world.entered() as town, watched(steps):
                receipt = self.once(town)
            if told:
                told.write_text(json.dumps({"steps": steps.passed, "receipt": receipt}), encoding="utf-8")

        return forked(child)


def _whole(press: Press, world: World) -> tuple[list[str], dict[str, object]]:
    """Once without dying: the steps, and the shape of the world when the worker has done its part."""
    told = world.folder / "told"
    code = press.until(world, None, told)
    if code:
        raise AssertionError(f"{press.script.name} fails by itself ({code})")
    with world.entered() as town:
        work(town)
        return json.loads(told.read_text(encoding="utf-8"))["steps"], invariants.shape()


def _each_point(
    press: Press, world: World, ready: Moment, steps: list[str], done: dict[str, object], result: Result
) -> None:
    judged: set[str] = set()
    world.put_back(ready)
    untouched = state = world.state()
    for last in range(len(steps) + 1):
        if state != untouched:
            world.put_back(ready)
        code = press.until(world, last)
        where = f"{result.name} before step {last} ({[*steps, 'nothing more'][last]})"
        if code != (DEAD if last < len(steps) else 0):
            result.faults.append(f"{where}: the child ended with {code}")
        if (state := world.state()) not in judged:
            judged.add(state)
            result.faults += [f"{where}: {what}" for what in _judged(press, world, done)]
            state = "judged"
        if result.faults and press.plant:
            return
    result.states = len(judged)


def _judged(press: Press, world: World, done: dict[str, object]) -> list[str]:
    """After the crash: what holds at once, what the worker mends, and what whoever presses again is told."""
    forget_editions()
    with world.entered() as town, watched(Steps(sent=world.sent)):
        found = invariants.broken()
        try:
            found += _pressed_again(press, town)
        except Exception as error:  # noqa: BLE001 -- whatever it is, whoever pressed did not get a receipt
            found.append(f"pressed again: {type(error).__name__}: {error}")
        found += [f"{sentence} (pressed again)" for sentence in invariants.broken()]
        found += _differences(done, invariants.shape())
        found += press.script.also(town, world)
    return found


def _pressed_again(press: Press, town: Town) -> list[str]:
    work(town)
    first = press.once(town)
    work(town)
    again = press.once(town) if press.script.keyed else first
    return [f"two receipts for one key: {first} and {again}"] if again != first else []


def _differences(done: dict[str, object], found: dict[str, object]) -> list[str]:
    return [f"{name}: {found.get(name)} instead of {told}" for name, told in done.items() if found.get(name) != told]


def work(town: Town) -> None:
    """What the worker does after a restart."""
    for _ in range(ROUNDS):
        if not outbox.run_due(LATER, worker=f"rig:{os.getpid()}") + delivery.send_due(town.park, LATER):
            return
