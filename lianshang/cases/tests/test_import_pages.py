"""The pages of an import: who may, what is shown before anything is written, and how it goes on without the browser."""

import time
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from lianshang.cases.models import Case, ImportBatch
from lianshang.cases.models.import_jobs import ImportJob
from lianshang.cases.services import import_jobs
from lianshang.cases.tests.factories import make_town
from lianshang.directory.models import Account

HEAD = "编号,标题,正文,提出时间,答复意见,答复时间"
GOOD = "A1,路灯,路灯坏了,2025-03-03 10:00,已更换,2025-03-05 16:00"
OTHER = "A2,用电,电压不稳,2025-03-04,,"
WRONG = "A3,排水,下雨积水,三月四日,,"
REPORTED = "A4,夜间倒渣,夜里有人倒渣,2025-05-06 09:00,,"


def signed_in(actor):
    account = Account.objects.create(username=f"a{actor.person.pk}", park=actor.park, person=actor.person)
    client = Client()
    client.force_login(account)
    return client


def upload(client, *lines, head=HEAD):
    content = "\n".join([head, *lines]).encode()
    return client.post("/import/", {"file": SimpleUploadedFile("旧台账.csv", content)})


def matched(client, *lines, head=HEAD, **changed):
    """Hand in a file and take the columns as they were guessed, but for `changed`. Returns the job's page."""
    page = upload(client, *lines, head=head)["Location"]
    form = client.get(page).context["form"]
    given = {name: form[name].value() or "" for name in form.fields} | {"profile": "default"} | changed
    answer = client.post(f"{page}match/", given)
    assert answer.status_code == 302, answer.content.decode()
    return page


@pytest.fixture
def client(town):
    return signed_in(town.dispatcher)


@pytest.mark.parametrize("who", ["liaison", "chief", "head", "callback", "complaints", "auditor"])
def test_import_is_not_there_for_others(town, who):
    client = signed_in(getattr(town, who))

    assert client.get("/import/").status_code == 404
    assert upload(client, GOOD).status_code == 404


def test_administrator_may_import(town):
    assert signed_in(town.administrator).get("/import/").status_code == 200


def test_columns_are_guessed_and_shown_with_what_stands_in_them(town, client):
    page = client.get(upload(client, GOOD)["Location"])

    rows = {field.label: (field.value(), samples) for field, samples in page.context["form"].rows()}
    assert rows["提出时间"] == ("asked_at", ["2025-03-03 10:00"])
    assert rows["答复意见"] == ("reply", ["已更换"])


def test_sound_file_is_checked_then_imported_whole(town, client):
    page = matched(client, GOOD, OTHER)
    assert "2 行都没有问题" in client.get(page).content.decode()
    assert not Case.objects.exists()

    client.post(f"{page}store/")

    assert "已导入 2 件" in client.get(page).content.decode()
    assert set(Case.objects.values_list("external_number", flat=True)) == {"A1", "A2"}
    assert ImportBatch.objects.get().made_by == town.dispatcher.person


def test_every_wrong_cell_is_told_and_the_good_rows_may_come_in(town, client):
    page = matched(client, GOOD, WRONG)

    shown = client.get(page)
    assert [error["row"] for error in shown.context["errors"]] == [3]
    assert "三月四日" in shown.content.decode()
    assert client.post(f"{page}store/").status_code == 409
    assert not Case.objects.exists()
    client.post(f"{page}store/", {"rows": "sound"})
    assert Case.objects.get().external_number == "A1"


def test_errors_download_as_a_sheet_without_formulas(town, client):
    page = matched(client, "A1,排水,下雨,=1+1,,")

    sheet = client.get(f"{page}errors/")

    assert sheet["Content-Type"].startswith("text/csv")
    assert "2,D2,提出时间,'=1+1," in sheet.content.decode("utf-8-sig")


def test_column_set_aside_is_not_guessed_again(town, client):
    page = matched(client, GOOD, **{"column-4": "", "column-5": ""})
    client.post(f"{page}store/")

    assert Case.objects.get().state == "registered"


def test_unusual_headings_are_matched_by_hand(town, client):
    page = matched(client, "路灯坏了,2025-03-03", head="说了什么,几时", **{"column-0": "text", "column-1": "asked_at"})
    client.post(f"{page}store/")

    assert Case.objects.get().title == "路灯坏了"


def test_missing_or_doubled_columns_are_told(town, client):
    page = upload(client, GOOD)["Location"]

    missing = client.post(f"{page}match/", {"profile": "default", "column-1": "title"})
    doubled = client.post(f"{page}match/", {"profile": "default", **{f"column-{n}": "title" for n in (1, 2)}})

    assert (missing.status_code, doubled.status_code) == (422, 422)
    assert "还缺提出时间" in missing.content.decode()
    assert "有两列都选成了" in doubled.content.decode()


def test_file_that_is_no_table_is_told_on_the_page(town, client):
    answer = client.post("/import/", {"file": SimpleUploadedFile("x.pdf", b"%PDF-1.7 ...")})

    assert answer.status_code == 422
    assert "PDF" in answer.content.decode()


def test_job_is_its_makers_alone(town, client):
    page = upload(client, GOOD)["Location"]

    assert signed_in(town.administrator).get(page).status_code == 404


def test_batch_is_undone_from_the_list(town, client):
    page = matched(client, GOOD)
    client.post(f"{page}store/")
    batch = ImportBatch.objects.get()

    client.post("/import/undo/", {"batch": batch.pk})

    assert "已撤销" in client.get("/import/").content.decode()
    assert Case.objects.get().close_type == "undone"


def test_list_of_batches_counts_no_sealed_case(town, client):
    page = matched(client, GOOD + ",", REPORTED + ",举报", head=HEAD + ",诉求性质")
    client.post(f"{page}store/")

    assert Case.objects.count() == 2
    assert client.get("/import/").context["batches"][0].count == 1


def test_file_is_forgotten_when_it_is_over(town, client):
    page = matched(client, GOOD)
    client.post(f"{page}store/")
    job = ImportJob.objects.get()
    assert bytes(job.content) == b""

    ImportJob.objects.update(made_at=timezone.now() - timedelta(days=3))
    upload(client, OTHER)
    assert not ImportJob.objects.filter(pk=job.pk).exists()


def test_job_whose_process_died_says_so(town, client):
    page = matched(client, GOOD)
    ImportJob.objects.update(stage="storing", heard_at=timezone.now() - timedelta(minutes=6))

    assert "中断" in client.get(page).content.decode()


@pytest.mark.django_db(transaction=True)
def test_long_import_goes_on_beside_the_browser():
    town = make_town()
    with scope(park=town.park):
        client = signed_in(town.dispatcher)
        lines = [f"N{n},路灯{n},路灯坏了,2025-03-03 10:00,," for n in range(import_jobs.AT_ONCE + 1)]
        page = matched(client, *lines)
        until(client, page, "checked")
        client.post(f"{page}store/")
        assert client.post(f"{page}store/").status_code == 302  # pressed twice

        until(client, page, "done")

        assert Case.objects.count() == len(lines)
        assert ImportBatch.objects.count() == 1


def until(client, page, stage):
    for _ in range(1200):  # two minutes, on a machine that is busy
        if client.get(page).context["job"].stage == stage:
            return
        time.sleep(0.1)
    pytest.fail(f"never {stage}")
