"""Runs a use case to each of its steps, and holds what is left to the invariants and to what the use case promises.

The promise: whoever got no answer presses again, with the same key, and gets the receipt of the one deed that was done.
"""

import json
import os
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
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
    """What was tried of one use case: how many steps it has, how many died, how many worlds they left.

    `faults` is one line for each death that broke a promise.
    """

    name: str
    points: int = 0
    deaths: int = 0
    states: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


@dataclass
class Whole:
    """The use case as nobody breaks it off: its steps, before which of them something new lasts, and what comes of it."""

    steps: list[str]
    turns: list[int]
    shape: dict[str, object]
    faults: list[str]


def enumerated(
    script: Script, world: World, beginning: Moment, *, plant: Plant | None = None, every: bool = False
) -> Result:
    """Die in the use case and judge what is left. `plant` breaks the program first, in the children alone.

    Two deaths between which nothing new lasts leave the same world, so that one is enough: the last before each change,
    and the last of all. `every`: at every step all the same, whatever the marks say.
    """
    begun = time.monotonic()
    press, ready, whole = _begun(script, world, beginning)
    result = Result(script.name, faults=[f"{script.name} whole: {what}" for what in whole.faults])
    if plant:
        press, whole = replace(press, plant=plant), _broken_whole(press, plant, world, ready, whole)
    result.points = len(whole.steps) + 1
    _deaths(press, world, ready, whole, result, every=every)
    result.seconds = time.monotonic() - begun
    return result


def _begun(script: Script, world: World, beginning: Moment) -> tuple["Press", Moment, Whole]:
    """What stands ready, and how it goes by itself; found once for each world."""
    if script.name not in world.begun:
        world.put_back(beginning)
        forget_editions()
        with world.entered() as town:
            subject = script.prepare(town)
            press = Press(script, subject, idempotency.mint())
        world.begun[script.name] = press, world.moment(), _whole(press, world)
    return world.begun[script.name]  # type: ignore[no-any-return]


@dataclass
class Press:
    """One press of a button: what is done, for whom, under which key."""

    script: Script
    subject: Any
    key: str
    plant: Plant | None = None

    def once(self, town: Town) -> str:
        """Do it as a form does, and return the receipt. What an earlier press has looked up stays with that press."""
        subject = deepcopy(self.subject)
        if not self.script.keyed:
            return str(self.script.act(town, subject))
        request = RequestFactory().post("/press/", {idempotency.FIELD: self.key})
        request.park, request.actor = town.park, None
        return str(idempotency.once(self._view)(request, town, subject)["Location"])

    def _view(self, request: HttpRequest, town: Town, subject: Any) -> HttpResponse:
        done = self.script.act(town, subject)
        return HttpResponseRedirect(f"/receipts/{done}/")

    def until(self, world: World, last: int | None, told: Path | None = None) -> int:
        """In a child: press, and die before the step `last`. Returns how the child ended."""

        def child() -> None:
            forget_editions()  # a new process knows nothing by heart
            if self.plant:
                self.plant()
            steps = Steps(last, world.sent, world.mark if told else _nothing)
            with world.entered() as town, watched(steps):
                self.once(town)
            if told:
                told.write_text(json.dumps({"steps": steps.passed, "turns": steps.turns}), encoding="utf-8")

        return forked(child)


def _nothing() -> None:
    """Nobody looks at what lasts."""


def _whole(press: Press, world: World) -> Whole:
    """Once without dying, the worker's part as well; judged like what a death leaves."""
    forget_editions()
    steps = Steps(sent=world.sent, look=world.mark)
    with world.entered() as town:
        with watched(steps):
            press.once(town)
        work(town)
        shape = invariants.shape()
    return Whole(steps.passed, steps.turns, shape, _judged(press, world, shape))


def _broken_whole(press: Press, plant: Plant, world: World, ready: Moment, sound: Whole) -> Whole:
    """The steps of the broken program; what should come of it is what comes of the sound one."""
    told = world.folder / "told"
    world.put_back(ready)
    if code := replace(press, plant=plant).until(world, None, told):
        raise AssertionError(f"{press.script.name} fails by itself when it is broken ({code})")
    return Whole(**json.loads(told.read_text(encoding="utf-8")), shape=sound.shape, faults=[])


def _deaths(press: Press, world: World, ready: Moment, whole: Whole, result: Result, *, every: bool) -> None:
    world.put_back(ready)
    untouched = state = world.state()
    judged = {untouched}  # the whole one began there, and was judged
    for last in range(len(whole.steps) + 1) if every else _last_of_each(whole):
        if state != untouched:
            world.put_back(ready)
        else:
            world.put_files_back(ready)
        code = press.until(world, last)
        where = f"{result.name} before step {last} ({[*whole.steps, 'nothing more'][last]})"
        if code != (DEAD if last < len(whole.steps) else 0):
            result.faults.append(f"{where}: the child ended with {code}")
        result.deaths += 1
        state = world.state()
        if state != untouched and (not whole.turns or last < whole.turns[0]):
            result.faults.append(f"{where}: something lasts before which the marks of the whole one saw nothing")
        if state not in judged:
            judged.add(state)
            result.faults += [f"{where}: {what}" for what in _judged(press, world, whole.shape)]
            state = "judged"
        if result.faults and press.plant:
            return
    result.states = len(judged)


def _last_of_each(whole: Whole) -> list[int]:
    """The steps before which nothing new lasts any more, until something does; and the end."""
    return sorted({turn - 1 for turn in whole.turns if turn} | {len(whole.steps) - 1})


def _judged(press: Press, world: World, done: dict[str, object]) -> list[str]:
    """After the crash: what holds at once, what the worker mends, and what whoever presses again is told."""
    forget_editions()
    with world.entered() as town, watched(Steps(sent=world.sent)):
        found = [*invariants.broken(), *invariants.vouched()]
        try:
            found += _pressed_again(press, town)
        except Exception as error:  # noqa: BLE001 -- whatever it is, whoever pressed did not get a receipt
            found.append(f"pressed again: {type(error).__name__}: {error}")
        found += [f"{sentence} (pressed again)" for sentence in invariants.broken()]
        found += _differences(done, invariants.shape())
        found += press.script.also(town, world)
        found += invariants.sealed(town.park, LATER)
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
