"""Fifty attacks here, five hundred in the rigs. First the rig itself: what trusts stored bytes does not pass."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django_scopes import scopes_disabled

from lianshang.cases.models import CaseEvent
from lianshang.cases.tests.factories import MONDAY
from lianshang.kernel.history import comparing, verifying
from tests.tamper.attacks import KINDS
from tests.tamper.campaign import Outcome, campaign, one
from tests.tamper.world import World, execute, make_world, undone

SEED, COUNT, SABOTAGED = 2026, 50, 41
pytestmark = pytest.mark.django_db


@pytest.fixture
def world(tmp_path: Path, settings) -> World:
    settings.MEDIA_ROOT = tmp_path / "files"
    return make_world(tmp_path)


def test_every_random_attack_is_found(world):
    assert world.verify(with_witness=True).faults == []

    found = campaign(world, SEED, COUNT)

    assert (sum(found.made.values()), set(found.made)) == (COUNT, {kind.name for kind in KINDS})
    assert found.missed == [], "\n".join(found.missed)
    assert found.by_witness_alone >= 3 * COUNT // len(KINDS) * 0.9
    assert world.verify(with_witness=True).faults == []


def test_who_trusts_stored_bytes_is_caught(world, monkeypatch):
    monkeypatch.setattr(comparing, "recomputed", lambda form, values, leaf, erased: bytes(leaf.digest))

    assert campaign(world, SEED, SABOTAGED).missed


def test_who_forgets_the_signatures_is_caught(world, monkeypatch):
    monkeypatch.setattr(verifying, "_heads", lambda heads, tree: [])
    monkeypatch.setattr(verifying, "_signed", lambda heads: (bytearray(heads[-1][1]), []))
    monkeypatch.setattr(comparing.Comparison, "_is_ours", lambda *_: True)

    assert campaign(world, SEED, SABOTAGED).missed


def test_the_first_bad_row_is_named(world):
    with scopes_disabled(), undone(world):
        events = list(CaseEvent.objects.filter(verb="sign").order_by("pk"))
        for event in events[::-1]:
            execute("UPDATE cases_caseevent SET at = %s WHERE id = %s", event.at - timedelta(hours=9), event.pk)

        first = world.verify(with_witness=False).faults[0]

        subject = events[0].subject
        assert (first.kind, first.park, first.number) == ("changed", "LZ", subject.number)
        assert (first.subject, first.ordinal, first.row) == ("诉求", events[0].ordinal, events[0].pk)
        assert f"LZ 诉求 {subject.number} 第 {events[0].ordinal} 步" in first.sentence


def test_what_waits_is_counted_and_late_after_a_minute(world):
    report = verifying.verify(MONDAY + timedelta(days=3000))

    assert report.waiting == report.late > 0
    assert report.faults == []


@pytest.mark.skipif("LIANSHANG_REPLAY" not in os.environ, reason="LIANSHANG_REPLAY=seed:number shows one attack again")
def test_replay(world):
    seed, number = map(int, os.environ["LIANSHANG_REPLAY"].split(":"))
    found = Outcome(seed)

    one(world, number, found)

    assert found.missed == [], "\n".join(found.missed)
