"""What a receipt says of its own record: written for good, being written, or not what was written; and the proof to keep."""

import io
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from lianshang.cases.models import Case, CaseEvent, CaseFile
from lianshang.cases.states import Nature
from lianshang.cases.tests.doors import address_of
from lianshang.cases.tests.factories import Town, make_town
from lianshang.kernel import files
from lianshang.kernel.append_only import AppendOnly, guards
from lianshang.kernel.history import sealing, verifying
from lianshang.kernel.history.erasing import erase
from lianshang.kernel.history.recorded import ledgers
from lianshang.kernel.models import Leaf

WAITING, SEALED, BROKEN = "尚在写入不可更改的记录", "已写入不可更改的记录", "与写入时的记录对不上"


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


def raised(town: Town, **more: object) -> Case:
    with scope(park=town.park):
        return town.whistle(timezone.now() - timedelta(hours=1), **more)


def seal(town: Town) -> None:
    with scope(park=town.park):
        sealing.seal(town.park, timezone.now())


def told(town: Town, client: Client, case: Case) -> str:
    page = client.get(address_of(town, case)).content.decode()
    return next(words for words in (WAITING, SEALED, BROKEN) if words in page)


def proof(town: Town, client: Client, case: Case) -> dict[str, object]:
    answer = client.get(f"{address_of(town, case)}proof/")
    assert answer["Content-Disposition"].startswith("attachment")
    return json.loads(answer.content)


def under_the_triggers(statement: str, *given: object) -> None:
    """Change what cannot be changed, as the database's owner could."""
    guard = AppendOnly("cases_caseevent")
    with connection.schema_editor(atomic=False) as editor:
        guard.database_backwards("cases", editor, None, None)
    with connection.cursor() as cursor:
        cursor.execute(statement, given)


@pytest.mark.django_db(transaction=True)
def test_a_receipt_tells_when_it_is_written_for_good_and_when_it_was_changed(town: Town, client: Client):
    case = raised(town)

    before = told(town, client, case)
    seal(town)
    after = told(town, client, case)
    under_the_triggers("UPDATE cases_caseevent SET note = %s WHERE subject_id = %s", "没有这回事", case.pk)

    assert (before, after, told(town, client, case)) == (WAITING, SEALED, BROKEN)
    with connection.schema_editor(atomic=False) as editor:
        AppendOnly("cases_caseevent").database_forwards("cases", editor, None, None)


def test_the_promise_comes_first_and_the_proof_with_the_seal(town: Town, client: Client):
    case = raised(town)

    promised = proof(town, client, case)
    seal(town)
    proved = proof(town, client, case)

    assert "checkpoint" not in promised
    assert promised["promise"] == proved["promise"]
    assert case.number in str(proved["promise"])
    assert "checkpoint" in proved


def test_a_complaints_proof_is_like_any_other(town: Town, client: Client):
    """Nothing but its number, which stands on the receipt: no key, no place in a table, no matter."""
    sealed = raised(town, nature=Nature.COMPLAINT, enterprise=None, contact_phone="", respondents=(town.other,))
    case = raised(town)
    seal(town)

    secret, ordinary = proof(town, client, sealed), proof(town, client, case)

    assert secret.keys() == ordinary.keys()
    assert set(secret) == {"format", "keys", "promise", "index", "path", "checkpoint"}
    lines = [len(str(one["promise"]).splitlines()) for one in (secret, ordinary)]
    assert lines[0] == lines[1] == 7
    assert not any(
        word in json.dumps(secret, ensure_ascii=False) for word in ("complaint", "投诉", "其他", town.other.name)
    )
    assert "M-" not in client.get(f"{address_of(town, sealed)}proof/")["Content-Disposition"]


def test_a_wrong_code_gets_no_proof(town: Town, client: Client):
    assert client.get(f"/r/{town.park.code}-AAAA-BBBB-CCCC/proof/").status_code == 404


def test_erased_words_leave_the_history_whole(town: Town, client: Client):
    case = raised(town, text="我叫张三，电话 13800001111，路灯坏了。")
    seal(town)
    with scope(park=town.park):
        event = CaseEvent.objects.get(subject=case)
        erase(event, at=timezone.now(), ground="个人信息保护法第四十七条")
        seal(town)
        event = CaseEvent.objects.get(pk=event.pk)

        assert event.note == ""
        assert bytes(Leaf.objects.get(ledger="cases.caseevent", row=event.pk).salt) == b""
    assert verifying.verify(timezone.now()).faults == []
    assert told(town, client, case) == SEALED


def test_only_words_can_be_erased_and_once(town: Town):
    case = raised(town)
    seal(town)
    with scope(park=town.park):
        event = CaseEvent.objects.get(subject=case)
        erase(event, at=timezone.now(), ground="个人信息保护法第四十七条")
        with pytest.raises(ValueError, match="erased"):
            erase(event, at=timezone.now(), ground="再来一次")
    with scopes_disabled():
        assert Leaf.objects.filter(ledger="kernel.erasure").count() == 1


def test_every_table_of_the_history_is_guarded(town: Town):
    assert {model._meta.db_table for model in ledgers()} <= guards(connection)


def test_the_name_of_a_file_can_be_erased(town: Town):
    with scope(park=town.park):
        stored = files.store(town.park, io.BytesIO("复印件".encode()), "附件.txt")
    case = raised(town, files=[(stored, "张三的身份证.txt")])
    seal(town)
    with scope(park=town.park):
        file = CaseFile.objects.get(case=case)
        erase(file, at=timezone.now(), ground="个人信息保护法第四十七条")

        assert CaseFile.objects.get(pk=file.pk).name == ""
    assert "cases_casefile" in guards(connection)
    assert verifying.verify(timezone.now()).faults == []
