"""What cannot be believed is refused before anything is touched: half, changed, foreign, newer, or a place in use."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings
from django_scopes import scope

from lianshang.cases.tests.factories import make_town
from lianshang.config import guard
from lianshang.config.backups import archive, manifest
from lianshang.config.backups.archive import MANIFEST, NOTE, SEAL
from lianshang.config.output import Unusable
from lianshang.config.tests.places import Member, backed_up, folder_target, restored, rewritten
from lianshang.kernel import files
from lianshang.kernel.tests.test_files import photo
from tests.harness import forget_editions

EVENTS = "rows/cases.CaseEvent.jsonl.gz"


@pytest.fixture(scope="module")
def good(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Path]:
    """One archive with a case that was answered and a file; the database is empty again afterwards."""
    folder = tmp_path_factory.mktemp("archives")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder / "files"):
        forget_editions()
        town = make_town()
        with scope(park=town.park):
            town.answered()
            files.store(town.park, io.BytesIO(photo()), "照片.jpg")
        path = backed_up(folder)
        call_command("flush", interactive=False, verbosity=0)
    return path


pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ready_tables")]


def there(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir() if one.suffix != ".lock")


def refusal(path: Path, folder: Path, replace: str = "") -> str:
    """Return the sentence, after seeing that the place is untouched."""
    folder.mkdir(exist_ok=True)
    before = there(folder)
    with pytest.raises(Unusable) as no:
        restored(path, folder_target(folder), replace)
    assert there(folder) == before
    return no.value.sentence


def spoiled(path: Path, folder: Path, content: bytes) -> Path:
    (folder / path.name).write_bytes(content)
    return folder / path.name


def resealed(found: list[Member]) -> list[Member]:
    """As somebody would who has the archive and the program, but not the key."""
    kept = dict(found)
    told = json.loads(kept[SEAL])
    told["sha256"] = manifest.hash_of(kept[MANIFEST], told["key"], told["code"])
    kept[SEAL] = json.dumps(told).encode()
    return list(kept.items())


def with_manifest(found: list[Member], seal: bool = True, **told: Any) -> list[Member]:
    kept = dict(found)
    kept[MANIFEST] = json.dumps(json.loads(kept[MANIFEST]) | told).encode()
    return list((kept | ({SEAL: manifest.seal(kept[MANIFEST])} if seal else {})).items())


def with_rows(found: list[Member], name: str, change: Callable[[list[bytes]], list[bytes]]) -> list[Member]:
    """Change a table and everything in the manifest that tells of it, as the key's owner could."""
    kept = dict(found)
    lines = change(gzip.decompress(kept[name]).splitlines(keepends=True))
    kept[name] = gzip.compress(b"".join(lines))
    told = json.loads(kept[MANIFEST])
    for table in told["tables"]:
        if table["member"] == name:
            table |= {
                "rows": len(lines),
                "digest": hashlib.sha256(b"".join(lines)).hexdigest(),
                "sha256": hashlib.sha256(kept[name]).hexdigest(),
            }
    kept[MANIFEST] = json.dumps(told).encode()
    kept[SEAL] = manifest.seal(kept[MANIFEST])
    return list(kept.items())


def test_the_archive_is_believed(good, tmp_path):
    with archive.opened(good) as read:
        read.verify()
        assert read.is_vouched


@pytest.mark.parametrize("share", [0, 0.0001, 0.3, 0.6, 0.9, 0.999999])
def test_half_an_archive_is_refused(good, tmp_path, share):
    content = good.read_bytes()

    sentence = refusal(spoiled(good, tmp_path, content[: int(len(content) * share)]), tmp_path / "there")

    assert "不完整" in sentence or "不是链上" in sentence


@pytest.mark.parametrize("kind", [NOTE, "rows/", EVENTS, "files/", MANIFEST, SEAL])
@pytest.mark.parametrize("where", ["header", "first", "middle", "last"])
def test_one_changed_byte_is_refused(good, tmp_path, kind, where):
    content = bytearray(good.read_bytes())
    with tarfile.open(good) as tar:
        member = next(one for one in tar if one.name.startswith(kind))
    size = member.size
    place = {"header": -500, "first": 0, "middle": size // 2, "last": size - 1}[where]
    content[member.offset_data + place] ^= 1

    assert "备份" in refusal(spoiled(good, tmp_path, content), tmp_path / "there")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04" + b"x" * 5000, b"\0" * 10240])
def test_what_is_no_archive_is_refused(good, tmp_path, content):
    assert "备份" in refusal(spoiled(good, tmp_path, content), tmp_path / "there")


def test_a_foreign_tar_is_refused(good, tmp_path):
    with tarfile.open(tmp_path / "foreign.tar", "w") as tar:
        tar.add(__file__, "rows/a.b.jsonl.gz")

    assert "不是链上的备份" in refusal(tmp_path / "foreign.tar", tmp_path / "there")


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x", "/etc/passwd", "files/1/../../x", "rows/../x", f"files/1/{'A' * 64}"]
)
def test_names_that_lead_elsewhere_are_refused(good, tmp_path, name):
    path = rewritten(good, tmp_path / "changed", lambda found: [*found[:-2], (name, b"x"), *found[-2:]])

    assert "不该有的内容" in refusal(path, tmp_path / "there")


def test_links_are_refused(good, tmp_path):
    with tarfile.open(tmp_path / good.name, "w") as tar, tarfile.open(good) as old:
        for member in old:
            tar.addfile(member, old.extractfile(member))
            if member.name == NOTE:
                link = tarfile.TarInfo(f"files/1/{'a' * 64}")
                link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
                tar.addfile(link)

    assert "不该有的内容" in refusal(tmp_path / good.name, tmp_path / "there")


def test_a_member_more_or_less_is_refused(good, tmp_path):
    more = rewritten(good, tmp_path / "more", lambda found: [*found[:-2], (f"files/1/{'a' * 64}", b"x"), *found[-2:]])
    less = rewritten(good, tmp_path / "less", lambda found: [one for one in found if one[0] != EVENTS])

    assert "与清单不符" in refusal(more, tmp_path / "there")
    assert EVENTS in refusal(less, tmp_path / "there")


def test_who_has_no_key_cannot_change_it(good, tmp_path):
    path = rewritten(
        good, tmp_path / "changed", lambda found: resealed(with_manifest(found, seal=False, missing=["x"]))
    )

    assert "封签是假的" in refusal(path, tmp_path / "there")


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"version": "99.0"}, "较新的版本"),
        ({"format": 2}, "较新的版本"),
        ({"migrations": ["cases.9999_later"]}, "较新的版本"),
        ({"product": "other"}, "不是链上"),
        ({"tables": [{"x": 1}]}, "读不懂"),
    ],
)
def test_newer_and_strange_ones_are_refused(good, tmp_path, told, word):
    path = rewritten(good, tmp_path / "changed", lambda found: with_manifest(found, **told))

    assert word in refusal(path, tmp_path / "there")


def test_another_key_is_told_and_not_refused(good):
    with override_settings(SECRET_KEY="another" * 10, SECRET_KEY_FALLBACKS=[]), archive.opened(good) as read:
        assert not read.is_vouched


def test_a_place_with_a_park_and_a_served_one_are_refused(good, tmp_path):
    place = tmp_path / "there"
    assert restored(good, folder_target(place)).done

    assert f"--replace {good.name}" in refusal(good, place)
    assert "--replace" in refusal(good, place, replace="lianshang-x.tar")
    with guard.only_one(place, str(place / "lianshang.sqlite3")):
        assert "已经有一个网站进程" in refusal(good, place, replace=good.name)


def test_an_event_that_was_taken_out_is_caught(good, tmp_path):
    """Counts and hashes were adjusted and sealed with the key; the rest of the database knows better."""
    path = rewritten(good, tmp_path / "changed", lambda found: with_rows(found, EVENTS, lambda lines: lines[:-1]))

    found = restored(path, folder_target(tmp_path / "there"))

    assert not found.done
    assert {"办理记录", "引用关系"} <= {proof.what for proof in found.proofs if not proof.holds}
    assert not (tmp_path / "there" / "lianshang.sqlite3").exists()
