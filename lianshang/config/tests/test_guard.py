"""`serve` does not start with settings that lose data or open doors; each reason says what to change."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils.module_loading import import_string
from django_scopes import scope, scopes_disabled

from lianshang.config import checks, guard
from lianshang.config import settings as own
from lianshang.config.output import Unusable
from lianshang.config.seed import seed
from lianshang.directory.founding import close_demo_accounts
from lianshang.directory.models import Account, Park, Person
from lianshang.kernel import append_only
from lianshang.kernel.models import CalendarVersion
from tests.tree import found, none, product

HERE, ANYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104 that it is refused is the point

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A site behind a proxy that speaks https, in order; the tests' own PostgreSQL forgets in a power cut, on purpose."""
    seed()
    monkeypatch.setattr(checks, "durability", lambda: ())
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["lianshang.example.cn"]
    settings.ADDRESS = urlsplit("https://lianshang.example.cn")
    settings.SECURE_HSTS_SECONDS = 3600
    settings.HTTPS = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "abcdefghij" * 6, []
    settings.HOME = tmp_path
    settings.MEDIA_ROOT, settings.STATIC_ROOT, settings.STATICFILES_DIRS = tmp_path / "files", tmp_path / "static", []
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    return settings


def test_a_site_in_order_starts(site: Any):
    assert guard.refusals(ANYWHERE) == []


def test_plain_http_is_for_this_machine_alone(site: Any):
    site.ADDRESS, site.HTTPS = urlsplit("http://127.0.0.1:8000"), False

    assert guard.refusals(HERE) == []
    assert ["https" in reason for reason in guard.refusals(ANYWHERE)] == [True]
    site.ADDRESS = urlsplit("http://192.0.2.7:8000")
    assert ["https" in reason for reason in guard.refusals(HERE)] == [True]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DEBUG", True, "LIANSHANG_DEBUG"),
        ("ALLOWED_HOSTS", ["*"], "LIANSHANG_HOSTS"),
        ("SECRET_KEY", "short", "LIANSHANG_SECRET_KEY"),
        ("SECRET_KEY", "a" * 80, "LIANSHANG_SECRET_KEY"),
        ("SECRET_KEY_FALLBACKS", ["old"], "LIANSHANG_SECRET_KEY"),
        ("SESSION_COOKIE_SECURE", False, "SESSION_COOKIE_SECURE"),
        ("CSRF_COOKIE_SECURE", False, "CSRF_COOKIE_SECURE"),
        ("SECURE_HSTS_SECONDS", 0, "SECURE_HSTS_SECONDS"),
        ("PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"], "Argon2"),
    ],
)
def test_each_open_door_is_refused(site: Any, name: str, value: object, said: str):
    setattr(site, name, value)

    assert [said in reason for reason in guard.refusals(ANYWHERE)] == [True]


@pytest.mark.parametrize("inside", ["static", "static/files", "."])
def test_uploads_in_a_public_folder_are_refused(site: Any, inside: str):
    site.MEDIA_ROOT = site.HOME / inside

    assert ["LIANSHANG_FILES" in reason for reason in guard.refusals(ANYWHERE)] == [True]


def test_a_full_disk_is_refused(site: Any, monkeypatch: pytest.MonkeyPatch):
    usage = SimpleNamespace(total=100 << 30, used=0, free=900 << 20)
    monkeypatch.setattr(guard.shutil, "disk_usage", lambda _: usage)

    assert guard.refusals(ANYWHERE) == ["磁盘只剩 900 MB，收下的诉求可能存不下：请清理磁盘后再启动。"]


@pytest.mark.parametrize(
    "told",
    [
        {"journal_mode": "delete"},
        {"synchronous": 1},
        {"fsync": "off"},
        {"synchronous_commit": "off"},
        {"full_page_writes": "off"},
    ],
)
def test_a_database_that_forgets_is_refused(settings: Any, monkeypatch: pytest.MonkeyPatch, told: dict[str, object]):
    name, value = next(iter(told.items()))
    vendor = "sqlite" if name in ("journal_mode", "synchronous") else "postgresql"
    right = {"journal_mode": "wal", "synchronous": 2}
    monkeypatch.setattr(checks, "connection", SimpleNamespace(vendor=vendor))
    monkeypatch.setattr(
        checks, "_ask", lambda asked: value if asked.endswith(name) else right.get(asked.split()[-1], "on")
    )

    assert [name in reason for reason in guard.database()] == [True]


def test_records_without_their_triggers_are_refused(site: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(append_only, "guards", lambda _: set())

    assert ["防改的触发器" in reason for reason in guard.refusals(ANYWHERE)] == [True]


def test_no_switch_for_planted_faults_is_in_the_product():
    none(found(r"tests\.|\bRIG_|planted", [source for source in product() if "tests" not in source.path.parts]))


def test_no_calendar_at_all_is_refused(site: Any):
    with scopes_disabled():
        CalendarVersion.objects.all().delete()

    assert ["工作日历" in reason for reason in guard.refusals(ANYWHERE)] == [True]


def test_migrations_that_wait_are_refused(site: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checks, "unapplied", lambda: ["cases.0099_new"])

    assert ["lianshang migrate" in reason for reason in guard.refusals(ANYWHERE)] == [True]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL may be served by many processes")
def test_sqlite_is_served_by_one_process(site: Any):
    first = guard.only_server()

    with pytest.raises(Unusable, match="已经有一个网站进程"):
        guard.only_server()
    first.close()
    guard.only_server().close()


def test_demo_accounts_are_for_this_machine_alone(site: Any):
    park = Park.objects.create(code="YS", name="演示园区", is_demo=True)
    with scope(park=park):
        person = Person.objects.create(park=park, name="罗示平")
    Account.objects.create(username="demo-one", park=park, person=person, is_demo=True)

    assert ["演示账号" in reason for reason in guard.refusals(ANYWHERE)] == [True]
    close_demo_accounts()
    assert guard.refusals(ANYWHERE) == []


def test_passwords_are_kept_with_argon2id_and_checked_by_four_rules() -> None:
    first = import_string(own.PASSWORD_HASHERS[0])()

    assert first.encode("correct horse battery", first.salt()).startswith("argon2$argon2id$")
    assert {rule["NAME"].rpartition(".")[2] for rule in own.AUTH_PASSWORD_VALIDATORS} >= {
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "LocalWords",
    }
