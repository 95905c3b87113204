"""The pytest plugin of all our tests, loaded first (`-p tests.harness`): which database, what a warning means, fixtures.

`LIANSHANG_TEST_DATABASE` is `sqlite` (default) or `postgres`. One run has one server; xdist's workers share it, each
with a database of its own.
"""

import gc
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.database import born_with_the_calendar, drop_with_force, empty_what_was_filled, lift_append_only
from tests.postgres import Server
from tests.sweep import swept  # noqa: F401 of every test

ROOT = Path(__file__).resolve().parent.parent
DATABASES = ("sqlite", "postgres")
ASKING = {"db", "transactional_db", "live_server", "django_db_setup"}  # fixtures of whoever asks the database
EASY = 6  # zero bits of a form's proof of work

_scratch: Path | None = None
_server: Server | None = None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Settings are read right after this, so the environment is laid out here."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _lay_out()
    try:
        yield
    except BaseException:
        _clean_up()
        raise


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.PROOF_BITS = EASY  # what the product asks takes a tenth of a second, for each form of a visitor
    database = settings.DATABASES["default"]
    if chosen() == "sqlite":
        database.setdefault("TEST", {})["NAME"] = f"{os.environ['LIANSHANG_HOME']}/tests.sqlite3"
    remember_calendars()
    born_with_the_calendar()
    lift_append_only()
    empty_what_was_filled()
    drop_with_force()


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded stays: let nobody look through it for garbage again and again."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {os.environ['LIANSHANG_TEST_SERVER']}"


def pytest_itemcollected(item: pytest.Item) -> None:
    """What never asks the database answers alike on both, and `make test` asks it once."""
    if item.get_closest_marker("django_db") or ASKING.intersection(getattr(item, "fixturenames", ())):
        item.add_marker(pytest.mark.database)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = pytest.mark.skip(reason="needs PostgreSQL")
    for item in items:
        if item.get_closest_marker("postgres_only") and chosen() != "postgres":
            item.add_marker(reason)


def pytest_unconfigure(config: pytest.Config) -> None:
    _clean_up()


def _clean_up() -> None:
    global _server, _scratch  # noqa: PLW0603 one run has one server and one folder
    if _server:
        _server.stop()
        _server = None
    if _scratch:
        shutil.rmtree(_scratch, ignore_errors=True)
        _scratch = None


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data beside the working copy; the test is skipped where it is not there."""
    folder = Path(os.environ.get("LIANSHANG_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("the reference data (LIANSHANG_SHARED) are not here")
    return folder


@pytest.fixture(autouse=True)
def _forget_editions() -> None:
    forget_editions()


def forget_editions() -> None:
    """Editions are immutable and kept in memory by key; the keys of one test are other rows in the next."""
    from lianshang.cases import books
    from lianshang.kernel import editions

    books.profile_of.cache_clear()
    books._OFFICES.clear()
    editions.calendar_of.cache_clear()


def remember_calendars() -> None:
    """Read equal documents of a calendar once a run: the nation's is that of every test, and to read it takes longest."""
    from lianshang.kernel import calendars

    load, known = calendars.load, {}

    def remembered(document: Mapping[Any, Any]) -> Any:
        try:
            words = json.dumps(document, sort_keys=True)
        except TypeError:
            return load(document)  # as YAML reads it; or none at all
        if words not in known:
            known[words] = load(document)
        return known[words]

    calendars.load = remembered


def chosen() -> str:
    name = os.environ.get("LIANSHANG_TEST_DATABASE", "sqlite")
    if name not in DATABASES:
        raise pytest.UsageError(f"LIANSHANG_TEST_DATABASE is one of {DATABASES}, not {name!r}")
    return name


def keep_compiled() -> None:
    """Keep what Python compiles in build/, whatever the caller's habit: workers and children begin with it anew.

    Without it each of them compiles Django, and pytest rewrites each test, for seconds.
    """
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(ROOT / "build" / "pycache")
    os.environ |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": sys.pycache_prefix}


def _lay_out() -> None:
    """A scratch home, and for PostgreSQL a server. Variables of the caller's own installation have no effect."""
    global _server, _scratch  # noqa: PLW0603
    keep_compiled()
    name = chosen()
    for variable in [v for v in os.environ if v.startswith("LIANSHANG_") and v not in KEPT]:
        del os.environ[variable]
    _scratch = Path(tempfile.mkdtemp(prefix="lianshang-tests-"))
    _scratch.chmod(0o711)
    (_scratch / "static").mkdir()
    os.environ["LIANSHANG_HOME"] = str(_scratch)
    os.environ["LIANSHANG_TEST_SERVER"] = "SQLite, in a temporary folder"
    if name == "postgres":
        _server = Server.start(_scratch / "postgres")
        os.environ["LIANSHANG_DATABASE_URL"] = _server.url
        os.environ["LIANSHANG_TEST_SERVER"] = _server.description


KEPT = {
    "LIANSHANG_TEST_DATABASE",
    "LIANSHANG_SHARED",
    "LIANSHANG_CHROMIUM",
    "LIANSHANG_NO_APT",
    "LIANSHANG_SCREENS",
    "LIANSHANG_TEST_INITDB",
}
