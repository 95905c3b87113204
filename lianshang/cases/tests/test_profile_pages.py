"""The pages of the mechanism profile: shown, adopted, uploaded, written; nothing typed is lost, strangers see nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from lianshang.cases import presets
from lianshang.cases.forms.profile import ProfileForm
from lianshang.cases.limit_phrases import phrase_of, words_of
from lianshang.cases.tests.desks import at_desk
from lianshang.cases.tests.factories import Town
from lianshang.kernel.models import ProfileVersion

PAGES = ("", "upload/", "write/", "shipped/default/", "download/?from=preset:default")
SOUND = "name: mine\nlabel: 本园区机制\nduties:\n  handle: 7 working-days\n"
FAULTY = "name: mine\nlabel: 本园区机制\nduties:\n  handel: 7 working-days\n  sign: soon\n"


def address(page: str) -> str:
    return f"/settings/profiles/{page}"


def in_use() -> ProfileVersion:
    return ProfileVersion.objects.filter(profile__is_current=True).order_by("-number").first()


def typed(**changed: str) -> dict[str, str]:
    """What the form of the default profile sends, with some cells changed."""
    form = ProfileForm(presets.preset("default"))
    said = {name: str(form[name].value() or "") for name in form.fields}
    return said | {"do": "check"} | changed


def written(client: Client, **changed: str) -> HttpResponse:
    return client.post(address("write/"), typed(**changed))


@pytest.mark.parametrize("page", PAGES)
def test_profile_pages_open_to_administrators_and_dispatchers(town: Town, page: str) -> None:
    for actor in (town.administrator, town.dispatcher):
        assert at_desk(actor).get(address(page)).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_profile_pages_do_not_exist_for_others(town: Town, page: str) -> None:
    for actor in (town.liaison, town.head, town.auditor, town.callback):
        assert at_desk(actor).get(address(page)).status_code == 404
    assert at_desk(town.liaison).post(address("adopt/"), {"source": "preset:quanzhou"}).status_code == 404


def test_profile_preset_is_adopted_and_open_cases_keep_theirs(town: Town) -> None:
    case = town.whistle()

    answer = at_desk(town.administrator).post(address("adopt/"), {"source": "preset:quanzhou"})

    assert answer["Location"] == address("")
    assert in_use().profile.name == "quanzhou"
    case.refresh_from_db()
    assert case.profile_version.profile.name == "default"


@pytest.mark.parametrize("source", ["preset:nowhere", "version:999999", "version:x", "", "file:/etc/passwd"])
def test_profile_that_is_not_there_is_not_adopted(town: Town, source: str) -> None:
    assert at_desk(town.administrator).post(address("adopt/"), {"source": source}).status_code == 404


def test_profile_of_another_park_does_not_exist(town: Town) -> None:
    from django_scopes import scope

    from lianshang.cases.tests.factories import make_town

    other = make_town("QT")
    with scope(park=other.park):
        theirs = in_use()

    assert at_desk(town.administrator).get(address(f"versions/{theirs.pk}/")).status_code == 404


def test_profile_upload_shows_every_fault_with_its_line_and_keeps_the_text(town: Town) -> None:
    answer = at_desk(town.administrator).post(address("upload/"), {"text": FAULTY, "do": "adopt"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert {fault.place.line for fault in answer.context["form"].faults} == {4, 5}
    assert "handel: 7 working-days" in page
    assert in_use().profile.name == "default"


def test_profile_file_that_is_sound_is_shown_first_and_then_adopted(town: Town) -> None:
    client = at_desk(town.administrator)
    file = SimpleUploadedFile("mine.yaml", SOUND.encode())

    checked = client.post(address("upload/"), {"file": file, "text": "", "do": "check"})
    adopted = client.post(address("upload/"), {"text": SOUND, "do": "adopt"})

    assert checked.status_code == 200
    assert "办理：7 个工作日内" in checked.content.decode()
    assert "handle: 7 working-days" in checked.content.decode()
    assert adopted.status_code == 302
    assert in_use().profile.label == "本园区机制"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"- a\n- b\n"])
def test_profile_file_that_is_none_is_refused_in_words(town: Town, content: bytes) -> None:
    file = SimpleUploadedFile("x.yaml", content)

    answer = at_desk(town.administrator).post(address("upload/"), {"file": file, "do": "adopt"})

    assert answer.status_code == 422
    assert answer.context["form"].errors


def test_profile_form_says_the_profile_it_began_from(town: Town) -> None:
    for name in presets.preset_names():
        start = presets.preset(name)
        form = ProfileForm(start)
        data = {field: str(form[field].value() or "") for field in form.fields}

        again = ProfileForm(start, data)

        assert again.is_valid(), (name, again.errors)
        assert again.profile == start, name


def test_profile_form_changes_one_cell_and_leaves_the_rest(town: Town) -> None:
    answer = written(at_desk(town.administrator), do="adopt", **{"handle__by_kind:复杂": "20 个工作日"})

    value = presets.read(in_use().document)
    assert answer.status_code == 302
    assert str(value.limit("handle", "复杂")) == "20 个工作日内"
    assert value.limit("handle", "一般") == presets.preset("default").limit("handle", "一般")
    assert value.ladder == presets.preset("default").ladder
    assert in_use().number == 2


def test_profile_form_names_the_cell_that_is_wrong_and_keeps_it(town: Town) -> None:
    answer = written(at_desk(town.administrator), do="adopt", sign__limit="很快")

    assert answer.status_code == 422
    assert "sign__limit" in answer.context["form"].errors
    assert 'value="很快"' in answer.content.decode()
    assert in_use().number == 1


def test_profile_form_is_only_checked_until_it_is_meant(town: Town) -> None:
    answer = written(at_desk(town.administrator), sign__limit="3 个工作小时")

    assert answer.status_code == 200
    assert "签收：3 个工作小时内" in answer.content.decode()
    assert in_use().number == 1


def test_profile_form_takes_new_kinds_as_columns(town: Town) -> None:
    answer = written(at_desk(town.administrator), kinds="咨询、一般、复杂、重大")

    assert ("by_kind:重大", "重大") in answer.context["form"].columns


@pytest.mark.parametrize(
    ("words", "phrase"),
    [
        ("5 个工作日", "5 working-days"),
        ("5工作日内", "5 working-days"),
        ("2小时", "2 hours"),
        ("3 日", "3 days"),
        ("当日，办不成的承诺日期", "same day, or promise a date"),
        ("每月 20 日前", "monthly by day 20"),
        ("主办期限前 2 个工作日，至少留 1 个工作日", "lead deadline minus 2 working-days, at least 1"),
        ("不计时", "no limit"),
        ("7 working-days", "7 working-days"),
    ],
)
def test_limit_words_become_phrases(words: str, phrase: str) -> None:
    assert phrase_of(words) == phrase


def test_limit_words_of_every_shipped_limit_are_read_back() -> None:
    limits = [limit for name in presets.preset_names() for duty in presets.preset(name).duties for limit in duty.limits]

    assert [phrase_of(words_of(limit)) for limit in limits] == [limit.phrase for limit in limits]
