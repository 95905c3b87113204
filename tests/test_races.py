"""Two at once: one wins, the other is told in Chinese who was first and when, and nothing is written twice.

Each racer has a thread and a connection of its own, and whoever holds a case's lock keeps it for a while, so that the
other one certainly arrives meanwhile. On SQLite the lock is the one writer (BEGIN IMMEDIATE), on PostgreSQL the row.
"""

import io
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from lianshang.cases import services
from lianshang.cases.chat.offers import offers
from lianshang.cases.documents import templates
from lianshang.cases.documents.wordings import WORDINGS
from lianshang.cases.flow import FLOW
from lianshang.cases.models import Assignment, Case, CaseClockChange, DocumentTemplate, FirstHandler, ImportBatch
from lianshang.cases.services import documents, drafts
from lianshang.cases.services.importing import undo_import
from lianshang.cases.states import State
from lianshang.cases.tests.doors import enterprise_door, filled
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town, make_actor, make_town
from lianshang.directory.models import Account, Role
from lianshang.kernel.clocks import ClockChange
from lianshang.kernel.refusals import Refused
from lianshang.papers import word
from tests import paper

ROUNDS = 3
HELD = 0.03  # seconds that a racer keeps the lock
TOLD = re.compile(r"(?P<who>\S+?)已于 \d+月\d+日 \d\d:\d\d")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town() -> Iterator[Town]:
    made = make_town()
    with scope(park=made.park):
        yield made


@pytest.fixture(autouse=True)
def _held_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    lock = FLOW.lock
    monkeypatch.setattr(FLOW, "lock", lambda subject: _pausing(lock(subject)))


def _pausing(row: Any) -> Any:
    time.sleep(HELD)
    return row


def together(town: Town, *jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs at the same time; return of each its result, or the exception that it ended with."""
    barrier, ended = Barrier(len(jobs), timeout=20), [None] * len(jobs)

    def run(place: int, job: Callable[[], Any]) -> None:
        try:
            with scope(park=town.park):
                barrier.wait()
                ended[place] = job()
        except Exception as problem:  # noqa: BLE001 -- judged by the test
            ended[place] = problem
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=one) for one in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return ended


def won_and_told(ended: list[Any]) -> tuple[list[Any], list[str]]:
    """Return the winners' results and the sentences of those who were refused. Anything else is a fault."""
    broken = [one for one in ended if isinstance(one, Exception) and not isinstance(one, Refused)]
    assert broken == []
    return [one for one in ended if not isinstance(one, Refused)], [
        str(one) for one in ended if isinstance(one, Refused)
    ]


def second_dispatcher(town: Town) -> Any:
    return make_actor(town.park, "罗平", Role.DISPATCHER, town.office)


# -- two on one case --------------------------------------------------------------------------------------------------


def test_two_dispatchers_send_one_order(town):
    other = second_dispatcher(town)

    for _ in range(ROUNDS):
        case = town.whistle()
        ended = together(
            town,
            lambda case=case: services.dispatch(case, actor=town.dispatcher, at=MONDAY + HOUR, lead=town.lead),
            lambda case=case: services.dispatch(case, actor=other, at=MONDAY + HOUR, lead=town.other),
        )
        (won,), (sentence,) = won_and_told(ended)
        assert TOLD.search(sentence)["who"].endswith(won.last_event.actor.name)
        assert "派单" in sentence
        assert Assignment.objects.get(case=case).unit_id == won.lead_unit_id
        assert case.events.filter(verb="dispatch").count() == 1


def test_one_signs_and_the_first_handler_is_written_once(town):
    for _ in range(ROUNDS):
        case = town.dispatched()
        hands = [town.liaison, town.colleague] * 3
        ended = together(
            town, *(lambda one=one, case=case: services.sign(case, actor=one, at=MONDAY + 2 * HOUR) for one in hands)
        )
        (won,), sentences = won_and_told(ended)
        assert len(sentences) == 5
        assert all(won.last_event.actor.name in sentence and "签收" in sentence for sentence in sentences)
        assert FirstHandler.objects.get(case=case).person == won.last_event.actor
        assert Assignment.objects.get(case=case).signed_by == won.last_event.actor


def test_an_answer_and_a_change_of_lead_exclude_each_other(town):
    seen = set()
    for _ in range(ROUNDS):
        case = town.signed()
        ended = together(
            town,
            lambda case=case: services.answer(case, actor=town.liaison, at=MONDAY + DAY, note="灯已修好，今晚亮。"),
            lambda case=case: services.change_lead(
                case, actor=town.dispatcher, at=MONDAY + DAY, lead=town.other, reason="职责调整"
            ),
        )
        (won,), (sentence,) = won_and_told(ended)
        case.refresh_from_db()
        seen.add(case.state)
        assert case.state == won.state
        assert TOLD.search(sentence)
        assert Assignment.objects.filter(case=case, part="lead", ended_at=None).count() == 1
    assert seen <= {State.ANSWERED, State.DISPATCHED}


def test_confirming_and_rejecting_exclude_each_other(town):
    for _ in range(ROUNDS):
        case, at = town.answered(), MONDAY + 2 * DAY
        ended = together(
            town,
            lambda case=case, at=at: services.confirm(case, actor=town.holder(case), at=at, grade="fair"),
            lambda case=case, at=at: services.reject(case, actor=town.holder(case), at=at, reason="还是不亮。"),
        )
        (won,), (sentence,) = won_and_told(ended)
        case.refresh_from_db()
        assert (case.state, case.closed_at is None) in {(State.CLOSED, False), (State.REWORK, True)}
        assert case.state == won.state
        assert "企业已于" in sentence


def test_an_extension_is_granted_once(town):
    other = second_dispatcher(town)

    for _ in range(ROUNDS):
        case = town.in_state(State.EXTENSION_REQUESTED)
        ended = together(
            town,
            *(
                lambda one=one, case=case: services.grant_extension(case, actor=one, at=MONDAY + 3 * HOUR)
                for one in (town.dispatcher, other)
            ),
        )
        (won,), (sentence,) = won_and_told(ended)
        assert won.last_event.actor.name in sentence
        assert CaseClockChange.objects.filter(clock__subject=case, what=ClockChange.What.EXTEND).count() == 1


def test_undoing_an_import_and_working_on_it_exclude_each_other(town):
    for _ in range(ROUNDS):
        batch = ImportBatch.objects.create(park=town.park, name="旧台账.xlsx", digest="0", made_at=MONDAY)
        whistle = services.Whistle(text="旧台账里的一件。", batch=batch, channel="import")
        case = services.submit(whistle, actor=town.system, at=MONDAY)
        ended = together(
            town,
            lambda batch=batch: undo_import(batch, actor=town.dispatcher, at=MONDAY + HOUR),
            lambda case=case: services.dispatch(case, actor=town.dispatcher, at=MONDAY + HOUR, lead=town.lead),
        )
        (_,), (sentence,) = won_and_told(ended)
        case.refresh_from_db()
        batch.refresh_from_db()
        undone = batch.undone_at is not None
        assert undone == (case.state == State.CLOSED) == (Assignment.objects.filter(case=case).count() == 0)
        assert ("撤销导入" in sentence) if undone else (case.number in sentence)


# -- drafts and templates ---------------------------------------------------------------------------------------------


def test_the_same_chat_pasted_twice_at_once_is_kept_once(town, monkeypatch):
    other, known = second_dispatcher(town), drafts.enterprises_of
    monkeypatch.setattr(drafts, "enterprises_of", lambda *said: _pausing(known(*said)))

    for n in range(ROUNDS):
        said = offers(f"何丽 2026/11/02 08:1{n}\n东门积水\n老冯 2026/11/02 08:1{n}\n路灯不亮", MONDAY).offers
        ended = together(
            town,
            *(
                lambda one=one, said=said: services.keep_pasted(said, actor=one, at=MONDAY)
                for one in (town.dispatcher, other)
            ),
        )
        kept, _ = won_and_told(ended)
        assert sorted((len(one.drafts), one.known) for one in kept) == [(0, 2), (2, 0)]


def test_templates_put_in_place_at_once_are_numbered_one_after_the_other(town, monkeypatch):
    shipped, known = word.template(WORDINGS["reply"]), templates.in_force
    monkeypatch.setattr(templates, "in_force", lambda kind: _pausing(known(kind)))

    for n in range(ROUNDS):
        files = [_dated(shipped, 2 * n + place) for place in (1, 2)]
        ended = together(
            town,
            *(
                lambda file=file: documents.replace_template(
                    "reply", file, "答复函.docx", actor=town.administrator, at=MONDAY
                )
                for file in files
            ),
        )
        assert len(won_and_told(ended)[0]) == 2
    assert [row.number for row in DocumentTemplate.objects.order_by("pk")] == [1, 2, 3, 4, 5, 6]


def _dated(file: bytes, day: int) -> bytes:
    """Return the same Word file with other bytes."""
    made = io.BytesIO(file)
    with ZipFile(made, "a") as parcel:
        parcel.comment = f"{day}".encode()
    return made.getvalue()


# -- whistles ---------------------------------------------------------------------------------------------------------


def test_eight_whistles_at_once_are_numbered_without_gaps(town):
    ended = together(town, *(lambda n=n: town.whistle(text=f"第 {n} 件，路灯不亮。") for n in range(8)))

    cases, sentences = won_and_told(ended)
    assert sentences == []
    assert sorted(case.number for case in cases) == [f"2026-{n:04d}" for n in range(1, 9)]
    assert len({case.code_digest for case in cases}) == 8


def test_a_form_posted_twice_at_once_makes_one_case(town, settings):
    settings.PROOF_BITS = 4
    door, clients = enterprise_door(town), [Client(), Client()]
    sent = filled(clients[0], door)

    ended = together(town, *(lambda client=client: client.post(door, sent) for client in clients))

    assert [(page.status_code, page["Location"]) for page in ended] == [(302, ended[0]["Location"])] * 2
    assert Case.objects.count() == 1


def test_the_dispatcher_who_came_second_reads_who_was_first_and_keeps_the_words(town):
    other, case = second_dispatcher(town), town.whistle(timezone.now() - timedelta(minutes=5))
    address = f"{case.get_absolute_url()}do/dispatch/"
    jobs = [
        _dispatch_by_form(actor, address, unit) for actor, unit in ((town.dispatcher, town.lead), (other, town.other))
    ]

    pages = together(town, *jobs)

    assert sorted(page.status_code for page in pages) == [302, 409]
    winner = case.events.get(verb="dispatch").actor
    lost = next(page for page in pages if page.status_code == 409)
    assert re.search(rf"{winner.name}已于 \d+月\d+日 \d\d:\d\d 派单", paper.text(lost))
    assert "请先到现场" in paper.text(lost)


def _dispatch_by_form(actor: Any, address: str, unit: Any) -> Callable[[], HttpResponse]:
    """Open the form now; the job sends it."""
    account = Account.objects.create(username=actor.person.name, park=actor.park, person=actor.person)
    client = Client()
    client.force_login(account)
    sent = paper.fill(client.get(address), address, lead=unit.pk, note="请先到现场")
    return lambda: client.post(address, sent)


# -- the rig ----------------------------------------------------------------------------------------------------------


def test_the_rig_catches_a_lock_taken_away(town, monkeypatch):
    """Without the lock both read the same state: on PostgreSQL the race is lost, on SQLite there is one writer anyhow."""
    plain = lambda subject: _pausing(Case.objects.get(park=subject.park_id, pk=subject.pk))  # noqa: E731
    monkeypatch.setattr(FLOW, "lock", plain)
    case, other = town.whistle(), second_dispatcher(town)

    ended = together(
        town,
        lambda: services.dispatch(case, actor=town.dispatcher, at=MONDAY + HOUR, lead=town.lead),
        lambda: services.dispatch(case, actor=other, at=MONDAY + HOUR, lead=town.other),
    )

    clean = sorted(type(one).__name__ for one in ended) == ["Case", "Overtaken"]
    assert clean == (connection.vendor == "sqlite"), ended
