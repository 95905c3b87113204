"""Every page that takes a file × everything that does harm to it."""

from tests.rigs import ledger
from tests.uploads import test_uploads
from tests.uploads.test_uploads import LONGEST, Town, spent, town

__all__ = ["test_every_page_refuses_everything", "town"]


def test_every_page_refuses_everything(town: Town):
    faults = []
    for door, name in test_uploads.EVERY:
        begun = spent()
        try:
            test_uploads.refused(town, door, name)
            assert spent() - begun < LONGEST
        except AssertionError as fault:
            faults.append(f"{door}, {name}: {fault}"[:300])

    ledger.add("uploads", {"tried": len(test_uploads.EVERY)}, faults)
    assert faults == []
