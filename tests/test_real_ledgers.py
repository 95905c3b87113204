"""Real ledgers of a message board: each goes into an empty park through the command and through the page."""

import json
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_scopes import scope, scopes_disabled

from lianshang.cases import books
from lianshang.cases.models import Case, CaseClock, CaseEvent, ImportJob
from lianshang.cases.tests.factories import make_town
from lianshang.cases.tests.test_walk import traits
from lianshang.config import cli
from lianshang.config.seed import seed
from lianshang.directory.models import Account
from tests.harness import chosen

# file → rows, rows that repeat a number of the file, rows whose reply only acknowledges, rows with an answer
LEDGERS = {
    "original/附件2_示例495行.xlsx": (495, 1, 0, 0),
    "original/附件3_示例30行.xlsx": (30, 0, 0, 0),
    "original/附件4_示例120行.xlsx": (120, 0, 7, 113),
    "replies.csv.gz": (1943, 0, 175, 1768),
    "hot_messages.csv.gz": (2934, 0, 0, 0),
    "labelled_raw.csv.gz": (1158, 39, 0, 0),
}
LARGE = 1000
LARGEST = ("replies.csv.gz", "hot_messages.csv.gz")  # by the page in the rigs alone: the command brings them in here
SLOWEST = 150  # seconds for the largest, which takes a few: only a way that is wrong altogether is that slow


def ledger(shared: Path, name: str) -> Path:
    path = shared / "data" / "teddy2020c" / name
    if not path.exists():
        pytest.skip(f"teddy2020c/{name} is not here")
    if name in LEDGERS and LEDGERS[name][0] > LARGE and chosen() != "sqlite":
        pytest.skip("the large ledgers run once, on SQLite")
    return path


@pytest.fixture
def run(transactional_db, capsys):
    seed()

    def call(*words):
        code = cli.main([*map(str, words), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return call


def check_cases(rows, repeated, acknowledged, answered):
    with scopes_disabled():
        assert Case.objects.count() == rows - repeated
        assert CaseEvent.objects.filter(verb="acknowledge").count() == acknowledged
        assert Case.objects.filter(state="closed", close_type="unstated").count() == answered
        assert not Case.objects.filter(search_text="").exists()
        running = CaseClock.objects.running().filter(duty="feedback").values("subject").distinct().count()
        assert running == rows - repeated - answered
        some = list(Case.objects.select_related("park").order_by("-pk")[:20])
    with scope(park=some[0].park):
        for case in some:
            assert traits(books.live(case)) == traits(books.rebuilt(case))


@pytest.mark.parametrize("name", LEDGERS)
def test_ledger_comes_in_through_the_command(run, shared, name):
    path, (rows, repeated, *_) = ledger(shared, name), LEDGERS[name]
    partial = ["--partial"] if repeated else []
    begun = time.monotonic()

    code, found = run("import", "cases", path, *partial)

    assert time.monotonic() - begun < SLOWEST
    assert (code, found["rows"], found["created"]) == (int(bool(repeated)), rows, rows - repeated)
    assert len({error["row"] for error in found["errors"]}) == repeated
    check_cases(*LEDGERS[name])


@pytest.mark.parametrize("name", [name for name in LEDGERS if name not in LARGEST])
@pytest.mark.django_db(transaction=True)
def test_ledger_comes_in_through_the_page(shared, name):
    brought_in_by_the_page(shared, name)


def brought_in_by_the_page(shared: Path, name: str) -> None:
    path, town = ledger(shared, name), make_town()
    with scope(park=town.park):
        client = Client()
        client.force_login(Account.objects.create(username="d", park=town.park, person=town.dispatcher.person))
        file = SimpleUploadedFile(path.name, path.read_bytes())
        page = client.post("/import/", {"file": file})["Location"]
        until(client, page, "matching")
        form = client.get(page).context["form"]
        client.post(f"{page}match/", {name: form[name].value() or "" for name in form.fields} | {"profile": "default"})
        checked = until(client, page, "checked")

        client.post(f"{page}store/", {"rows": "sound"} if checked.errors else {})

        assert len(checked.errors) == LEDGERS[name][1]
        until(client, page, "done")
    check_cases(*LEDGERS[name])


def until(client, page, stage):
    """Return the job as the page shows it then; the page is not asked while a child needs the machine."""
    for _ in range(3000):  # five minutes, on a machine that is busy
        if ImportJob.objects.get().stage in (stage, "failed"):
            job = client.get(page).context["job"]
            assert job.stage == stage, job.failure
            return job
        time.sleep(0.1)
    pytest.fail(f"never {stage}")


def test_ledger_twice_names_every_repeat_and_comes_in_again_when_undone(run, shared):
    path = ledger(shared, "original/附件4_示例120行.xlsx")
    _, first = run("import", "cases", path)

    code, again = run("import", "cases", path)

    assert (code, again["created"], len(again["errors"])) == (1, 0, 120)
    assert all(f"批次 {first['batch']}，" in error["message"] for error in again["errors"])
    assert run("undo", first["batch"]) == (0, {"batch": first["batch"], "undone": 120})
    assert run("import", "cases", path)[1]["created"] == 120


def test_code_table_is_refused(run, shared):
    code, found = run("import", "cases", ledger(shared, "original/附件1.xlsx"))

    assert code == 2
    assert "一级分类、二级分类、三级分类" in found["error"]
    assert "提出时间" in found["error"]


@pytest.mark.parametrize(("profile", "on_time"), [("default", 654), ("pingtan", 1093), ("shandong", 1315)])
def test_replies_are_measured_under_three_mechanisms(run, shared, profile, on_time):
    code, found = run("replay", ledger(shared, "replies.csv.gz"), "--profile", profile)

    assert code == 0
    assert (found["rows"], found["answered"], found["acknowledged_only"], found["unanswered"]) == (1943, 1768, 175, 0)
    assert found["on_time"] == on_time
    assert found["on_time"] + sum(found["late"].values()) + found["no_limit"] == found["answered"]
    assert found["median_working_days"] == 8
