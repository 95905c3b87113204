from pathlib import Path

import pytest
from django.db.utils import ConnectionHandler

from lianshang.config import environment
from lianshang.config.output import Unusable


def test_database_without_a_variable_is_the_embedded_one(monkeypatch):
    monkeypatch.delenv("LIANSHANG_DATABASE_URL", raising=False)

    database = environment.database("DATABASE_URL", Path("/srv/lianshang.sqlite3"))

    assert database["NAME"] == "/srv/lianshang.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in database["OPTIONS"]["init_command"]


def test_database_reads_a_postgresql_address(monkeypatch):
    monkeypatch.setenv("LIANSHANG_DATABASE_URL", "postgresql://chain:p%40ss@db.local:5433/ledger?sslmode=require")

    database = environment.database("DATABASE_URL", Path("unused"))

    assert [database[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "ledger", "chain", "p@ss", "db.local", "5433"
    ]  # fmt: skip
    assert database["OPTIONS"] == {
        "connect_timeout": 10, "options": "-c jit=off", "server_side_binding": True, "prepare_threshold": 2,
        "sslmode": "require",
    }  # fmt: skip


def test_web_processes_may_keep_connections_in_a_pool(monkeypatch):
    """Django refuses a pool beside connections that are kept anyhow, and only when the first page is asked for."""
    monkeypatch.setenv("LIANSHANG_DATABASE_URL", "postgresql://chain@db.local/ledger")
    database = environment.database("DATABASE_URL", Path("unused"))
    database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 2}  # as a web process has it

    assert ConnectionHandler({"default": database})["default"].pool is not None


@pytest.mark.parametrize(
    "value", ["mysql://a:secret@b/c", "postgresql://a:secret@b", "sqlite://", "postgresql://a:secret@b:x/c"]
)
def test_database_refuses_other_addresses_and_shows_no_password(monkeypatch, value):
    monkeypatch.setenv("LIANSHANG_DATABASE_URL", value)

    with pytest.raises(Unusable) as refusal:
        environment.database("DATABASE_URL", Path("unused"))

    assert "LIANSHANG_DATABASE_URL" in refusal.value.sentence
    assert "secret" not in refusal.value.sentence


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda: environment.flag("X"), "perhaps"),
        (lambda: environment.number("X", 1, least=0, most=9), "10"),
        (lambda: environment.number("X", 1, least=0, most=9), "一"),
        (lambda: environment.choice("X", "a", ("a", "b")), "c"),
        (lambda: environment.zone("X", "Asia/Shanghai"), "Asia/Nowhere"),
        (lambda: environment.address("X", ""), "lianshang.example.cn"),
        (lambda: environment.address("X", ""), "https://lianshang.example.cn/path"),
        (lambda: environment.hosts("X", []), "*"),
        (lambda: environment.secret("X"), "short"),
        (lambda: environment.secret("X"), "a" * 80),
        (lambda: environment.email("X"), "ftp://mail"),
        (lambda: environment.folder("X", Path()), __file__),
    ],
)
def test_bad_value_is_refused_with_the_variable_and_what_is_right(monkeypatch, read, value):
    monkeypatch.setenv("LIANSHANG_X", value)

    with pytest.raises(Unusable) as refusal:
        read()

    assert "LIANSHANG_X" in refusal.value.sentence
    assert "应为" in refusal.value.sentence


def test_email_reads_a_server_with_tls(monkeypatch):
    monkeypatch.setenv("LIANSHANG_EMAIL_URL", "smtps://post%40park.cn:geheim@smtp.park.cn")

    settings = environment.email("EMAIL_URL")

    assert (settings["EMAIL_HOST_USER"], settings["EMAIL_PORT"], settings["EMAIL_USE_SSL"]) == (
        "post@park.cn",
        465,
        True,
    )
