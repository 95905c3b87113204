import io
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from resource import RUSAGE_CHILDREN, getrusage
from threading import Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from lianshang.cases import abuse, handed_in, presets
from lianshang.cases.tests.desks import at_desk, done
from lianshang.cases.tests.doors import WORDS, blown, park_door
from lianshang.cases.tests.factories import Town, make_town
from lianshang.cases.wecom import envelopes
from lianshang.cases.wecom.scheme import Unreadable
from lianshang.chain import workbook
from lianshang.chain.tests.parks import demo_park
from lianshang.kernel import apart, files, tables
from lianshang.kernel.refusals import Refused
from tests.uploads import bombs, places

LONGEST = 10  # seconds of processor time, ours and our children's
Bomb = Callable[[], bytes]


@pytest.fixture
def town(db: None, settings: object, tmp_path: object) -> Iterator[Town]:
    settings.MEDIA_ROOT = tmp_path
    made = make_town()
    with scope(park=made.park):
        yield made


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    """No refusal takes longer than it may, however busy the machine is."""
    begun = spent()
    yield
    assert spent() - begun < LONGEST


def spent() -> float:
    children = getrusage(RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def test_every_place_that_takes_a_file_was_decided_on():
    found = set(places.found())

    assert found == set(places.DECIDED), "decide in tests/uploads/places.py how what is handed in there is read"


# -- attachments ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", bombs.ATTACHED)
def test_attachment_that_does_harm_is_refused(name: str):
    make, called, why = bombs.ATTACHED[name]

    with pytest.raises(Refused, match=why):
        files.prepare(io.BytesIO(make()), called)


def test_document_with_a_sheet_inside_is_taken():
    sheet = bombs.book(bombs.SHEET.format("", ""))

    kept = files.prepare(io.BytesIO(bombs.word(**{"word/embeddings/a.xlsx": sheet})), "a.docx")

    assert kept.media_type.endswith("document")


def test_refused_attachment_loses_no_word_of_the_whistle(town: Town, client: Client):
    answer = blown(client, park_door(town), files=[SimpleUploadedFile("a.png", bombs.huge_png())])

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "“a.png”没有收下。照片的像素太多。" in page
    assert WORDS["text"] in page


def test_refused_attachment_loses_no_word_of_the_staff(town: Town):
    case, file = town.signed(timezone.now() - timedelta(hours=2)), SimpleUploadedFile("a.docx", bombs.many_members())

    answer = done(at_desk(town.liaison), case, "progress", note="灯具已订。", way="page", attached=[file])

    assert answer.status_code == 409
    assert "大得不正常" in answer.content.decode()
    assert "灯具已订。" in answer.content.decode()


# -- what is read --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", bombs.TABLES)
def test_table_that_does_harm_is_refused(name: str):
    make, why = bombs.TABLES[name]
    content = make()

    with pytest.raises(handed_in.Unreadable, match=why):
        handed_in.safely(content, handed_in.opened, content, "a.xlsx")


@pytest.mark.parametrize("name", bombs.MECHANISMS)
def test_mechanism_that_does_harm_is_refused(name: str):
    make, why = bombs.MECHANISMS[name]

    with pytest.raises((presets.profiles.ProfileUnreadable, presets.profiles.ProfileFaults, ValueError)):
        presets.handed_in(make().decode())
    assert why


def test_message_of_a_chat_that_laughs_is_refused():
    with pytest.raises(Unreadable):
        envelopes.fields(f"<?xml version='1.0'?>{bombs.LAUGHS}<xml><a>&a11;</a></xml>".encode())


def page_of(town: Town, door: str, content: bytes) -> HttpResponse:
    """Hand it in at the door, with the words that stand beside it."""
    file, staff = SimpleUploadedFile("a.xlsx", content), at_desk(town.administrator)
    asked = abuse.challenge(timezone.now() - timedelta(minutes=2))
    ledger = SimpleUploadedFile("a.csv", "标题,提出时间\n路灯,2026-03-04\n".encode())
    doors: dict[str, Callable[[], HttpResponse]] = {
        "import": lambda: at_desk(town.dispatcher).post("/import/", {"file": file}),
        "catalogue": lambda: staff.post("/settings/catalogue/upload/", {"file": file}),
        "template": lambda: staff.post("/settings/documents/reply/", {"file": file}),
        "profile": lambda: staff.post("/settings/profiles/upload/", {"file": file, "do": "adopt"}),
        "holidays": lambda: staff.post("/settings/calendars/national/", {"notices": file, "source": "某通知"}),
        "trial": lambda: Client().post(
            "/trial/", {"file": file, "profile": "default", "challenge": asked, "proof": "", "kind_column": "某列"}
        ),
        "trial-own": lambda: Client().post(
            "/trial/", {"file": ledger, "own": file, "profile": "default", "challenge": asked, "proof": ""}
        ),
    }
    return doors[door]()


DOORS = {
    "import": bombs.TABLES,
    "catalogue": bombs.TABLES,
    "trial": bombs.TABLES,
    "template": bombs.TEMPLATES,
    "profile": bombs.MECHANISMS,
    "trial-own": bombs.MECHANISMS,
    "holidays": bombs.NOTICES,
}
EVERY = [(door, name) for door, harmful in DOORS.items() for name in harmful]
HERE = {
    ("import", "laughs"),
    ("catalogue", "half"),
    ("trial", "endless"),
    ("template", "zeros"),
    ("template", "laughs"),
}


@pytest.mark.parametrize(
    ("door", "name"), [one for one in EVERY if one in HERE or DOORS[one[0]] in (bombs.MECHANISMS, bombs.NOTICES)]
)
def test_page_refuses_in_words_and_stays(town: Town, door: str, name: str):
    refused(town, door, name)


def refused(town: Town, door: str, name: str) -> None:
    make, why = DOORS[door][name]

    answer = page_of(town, door, make())

    assert answer.status_code == 422, (door, name, answer.status_code)
    assert re.search(why, answer.content.decode()), (door, name)
    assert 'value="某通知"' in answer.content.decode() or door != "holidays"


@pytest.mark.parametrize("name", bombs.TABLES)
def test_chain_workbook_that_does_harm_is_refused(name: str):
    make, _ = bombs.TABLES[name]

    with pytest.raises(tables.Unreadable, match=r"。$"):
        workbook.read(make(), demo_park())


# -- and the server goes on ------------------------------------------------------------------------------------------


def test_others_are_answered_while_a_photo_is_drawn(client: Client, db: None):
    """The picture takes half a second and more of another process; pages of this one come meanwhile."""
    drawing = Thread(target=files.prepare, args=(io.BytesIO(bombs.drawn(side=1500)), "a.png"))

    drawing.start()
    answers = [client.get("/sign-in/").status_code for _ in range(3)]
    was_drawn = not drawing.is_alive()
    drawing.join()

    assert (answers, was_drawn) == ([200] * 3, False)


def test_child_that_waits_is_used_once_and_replaced():
    apart.stay_warm()
    try:
        first, second = apart.run(bombs.process), apart.run(bombs.process)
    finally:
        apart.stay_warm(wanted=False)

    assert first != second


def test_child_is_not_told_our_secrets(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LIANSHANG_SECRET_KEY", "x" * 60)

    assert not [name for name in apart.run(bombs.environment) if name.startswith("LIANSHANG_")]


def test_parsers_are_not_called_in_the_web_process(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("PIL.Image.open", None)
    monkeypatch.setattr("zipfile.ZipFile", None)

    photo = files.prepare(io.BytesIO(bombs.drawn()), "a.png")

    assert photo.media_type == "image/png"
