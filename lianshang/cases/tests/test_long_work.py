"""Long work is limited: one piece of a person, a few of a park; and what it leaves behind is forgotten in time."""

import io
from datetime import timedelta
from threading import Thread

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.utils import timezone
from django_scopes import scope

from lianshang.cases import catalogue_sheet, forgetting, handed_in, trial
from lianshang.cases.models import Case, ExportJob, ImportBatch, ImportJob, LedgerExport
from lianshang.cases.services import export_jobs, import_jobs
from lianshang.cases.tests.desks import at_desk, words
from lianshang.cases.tests.factories import HOUR, MONDAY, Town, make_town
from lianshang.directory.actors import Actor
from lianshang.directory.models import Post
from lianshang.kernel import apart, children
from lianshang.kernel.calendars import national
from lianshang.kernel.refusals import Refused

LARGE = b"x" * (handed_in.SMALL + 1)


@pytest.fixture
def begun(monkeypatch) -> list[str]:
    """The children that would have been started."""
    started: list[str] = []
    monkeypatch.setattr(children, "begin", lambda *words, fallen: started.append(words[1]))
    monkeypatch.setattr(export_jobs, "AT_ONCE", 0)
    return started


def import_running(town: Town, actor: Actor, at) -> ImportJob:
    return ImportJob.objects.create(
        park=town.park, name="a.csv", stage="storing", made_at=at, heard_at=at, made_by=actor.person
    )


def test_same_export_asked_for_again_while_it_is_written_is_that_one(town: Town, begun: list[str]):
    town.whistle()

    first = export_jobs.ask("ledger", "state=open", actor=town.dispatcher, at=MONDAY)
    again = export_jobs.ask("ledger", "state=open", actor=town.dispatcher, at=MONDAY)

    assert first.pk == again.pk
    assert begun == ["export"]


def test_person_has_one_long_piece_at_a_time(town: Town, begun: list[str]):
    town.whistle()
    export_jobs.ask("ledger", "", actor=town.dispatcher, at=MONDAY)

    with pytest.raises(Refused, match="没有做完"):
        export_jobs.ask("ledger", "state=open", actor=town.dispatcher, at=MONDAY)
    with pytest.raises(Refused, match="没有做完"):
        import_jobs.open_job("a.csv", LARGE, actor=town.dispatcher, at=MONDAY)
    ExportJob.objects.update(heard_at=MONDAY - HOUR)  # it died with its process
    import_jobs.open_job("a.csv", LARGE, actor=town.dispatcher, at=MONDAY)

    assert begun == ["export", "import"]


def test_park_has_a_few_long_pieces_at_a_time(town: Town, begun: list[str]):
    town.whistle()
    for who in (town.administrator, town.head, town.auditor):
        import_running(town, who, MONDAY)

    with pytest.raises(Refused, match="同时在做"):
        export_jobs.ask("ledger", "", actor=town.dispatcher, at=MONDAY)
    assert begun == []
    assert not ExportJob.objects.exists()


def test_work_that_goes_on_waits_for_its_turn_too(town: Town, begun: list[str]):
    running = import_running(town, town.dispatcher, MONDAY)
    waiting = import_running(town, town.dispatcher, MONDAY)
    ImportJob.objects.filter(pk=waiting.pk).update(stage="checked", rows=1000, sound=1000)
    waiting.refresh_from_db()

    with pytest.raises(Refused, match="没有做完"):
        import_jobs.store(waiting, actor=town.dispatcher, at=MONDAY, partial=False)
    assert ImportJob.objects.get(pk=waiting.pk).stage == "checked"
    ImportJob.objects.filter(pk=running.pk).update(stage="done")
    import_jobs.store(waiting, actor=town.dispatcher, at=MONDAY, partial=False)
    import_jobs.store(waiting, actor=town.dispatcher, at=MONDAY, partial=False)  # pressed twice

    assert begun == ["import"]


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_one_export(begun: list[str]):
    town = make_town()
    with scope(park=town.park):
        town.whistle()

    def press() -> None:
        with scope(park=town.park):
            export_jobs.ask("ledger", "", actor=town.dispatcher, at=MONDAY)
        connections.close_all()

    presses = [Thread(target=press) for _ in range(4)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()

    assert begun == ["export"]


def test_export_done_by_two_processes_is_on_record_once(town: Town, begun: list[str]):
    town.whistle()
    job = export_jobs.ask("ledger", "", actor=town.dispatcher, at=MONDAY)
    other = ExportJob.objects.get(pk=job.pk)

    export_jobs._guarded(job, town.dispatcher)
    export_jobs._guarded(other, town.dispatcher)

    assert LedgerExport.objects.count() == 1


def test_worker_forgets_what_is_older_than_it_is_kept(town: Town):
    town.whistle()
    export_jobs.ask("ledger", "", actor=town.dispatcher, at=MONDAY)
    import_running(town, town.dispatcher, MONDAY)

    forgetting.forget(town.park, MONDAY + timedelta(hours=47))
    assert (ExportJob.objects.count(), ImportJob.objects.count()) == (1, 1)
    forgetting.forget(town.park, MONDAY + timedelta(hours=49))

    assert (ExportJob.objects.count(), ImportJob.objects.count()) == (0, 0)
    assert LedgerExport.objects.count() == 1


def test_file_that_is_too_old_is_not_given_out(town: Town):
    job = export_jobs.ask("ledger", "", actor=town.dispatcher, at=timezone.now())
    client = at_desk(town.dispatcher)
    assert client.get(f"/exports/{job.key}/file/").status_code == 200

    ExportJob.objects.update(made_at=timezone.now() - timedelta(hours=49))

    assert client.get(f"/exports/{job.key}/file/").status_code == 404
    assert client.get(f"/exports/{job.key}/").status_code == 404


def test_file_is_not_given_to_whoever_has_the_post_no_more(town: Town):
    job = export_jobs.ask(
        "ledger", "", actor=town.dispatcher, at=timezone.now(), unmasked=True, purpose="按计划电话回访"
    )
    plain = export_jobs.ask("ledger", "", actor=town.dispatcher, at=timezone.now())

    def answers(role: str, of: object) -> int:
        """Signed in anew: a sign-in that rests on another post has ended."""
        Post.objects.filter(person=town.dispatcher.person).update(role=role)
        return at_desk(town.dispatcher).get(f"/exports/{of.key}/file/").status_code

    assert answers("liaison", job) == 404
    assert answers("liaison", plain) == 200
    assert answers("administrator", plain) == 404


# -- a workbook is opened apart --------------------------------------------------------------------------------------


def workbook(*lines: list[object]) -> bytes:
    book, kept = openpyxl.Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(kept)
    return kept.getvalue()


def test_what_takes_too_much_memory_falls_alone():
    with pytest.raises(apart.TooMuch):
        apart.run(bytes, 2**30)


def test_errors_and_mended_cells_come_back_whole():
    with pytest.raises(handed_in.Unreadable, match="已损坏"):
        handed_in.safely(b"PK", handed_in.opened, b"PK\x03\x04 no archive", "a.xlsx")

    content = workbook(["编号", "标题"], ["Ａ１", "路灯"])
    sheet = handed_in.safely(content, handed_in.opened, content, "a.xlsx").sheet
    assert (sheet.rows[0].cells, sheet.rows[0].cells[0].how) == (("A1", "路灯"), "wide")


def test_workbook_is_never_opened_in_the_web_process(town: Town, monkeypatch):
    monkeypatch.setattr("python_calamine.CalamineWorkbook", None)
    monkeypatch.setattr("openpyxl.load_workbook", None)
    content = workbook(["编号", "标题", "提出时间"], ["A1", "路灯", "三月四日"], ["A2", "用电", "2026-03-04"])
    client = at_desk(town.dispatcher)

    page = client.post("/import/", {"file": SimpleUploadedFile("a.xlsx", content)})["Location"]
    fields = client.get(page).context["form"]
    client.post(f"{page}match/", {name: fields[name].value() or "" for name in fields.fields} | {"profile": "default"})
    client.post(f"{page}store/", {"rows": "sound"})

    assert "已导入 1 件" in words(client.get(page))
    assert client.get(f"{page}marked/").status_code == 200


# -- and undone without telling of sealed rows -----------------------------------------------------------------------


@pytest.mark.parametrize("at_once", [0, 300])
def test_undoing_counts_open_rows_alone(town: Town, begun: list[str], monkeypatch, at_once: int):
    content = "编号,标题,提出时间,诉求性质\nA1,路灯,2025-03-03,求助\nA2,倒渣,2025-03-03,举报\n".encode()
    client = at_desk(town.dispatcher)
    page = client.post("/import/", {"file": SimpleUploadedFile("a.csv", content)})["Location"]
    fields = client.get(page).context["form"]
    client.post(f"{page}match/", {name: fields[name].value() or "" for name in fields.fields} | {"profile": "default"})
    client.post(f"{page}store/")
    monkeypatch.setattr(import_jobs, "AT_ONCE", at_once)

    job = import_jobs.undo(ImportBatch.objects.get(), actor=town.administrator, at=timezone.now())
    import_jobs.carry_on(job.key, at=timezone.now())

    job.refresh_from_db()
    assert (job.stage, job.rows, job.done) == ("undone", 1, 1)
    assert set(Case.objects.values_list("close_type", flat=True)) == {"undone"}


def test_workbooks_of_trials_and_catalogues_are_opened_apart_too(monkeypatch):
    monkeypatch.setattr("python_calamine.CalamineWorkbook", None)
    ledger = workbook(["标题", "提出时间", "答复时间"], ["路灯", "2025-03-03 10:00", "2025-03-04 10:00"])
    catalogue = workbook(["事项", "主办单位", "权责依据"], ["路灯", "没有这个单位", "条例"])

    tickets, unread = trial.read(ledger, "a.xlsx", {}, national())
    matters, faults = catalogue_sheet.read(catalogue, "b.xlsx", [], [])

    assert (len(tickets), len(unread)) == (1, 0)
    assert (matters, len(faults)) == ([], 1)
