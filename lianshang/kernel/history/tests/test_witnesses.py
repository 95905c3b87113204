"""A witness that is gone, hangs or refuses: nothing begins anew behind anybody's back, and nothing else stops."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from lianshang.kernel.history import witnesses
from lianshang.kernel.history.tests.test_sealing import seal, write
from lianshang.kernel.tests.test_numbers import make_park

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def park():
    park = make_park()
    write(park, "a")
    seal(park)
    return park


@pytest.mark.parametrize("content", [None, b""])
def test_a_file_that_was_told_before_is_not_begun_anew(park, tmp_path: Path, content):
    path = tmp_path / "witness.jsonl"
    assert witnesses.write(path) == 1
    path.unlink()
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(witnesses.Lost):
        witnesses.write(path)

    assert not path.exists() or path.read_bytes() == b""
    assert witnesses.write(tmp_path / "another.jsonl") == 1


def test_a_folder_that_is_not_there_is_not_made(park, tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        witnesses.write(tmp_path / "not mounted" / "witness.jsonl")

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_hangs_is_left_after_a_while(park, tmp_path: Path, monkeypatch):
    go_on, at = threading.Event(), []
    monkeypatch.setattr(witnesses, "PATIENCE", 0.05)
    monkeypatch.setattr(witnesses, "_read", lambda path: at.append(path) or (go_on.wait(60) and None))

    with override_settings(WITNESS=str(tmp_path / "witness.jsonl"), WITNESS_MAIL=[]):
        told = [witnesses.tell(park, NOW), witnesses.tell(park, NOW)]

    go_on.set()
    next((one.join(10) for one in threading.enumerate() if one.name == witnesses.THREAD), None)
    assert (told, len(at)) == ([0, 0], 1)


def test_a_mail_that_is_refused_keeps_no_other_and_is_sent_again_in_an_hour(park, monkeypatch):
    tried = []

    def send(subject: str, body: str, sender: str, to: list[str]) -> None:
        tried.append(to[0])
        if to[0] == "first@example.cn":
            raise ConnectionRefusedError

    monkeypatch.setattr(witnesses, "send_mail", send)
    with override_settings(WITNESS="", WITNESS_MAIL=["first@example.cn", "second@example.cn"]):
        told = [witnesses.tell(park, NOW + timedelta(minutes=minutes)) for minutes in (0, 1, 61)]

    assert told == [1, 0, 0]
    assert tried == ["first@example.cn", "second@example.cn", "first@example.cn"]
