"""`python -m bench.shares`: where each millisecond of a request goes, and how many queries it asks, inside one process.

Processor time of the thread, in milliseconds: in the database's library (SQLite works there; for PostgreSQL it is
sending and reading), in templates, in the rest of our code and the framework. `waited` is wall time in the database
beyond that: PostgreSQL's own work and the disk. Prints JSON: name → shares, medians of some requests.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.template.base import Template  # noqa: E402
from django.test import Client  # noqa: E402

from bench import lifecycles  # noqa: E402
from bench.visitor import HIDDEN  # noqa: E402
from lianshang.config.assets import publish  # noqa: E402

WARM, TIMES = 3, 12


@dataclass
class Shares:
    queries: float = 0
    cpu: float = 0.0
    database: float = 0.0
    templates: float = 0.0
    waited: float = 0.0

    @property
    def told(self) -> dict[str, float]:
        return {**asdict(self), "rest": self.cpu - self.database - self.templates}


class Meter:
    """Counts while a request runs. Queries inside a template count as the database's."""

    def __init__(self) -> None:
        self.shares, self.depth, self.asked = Shares(), 0, 0.0

    def query(self, execute: Callable[..., Any], *words: Any) -> Any:
        wall, cpu = time.perf_counter(), time.thread_time()
        try:
            return execute(*words)
        finally:
            spent = (time.thread_time() - cpu) * 1000
            self.shares.queries += not words[0].startswith(("SAVEPOINT", "RELEASE"))
            self.shares.database += spent
            self.asked += spent
            self.shares.waited += max(0.0, (time.perf_counter() - wall) * 1000 - spent)

    @contextmanager
    def running(self) -> Generator[Shares, None, None]:
        render = Template.render
        meter = self

        def metered(template: Template, context: Any) -> Any:
            cpu, asked = time.thread_time(), meter.asked
            meter.depth += 1
            try:
                return render(template, context)
            finally:
                meter.depth -= 1
                if not meter.depth:
                    meter.shares.templates += (time.thread_time() - cpu) * 1000 - (meter.asked - asked)

        Template.render = metered  # type: ignore[method-assign]
        begun = time.thread_time()
        try:
            with connection.execute_wrapper(self.query):
                yield self.shares
        finally:
            Template.render = render  # type: ignore[method-assign]
            self.shares.cpu = (time.thread_time() - begun) * 1000


def of(ask: Callable[[], Any], expected: int) -> tuple[Any, Shares]:
    """Return the answer to one request and its shares."""
    meter = Meter()
    with meter.running() as shares:
        answer = ask()
    if answer.status_code != expected:
        raise RuntimeError(f"answered {answer.status_code} instead of {expected}")
    return answer, shares


def median(found: list[Shares]) -> dict[str, float]:
    return {name: statistics.median(one.told[name] for one in found) for name in found[0].told}


def pages(asked: dict[str, tuple[str, str]]) -> dict[str, dict[str, float]]:
    """Return page → shares. `asked`: name → (session or nothing, path)."""
    told = {}
    for name, (session, path) in asked.items():
        client = browser(session)
        found = [of(partial(client.get, path), 200)[1] for _ in range(WARM + TIMES)]
        told[name] = median(found[WARM:])
    return told


def browser(session: str) -> Client:
    client = Client(HTTP_HOST="127.0.0.1", HTTP_X_FORWARDED_FOR="10.9.9.9")
    if session:
        client.cookies["sessionid"] = session
    return client


def steps(doors: dict[str, Any], first: int) -> dict[str, dict[str, float]]:
    """Return step → shares of its POST, over some whole lifecycles."""
    found: dict[str, list[Shares]] = {step: [] for step in lifecycles.STEPS}
    for number in range(WARM + TIMES):
        for step, shares in one_life(doors, first + number).items():
            found[step].append(shares)
    return {f"POST {step}": median(shares[WARM:]) for step, shares in found.items()}


def one_life(doors: dict[str, Any], number: int, around: Callable[[str], Any] = nullcontext) -> dict[str, Shares]:
    """Bring one case from whistle to confirmation by forms, and return the shares of each POST."""
    visitor, staff, liaison = browser(""), browser(doors["dispatchers"][0]), browser(doors["liaisons"][0])
    client = lifecycles.Client(visitor, staff, liaison, doors["units"][0], doors["whistle"], [], pages=False)  # type: ignore[arg-type]
    life = lifecycles.Lifecycle(number)
    told = {}
    for step in lifecycles.STEPS:
        who, page, address = client.where(step, life)
        form = dict(HIDDEN.findall(who.get(page).content.decode()))  # type: ignore[attr-defined]
        if "challenge" in form:
            form["proof"] = lifecycles.solved(form["challenge"])
        sent = form | client.choices(step)
        origin = f"10.{200 + (number >> 16)}.{number >> 8 & 255}.{number & 255}"
        with around(step):
            answer, told[step] = of(partial(who.post, address, sent, HTTP_X_FORWARDED_FOR=origin), 302)
        if step == "submit":
            life.code = answer["Location"].strip("/").split("/")[-1]
            lifecycles.find([life])
    return told


def prepare() -> None:
    """Be as the server is: static files under their names, no query log."""
    publish()
    settings.DEBUG = False


if __name__ == "__main__":
    prepare()
    given = json.loads(sys.argv[1])
    result = steps(given["doors"], given["first"]) if given.get("doors") else {}
    print(json.dumps(result | pages(given.get("pages", {}))))
