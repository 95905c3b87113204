import re
from http import HTTPStatus
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from lianshang.cases import abuse, codes
from lianshang.cases.tests.doors import (
    WORDS,
    address_of,
    all_cases,
    blown,
    enterprise_door,
    filled,
    hidden,
    old_challenge,
    packed,
    park_door,
    photo,
    proof_of,
)
from lianshang.cases.tests.factories import MONDAY, Town, make_town
from lianshang.enterprises.models import Enterprise
from lianshang.kernel import apart
from lianshang.kernel.models import Profile, Tally

MOST_ON_THE_WIRE = 80_000  # bytes


@pytest.fixture
def town(db: None) -> Town:
    """A park whose scope is closed: the pages have to open it."""
    return make_town()


def test_whistle_leads_to_its_receipt(town: Town, client: Client):
    answer = blown(client, park_door(town), enterprise_name="示范焦化有限公司")

    (case,) = all_cases(town)
    assert answer["Location"] == address_of(town, case)
    assert (case.text, case.place, case.contact_phone) == (WORDS["text"], "东门", "13800001234")
    assert (case.enterprise_id, case.channel, case.anonymous) == (town.enterprise.pk, "qr", False)
    page = client.get(answer["Location"]).content.decode()
    assert case.number in page
    assert codes.public_code(town.park, case) in page
    assert "0858-0000000" in page


def test_enterprise_code_knows_the_enterprise(town: Town, client: Client):
    page = client.get(enterprise_door(town)).content.decode()
    blown(client, enterprise_door(town))

    (case,) = all_cases(town)
    assert "示范焦化有限公司" in page
    assert "哪家企业" not in page
    assert case.enterprise_id == town.enterprise.pk


def test_double_tap_makes_one_case_and_one_receipt(town: Town, client: Client):
    form = filled(client, park_door(town))

    first, second = client.post(park_door(town), form), client.post(park_door(town), form)

    assert first["Location"] == second["Location"]
    assert len(all_cases(town)) == 1


def test_draft_sent_again_from_a_new_page_finds_the_receipt(town: Town, client: Client):
    form = filled(client, park_door(town))
    first = client.post(park_door(town), form)

    again = client.post(park_door(town), filled(client, park_door(town), idempotency_key=form["idempotency_key"]))

    assert again["Location"] == first["Location"]
    assert len(all_cases(town)) == 1


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"text": ""}, "请说说遇到了什么问题。"),
        ({"text": "急"}, "再多写几个字"),
        ({"text": "字" * 5001}, "最多 5000 字。"),
        ({"phone": "12"}, "电话号码看起来不完整。"),
        ({"phone": ""}, "不想留的，请勾选“不留电话”。"),
        ({"nature": "report"}, "请选一项。"),
        ({"place": "地" * 101}, "最多 100 字。"),
    ],
)
def test_wrong_input_is_told_and_kept(town: Town, client: Client, fault: dict[str, str], sentence: str):
    answer = blown(client, park_door(town), **({"place": "二期厂房东门"} | fault))

    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert sentence in page
    assert fault.get("place", "二期厂房东门") in page
    assert all_cases(town) == []


@pytest.mark.parametrize(
    ("said", "opens"), [({}, False), ({"urgent": "on"}, True), ({"nature": "nothing"}, True)], ids=str
)
def test_what_is_optional_folds_away_until_something_is_said(
    town: Town, client: Client, said: dict[str, str], opens: bool
):
    page = blown(client, park_door(town), text="", **said).content.decode()

    assert ('<details class="more" open>' in page) is opens
    assert "三个问题" in page


def test_no_telephone_makes_an_anonymous_case(town: Town, client: Client):
    blown(client, park_door(town), phone="", no_phone="on")

    (case,) = all_cases(town)
    assert (case.anonymous, case.contact_phone) == (True, "")


@pytest.mark.parametrize("typed", ["1380000123", "138000012345", "138 0000 12345", "1380000123转8"])
def test_mobile_with_a_digit_too_few_or_too_many_is_asked_about_and_kept(town: Town, client: Client, typed: str):
    page = blown(client, park_door(town), phone=typed)

    assert all_cases(town) == []
    assert "手机号应为 11 位，请看看是不是少了或多了一位。" in page.content.decode()
    assert f'value="{typed}"' in page.content.decode()
    assert WORDS["text"] in page.content.decode()


@pytest.mark.parametrize(
    "typed", ["13800001234", "+86 10 12345678", "010-12345678转12", "0858-1234567", "400-123-4567", "+1 202 555 0123"]
)
def test_mobile_landline_service_and_foreign_numbers_are_taken(town: Town, client: Client, typed: str):
    blown(client, park_door(town), phone=typed)

    (case,) = all_cases(town)
    assert case.contact_phone == typed


def test_urgent_is_the_mechanisms_word(town: Town, client: Client):
    blown(client, park_door(town), urgent="on")

    (case,) = all_cases(town)
    assert case.urgency == "紧急"


@pytest.mark.parametrize("door", ["/w/LZ-nothing/", "/w/XX-nothing/", "/w/LZ/", "/w/-/"])
def test_dead_link_says_what_to_do(town: Town, client: Client, door: str):
    answer = client.get(door)

    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "重新扫码" in answer.content.decode()


def test_closed_enterprise_has_a_dead_code(town: Town, client: Client):
    with scope(park=town.park):
        Enterprise.objects.update(is_active=False)

    assert client.get(enterprise_door(town)).status_code == HTTPStatus.NOT_FOUND


def test_park_without_mechanism_says_whom_to_call(town: Town, client: Client):
    with scope(park=town.park):
        Profile.objects.update(is_current=False)

    answer = client.get(park_door(town))

    assert "0858-0000000" in answer.content.decode()
    assert "还没有开通吹哨" in answer.content.decode()


def test_landing_page_leads_to_the_only_park(town: Town, client: Client):
    assert client.get("/w/")["Location"] == park_door(town)


# -- files ------------------------------------------------------------------------------------------------------------


def test_photo_loses_its_metadata(town: Town, client: Client):
    answer = blown(client, park_door(town), files=[photo()])

    kept = b"".join(client.get(f"{answer['Location']}files/1/").streaming_content)
    assert kept.startswith(b"\xff\xd8")
    assert b"SECRETCAM" not in kept
    assert b"Exif" not in kept


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("假照片.jpg", b"MZ\x90\x00" + b"\0" * 200, "这种文件不能上传。"),
        ("空.pdf", b"", "是空的"),
        ("页面.txt", b"<script>alert(1)</script>", "这种文件不能上传。"),
    ],
)
def test_wrong_files_are_refused_by_name(town: Town, client: Client, name: str, content: bytes, sentence: str):
    upload = SimpleUploadedFile(name, content)

    answer = blown(client, park_door(town), files=[upload])

    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.CONFLICT
    assert (name in page, sentence in page, WORDS["text"] in page) == (True, True, True)
    assert all_cases(town) == []


def test_refused_file_leaves_the_challenge_for_the_next_press(town: Town, client: Client):
    refused = blown(client, park_door(town), files=[SimpleUploadedFile("空.pdf", b"")])

    again = client.post(park_door(town), WORDS | hidden(refused) | {"proof": proof_of(hidden(refused)["challenge"])})

    assert (refused.status_code, again.status_code) == (HTTPStatus.CONFLICT, HTTPStatus.FOUND)
    assert len(all_cases(town)) == 1


def test_photos_are_drawn_before_the_database_is_locked(town: Town, client: Client, monkeypatch: pytest.MonkeyPatch):
    depth, draw = [], apart.run
    monkeypatch.setattr(apart, "run", lambda *given: depth.append(len(connection.savepoint_ids)) or draw(*given))
    outside = len(connection.savepoint_ids)

    answer = blown(client, park_door(town), files=[photo(), photo("另一张.jpg")])

    assert answer.status_code == HTTPStatus.FOUND
    assert depth == [outside, outside]


def test_too_large_a_file_is_refused(town: Town, client: Client, settings: object):
    settings.UPLOAD_LIMIT = 2**20

    answer = blown(client, park_door(town), files=[SimpleUploadedFile("大.pdf", b"%PDF-1.7" + b"0" * 2**20)])

    assert "附件超过 1 MB" in answer.content.decode()
    assert all_cases(town) == []


def test_file_is_for_the_holder_of_the_code_alone(town: Town, client: Client):
    one = blown(client, park_door(town), files=[SimpleUploadedFile("合同.pdf", b"%PDF-1.7 one")])["Location"]
    other = blown(client, park_door(town), another="yes")["Location"]

    own = client.get(f"{one}files/1/")
    assert b"".join(own.streaming_content) == b"%PDF-1.7 one"
    assert own["Content-Disposition"].startswith("attachment")
    assert client.get(f"{one}files/2/").status_code == HTTPStatus.NOT_FOUND
    assert client.get(f"{other}files/1/").status_code == HTTPStatus.NOT_FOUND


# -- against floods ---------------------------------------------------------------------------------------------------


def test_without_scripts_a_short_wait_is_enough(town: Town, client: Client):
    soon = client.post(park_door(town), filled(client, park_door(town), proof=""))
    later = client.post(
        park_door(town), filled(client, park_door(town), proof="", challenge=old_challenge(settings.PROOF_WAIT + 1))
    )

    assert (soon.status_code, later.status_code) == (HTTPStatus.CONFLICT, HTTPStatus.FOUND)
    assert "秒再提交" in soon.content.decode()
    assert WORDS["text"] in soon.content.decode()


def test_too_soon_keeps_the_challenge_so_that_waiting_counts(town: Town, client: Client):
    form = filled(client, park_door(town), proof="")

    soon = client.post(park_door(town), form)

    assert hidden(soon)["challenge"] == form["challenge"]


@pytest.mark.parametrize("challenge", ["", "made.up:signature", "x" * 5000])
def test_forged_challenge_is_replaced(town: Town, client: Client, challenge: str):
    answer = client.post(park_door(town), filled(client, park_door(town), challenge=challenge))

    assert answer.status_code == HTTPStatus.CONFLICT
    assert hidden(answer)["challenge"] not in ("", challenge)
    assert all_cases(town) == []


def test_challenge_serves_once_and_not_for_ever(town: Town, client: Client):
    form = filled(client, park_door(town))
    client.post(park_door(town), form)

    used = client.post(park_door(town), form | hidden(client.get(park_door(town))) | {"challenge": form["challenge"]})
    old = client.post(park_door(town), filled(client, park_door(town), challenge=old_challenge(25 * 3600)))

    assert (used.status_code, old.status_code) == (HTTPStatus.CONFLICT, HTTPStatus.CONFLICT)
    assert len(all_cases(town)) == 1


def test_challenge_pressed_twice_at_once_makes_one_case(town: Town, client: Client):
    form = filled(client, park_door(town))
    other = form | {"idempotency_key": hidden(client.get(park_door(town)))["idempotency_key"]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(abuse, "check", lambda *_, **__: None)  # both were let pass before either was done

        first, second = client.post(park_door(town), form), client.post(park_door(town), other)

    assert (first.status_code, second.status_code) == (HTTPStatus.FOUND, HTTPStatus.CONFLICT)
    assert len(all_cases(town)) == 1


def test_form_without_key_is_not_taken(town: Town, client: Client):
    form = filled(client, park_door(town))
    del form["idempotency_key"]

    answer = client.post(park_door(town), form)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert all_cases(town) == []


def test_one_address_cannot_flood_and_another_is_free(town: Town, client: Client, monkeypatch: pytest.MonkeyPatch):
    limit = abuse.Limit(1, abuse.HOUR, "太多了。")
    monkeypatch.setitem(abuse.LIMITS, "whistle", limit)
    blown(client, park_door(town))

    same = blown(client, park_door(town))
    other = client.post(park_door(town), filled(client, park_door(town), another="yes"), REMOTE_ADDR="198.51.100.7")

    assert (same.status_code, other.status_code) == (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.FOUND)
    assert WORDS["text"] in same.content.decode()


def test_addresses_are_counted_unreadably_and_forgotten_in_time(town: Town):
    counts = [abuse.seen(MONDAY, "whistle", "198.51.100.7", abuse.HOUR) for _ in range(3)]
    later = abuse.seen(MONDAY + abuse.HOUR, "whistle", "198.51.100.7", abuse.HOUR)

    rows = list(Tally.objects.values_list("digest", "times"))
    assert (counts, later) == ([1, 2, 3], 1)
    assert sorted(times for _, times in rows) == [1, 3]
    assert "198.51" not in str(rows)
    assert abuse.network("2001:db8::1") == abuse.network("2001:db8::ffff")
    abuse.forget(town.park, MONDAY + 3 * abuse.HOUR)
    assert not Tally.objects.exists()


def test_counting_once_more_is_one_statement(town: Town):
    with CaptureQueriesContext(connection) as taken:
        abuse.count("miss", "198.51.100.7", MONDAY)

    assert len(taken) == 1


# -- weight -----------------------------------------------------------------------------------------------------------


def test_whistle_page_is_light_on_the_wire(town: Town, client: Client):
    with scope(park=town.park):
        Enterprise.objects.bulk_create(
            Enterprise(park=town.park, code=f"X{n:03}", name=f"示范产业链配套企业第{n}号有限责任公司")
            for n in range(190)
        )

    page = client.get(park_door(town)).content
    addresses = set(re.findall(r'(?:href|src)="/static/([^"#]+)', page.decode()))
    paths = [finders.find(one) for one in addresses]
    if None in paths:
        pytest.skip("assets are not built")
    weights = {one: packed(Path(path).read_bytes()) for one, path in zip(addresses, paths, strict=True)}

    total = len(page) + sum(weights.values())  # pages go out as they are, static files compressed
    assert {"built/lianshang.css", "built/phone.js"} <= set(weights)
    assert total <= MOST_ON_THE_WIRE, weights


def test_pages_are_kept_by_nobody(town: Town, client: Client):
    location = blown(client, park_door(town))["Location"]

    assert "no-store" in client.get(park_door(town))["Cache-Control"]
    assert "no-store" in client.get(location)["Cache-Control"]
    assert str(all_cases(town)[0].pk) not in location.strip("/").split("-")
