"""Two worlds that differ in one secret, and the same work done in both: whoever may not know reads the same bytes."""

import functools
import gc
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random
from typing import Any

from django.db import transaction
from django.http.response import HttpResponseBase
from django_scopes import scope

from lianshang.cases import services
from lianshang.cases.models import Case
from lianshang.directory.actors import Actor
from lianshang.kernel import outbox
from tests.access import canaries
from tests.access.onlookers import ACCUSED, ELSEWHERE, STRANGERS, Question, questions
from tests.access.stage import dice
from tests.access.table import Table
from tests.access.whispers import whisper
from tests.access.world import AT, HOUR, MINUTE, World
from tests.harness import forget_editions

TOKEN = re.compile(rb"gAAAA[\w-]{20,}={0,2}")  # a page's token, encrypted: what stands in it is nobody's to read
EXPIRES = re.compile(r" expires=[^;]*;")  # by the machine's own clock
STAMPED = ("docProps/core.xml",)  # when a sheet was written, by the machine's own clock
UNTOLD = ("Expires",)
ROUNDS = 20  # of the worker, until nothing is owed


@dataclass(frozen=True)
class Seen:
    """All that came back, byte for byte but for the insides of encrypted tokens."""

    status: int
    heads: tuple[tuple[str, str], ...]
    body: bytes
    told: tuple[str, ...]


@dataclass
class Pairs:
    """What was compared: `differences` name the question and the place, `hits` the canaries that came out.

    `opened`: answers that were pages; a comparison of refusals alone would prove nothing.
    """

    compared: int = 0
    opened: int = 0
    pairs: int = 0
    differences: list[str] = field(default_factory=list)
    hits: list[str] = field(default_factory=list)


class Comparison:
    """Compares worlds with a secret to one without. `share`: how many questions are asked of each pair; `only`: which."""

    def __init__(
        self, world: World, table: Table, *, share: int | None = None, only: Callable[[Question], bool] = lambda _: True
    ) -> None:
        self.world, self.table, self.share, self.only = world, table, share, only
        self.found = Pairs()
        self._without: dict[Question, Seen] = {}
        for role, place in (*ACCUSED, *STRANGERS, *ELSEWHERE):
            world.client(role, place)  # signed in before, not in a world that is taken back

    def run(self, seeds: Iterable[int], *, work: int = 0) -> Pairs:
        """Ask in the world without a secret whatever will be asked, then in each that has one."""
        with self._in_world(work) as seen:
            every = [one for one in questions(self.world, self.table, seen) if self.only(one)]
            asked = {seed: self._share(seed, every) for seed in seeds}
            for question in sorted({one for few in asked.values() for one in few}, key=str):
                self._without[question] = ask(self.world, question)
        for seed, few in asked.items():
            with self._in_world(work, seed):
                self.found.pairs += 1
                for question in few:
                    self._compare(seed, question, ask(self.world, question), self._without[question])
        return self.found

    def _share(self, seed: int, every: list[Question]) -> list[Question]:
        asked = [one for one in every if not whisper(seed).of_other or (one.role, one.place) not in ELSEWHERE]
        return Random(seed).sample(asked, min(self.share or len(asked), len(asked)))

    @contextmanager
    def _in_world(self, work: int, seed: int | None = None) -> Iterator[Case]:
        """The world with the secret of this seed, or none, in which the same work was done afterwards; taken back."""
        kept = dict(self.world.things)
        with transaction.atomic():
            with scope(park=self.world.park):
                if seed is not None:
                    with dice(("secret", seed)):
                        whisper(seed).tell(self.world)
                with dice(("work", work)):
                    seen = other_work(self.world, work)
            carry_out()
            forget()
            yield seen
            transaction.set_rollback(True)
        self.world.things.clear()
        self.world.things.update(kept)
        forget()

    def _compare(self, seed: int, question: Question, one: Seen, other: Seen) -> None:
        self.found.compared += 1
        self.found.opened += other.status == HTTPStatus.OK
        if one.told or other.told:
            self.found.hits.append(f"seed {seed}: {question}: {', '.join(one.told or other.told)}")
        if one != other:
            self.found.differences.append(f"seed {seed} ({whisper(seed).name}): {question}: {difference(one, other)}")


def other_work(world: World, seed: int) -> Case:
    """What goes on in the open ledger, the same in both worlds: one whistle that is new, one that is handled."""
    chance = Random(seed)
    text = chance.choice(
        ("南门外积水半尺，叉车过不去。", "东门路灯坏了三天，夜班出车看不清。", "变压器嗡嗡响，怕要停电。")
    )
    by, at = Actor(kind="holder", park=world.park), AT - HOUR
    dispatcher, liaison = world.actor("dispatcher", "office"), world.actor("liaison", "school")
    case = services.submit(services.Whistle(text=text, enterprise=world.enterprise), actor=by, at=at)
    case = services.dispatch(case, actor=dispatcher, at=at + 5 * MINUTE, lead=world.units["school"])
    case = services.sign(case, actor=liaison, at=at + 10 * MINUTE)
    return services.submit(
        services.Whistle(text=f"{text}又坏了。", enterprise=world.enterprise), actor=by, at=at + HOUR / 2
    )


def carry_out() -> None:
    """Let the worker tell everybody what it has to."""
    for _ in range(ROUNDS):
        with dice("worker"):
            if not outbox.run_due(AT, worker="pairs"):
                return


@functools.cache
def _caches() -> list[Any]:
    found = [one for one in gc.get_objects() if type(one) is functools._lru_cache_wrapper]
    return [one for one in found if str(getattr(one, "__module__", "")).startswith("lianshang.")]


def forget() -> None:
    """What was worked out in one world and kept in memory is nothing to the other."""
    forget_editions()
    for one in _caches():
        one.cache_clear()


def ask(world: World, question: Question) -> Seen:
    """Ask it with the dice of this question, and take back what it did."""
    client = world.client(question.role, question.place)
    kept = dict(client.cookies)
    with transaction.atomic(), dice(("question", str(question))):
        answer: Any = (
            client.get(question.path) if question.body is None else client.post(question.path, dict(question.body))
        )
        heads, body = _parts(answer)
        if question.follow and answer.status_code == HTTPStatus.FOUND:
            more = client.get(f"{answer['Location']}{question.follow}/")
            heads, body = (*heads, *_parts(more)[0]), body + _parts(more)[1]
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(kept)
    return Seen(answer.status_code, heads, body, tuple(canaries.told(body)))


def _parts(answer: HttpResponseBase) -> tuple[tuple[tuple[str, str], ...], bytes]:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    untold = UNTOLD
    if body[:2] == b"PK":
        untold = (*UNTOLD, "Content-Length")  # packed with the time of the machine in it
        body = b"\n".join(name + b"\n" + part for name, part in _packed(body))
    body = TOKEN.sub(lambda found: b"token of %d" % len(found[0]), body)
    heads = tuple(sorted((name, value) for name, value in answer.items() if name not in untold))
    told = [EXPIRES.sub("", f"{name}: {morsel.OutputString()}") for name, morsel in sorted(answer.cookies.items())]
    return (*heads, *(("Set-Cookie", one) for one in told)), body


def _packed(content: bytes) -> list[tuple[bytes, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name.encode(), archive.read(name)) for name in sorted(archive.namelist()) if name not in STAMPED]


def difference(one: Seen, other: Seen) -> str:
    if one.status != other.status:
        return f"{one.status} with the secret, {other.status} without"
    if one.heads != other.heads:
        return f"headers {sorted(set(one.heads) ^ set(other.heads))}"
    pairs = enumerate(zip(one.body, other.body, strict=False))
    place = next((n for n, (a, b) in pairs if a != b), min(len(one.body), len(other.body)))
    around = slice(max(0, place - 90), place + 60)
    return (
        f"{one.body[around].decode(errors='replace')!r} with, {other.body[around].decode(errors='replace')!r} without"
    )
