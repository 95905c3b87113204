"""Long work in a process of its own: out, in and away again, seen from the page, and what is said when it falls."""

import io
import time

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_scopes import scope

from lianshang.cases import handed_in
from lianshang.cases.models import Case, ExportJob, ImportBatch, ImportJob, LedgerExport
from lianshang.cases.services import export_jobs, import_jobs
from lianshang.cases.tests.desks import at_desk, words
from lianshang.cases.tests.factories import MONDAY, make_town

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = import_jobs.AT_ONCE + 5


@pytest.fixture
def town():
    made = make_town()
    with scope(park=made.park):
        yield made


def over(client, page):
    """Look at the page until its job no longer runs; returns its words."""
    for _ in range(600):
        found = client.get(page)
        if not found.context["job"].is_running:
            return words(found)
        time.sleep(0.2)
    pytest.fail(f"{page} is never over")


def test_large_ledger_goes_in_out_and_away_again_in_processes_of_its_own(town, monkeypatch):
    monkeypatch.setattr(handed_in, "SMALL", 100)  # the file is read by a child too
    client = at_desk(town.dispatcher)
    lines = [f"N{n},路灯{n},路灯坏了,2025-03-03 10:00" for n in range(ROWS)]
    content = "\n".join(["编号,标题,正文,提出时间", *lines]).encode()

    page = client.post("/import/", {"file": SimpleUploadedFile("旧台账.csv", content)})["Location"]
    assert "正在读取" in words(client.get(page)) or over(client, page)
    over(client, page)
    fields = client.get(page).context["form"]
    client.post(f"{page}match/", {name: fields[name].value() or "" for name in fields.fields} | {"profile": "default"})
    assert "行都没有问题" in over(client, page)
    client.post(f"{page}store/")
    assert f"已导入 {ROWS} 件" in over(client, page)

    out = client.post("/cases/export/", {"what": "ledger", "query": ""})["Location"]
    assert f"已生成，共 {ROWS} 件" in over(client, out)
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{out}file/").content))["数据"]
    assert sheet.max_row == ROWS + 1
    assert LedgerExport.objects.get().rows == ROWS

    away = client.post("/import/undo/", {"batch": ImportBatch.objects.get().pk})["Location"]
    assert "已撤销" in over(client, away)
    assert set(Case.objects.values_list("close_type", flat=True)) == {"undone"}
    assert client.get("/cases/").context["rows"] == []


def test_job_whose_file_is_no_table_says_so(town):
    job = ImportJob.objects.create(
        park=town.park, name="a.xlsx", stage="reading", made_at=timezone.now(), heard_at=MONDAY, made_by=town.dispatcher.person,
        content=b"%PDF-1.7 no table", seen={},
    )  # fmt: skip

    import_jobs._begin(job)

    assert "没有导入" in over(at_desk(town.dispatcher), f"/import/{job.key}/")


def test_work_that_is_done_is_not_done_twice(town):
    town.whistle()
    job = export_jobs.ask("ledger", "", actor=town.dispatcher, at=MONDAY)

    assert not export_jobs.carry_on(job.key, at=MONDAY)
    assert LedgerExport.objects.count() == ExportJob.objects.count() == 1
