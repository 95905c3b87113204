"""机制试算: public, nothing stored; the figures are those of the command."""

import re
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from lianshang.cases import abuse, presets, trial
from lianshang.cases.models import Case, ImportBatch, ImportJob
from lianshang.kernel.models import StoredFile

HEAD = "编号,提出时间,答复意见,答复时间"
ROWS = (
    "1,2026-03-02 10:00,已更换灯具,2026-03-04 16:00",  # 2 working days
    "2,2026-03-02 10:00,已修补路面,2026-03-13 16:00",  # 9
    "3,2026-03-02 10:00,网友：您好！留言已收悉,2026-03-03 09:00",
    "4,2026-03-02 10:00,,",
    "5,三月二日,,",
)


def content(*rows, head=HEAD):
    return "\n".join([head, *(rows or ROWS)]).encode()


def measured(*rows, profile="default", **more):
    return trial.measured(content(*rows), "t.csv", presets.preset(profile), **more)


def post(client, data=None, *, waited=True, **more):
    at = timezone.now() - timedelta(minutes=2 if waited else 0)
    file = SimpleUploadedFile("台账.csv", data or content())
    return client.post(
        "/trial/", {"file": file, "profile": "default", "challenge": abuse.challenge(at), "proof": "", **more}
    )


def test_figures_of_the_chosen_mechanism():
    found = measured()

    assert {k: found.found[k] for k in ("rows", "answered", "acknowledged_only", "unanswered", "on_time")} == {
        "rows": 5, "answered": 2, "acknowledged_only": 1, "unanswered": 1, "on_time": 1,
    }  # fmt: skip
    assert (found.late, found.promised, found.on_time_share) == (1, 5, 0.5)


def test_all_shipped_mechanisms_stand_side_by_side():
    compared = {one.name: one for one in measured().compared}

    assert set(compared) == set(presets.preset_names())
    assert [one.name for one in compared.values() if one.chosen] == ["default"]
    assert (compared["shandong"].on_time, compared["shandong"].late) == (2, 0)
    assert "测不出" in compared["huazhou"].why_not


def test_columns_count_every_answer_once():
    found = measured()

    assert {column.label: column.count for column in found.columns if column.count} == {
        "2 个工作日": 1,
        "9 个工作日": 1,
    }
    assert [column.late for column in found.columns if column.count] == [False, True]


def test_conclusion_says_what_was_kept_and_what_it_takes():
    said = "".join(trial.conclusion(measured()))

    assert "1 件能按期，占 50%；1 件会超期" in said
    assert "1 件只回了“已收悉”" in said
    assert "1 行读不出时间" in said
    assert "90% 的答复用了 9 个工作日以内" in said


def test_ledger_without_answers_concludes_nothing():
    assert "没有一件有实质答复" in trial.conclusion(measured(ROWS[3]))[0]


def test_share_is_cut_and_never_rounded_up():
    assert [trial.percent(share) for share in (0.9999, 1, 0.369, 0, None)] == ["99.9%", "100%", "36.9%", "0%", "—"]


def test_anybody_may_try_and_nothing_is_kept(db):
    page = post(Client())

    assert page.status_code == 200
    assert "能按期" in page.content.decode()
    with scopes_disabled():
        assert not any(model.objects.exists() for model in (Case, StoredFile, ImportJob, ImportBatch))


def test_page_obeys_the_policy(db):
    page = post(Client()).content.decode()

    assert re.findall(r"\sstyle=|\son[a-z]+=", page) == []


def test_page_says_why_the_shares_and_what_is_on_time_may_differ(db):
    page = post(Client(), content("1,2026-03-02 10:00,已更换灯具,2026-03-09 18:00"))

    assert page.context["found"]["share_within"]["5"] == 1.0  # the fifth day, an hour after its close
    assert page.context["found"]["on_time"] == 0
    assert "最后一天下班以后" in page.content.decode()


def test_unreadable_rows_are_listed_with_reasons(db):
    assert "第 6 行" in post(Client()).content.decode()


def test_own_mechanism_is_measured_beside_the_shipped(db):
    own = "name: ours\nlabel: 我们的机制\nduties:\n  handle: 10 working-days\n"
    page = post(Client(), own=SimpleUploadedFile("ours.yaml", own.encode()))

    assert page.context["trial"].compared[0].label == "我们的机制"
    assert page.context["trial"].found["on_time"] == 2


def test_faulty_mechanism_is_told_with_its_place(db):
    page = post(Client(), own=SimpleUploadedFile("ours.yaml", b"name: ours\nlabel: x\nduties:\n  handel: 10 days\n"))

    assert page.status_code == 422
    assert "机制方案文件有 1 处问题" in page.content.decode()


def test_unknown_headings_are_told_and_can_be_named(db):
    data = content("2026-03-02,2026-03-04", head="几时提的,几时答的")

    refused = post(Client(), data)
    named = post(Client(), data, asked_column="几时提的", answered_column="几时答的")

    assert refused.status_code == 422
    assert "表头对不上" in refused.content.decode()
    assert "--map" not in refused.content.decode()
    assert named.context["found"]["answered"] == 1


def test_too_soon_and_too_often_are_refused(db):
    client = Client()

    assert post(client, waited=False).status_code == 409
    statuses = [post(client).status_code for _ in range(12)]
    assert statuses[-1] == 429


def test_too_long_a_ledger_is_refused(db, monkeypatch):
    monkeypatch.setattr(trial, "MOST_ROWS", 3)

    page = post(Client())

    assert page.status_code == 422
    assert "分成几份" in page.content.decode()
