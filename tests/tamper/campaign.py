"""So many random attacks, each on the same world, each told from its seed and number alone."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from django_scopes import scopes_disabled

from tests.tamper.attacks import KINDS, Kind
from tests.tamper.world import World, undone

REPLAY = "LIANSHANG_REPLAY={seed}:{number} .venv/bin/python -m pytest tests/tamper -k replay"


@dataclass
class Outcome:
    """How many attacks of each kind were made, and which were missed, with the command that shows one again."""

    seed: int
    made: Counter[str] = field(default_factory=Counter)
    by_witness_alone: int = 0
    missed: list[str] = field(default_factory=list)


def campaign(world: World, seed: int, count: int) -> Outcome:
    found = Outcome(seed)
    for number in range(count):
        one(world, number, found)
    return found


def one(world: World, number: int, found: Outcome) -> None:
    """Attack once, look, and take it back. What leaves traces in the database must be found there without a witness."""
    random, kind = Random(f"{found.seed}:{number}"), KINDS[number % len(KINDS)]
    with scopes_disabled(), undone(world):
        what = kind.attack(random, world)
        found.made[kind.name] += 1
        if not _is_seen(world, kind, found):
            found.missed.append(f"{kind.name}: {what}\n    {REPLAY.format(seed=found.seed, number=number)}")


def _is_seen(world: World, kind: Kind, found: Outcome) -> bool:
    if not kind.needs_witness:
        return bool(world.verify(with_witness=False).faults)
    alone = world.verify(with_witness=False).faults
    found.by_witness_alone += not alone
    return any(fault.kind in ("rolled_back", "forked") for fault in world.verify(with_witness=True).faults)
