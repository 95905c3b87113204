from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.test import RequestFactory
from django_scopes import scope

from lianshang.directory import actors
from lianshang.directory.models import Park, Person
from lianshang.kernel.idempotency import mint, once
from lianshang.kernel.models import Counter, IdempotencyKey
from lianshang.kernel.refusals import Refused
from lianshang.kernel.tests.test_numbers import make_park, together


@once
def whistle(request: HttpRequest) -> HttpResponse:
    """Writes one row; answers as the form says."""
    row = Counter.objects.create(park=request.park, series="whistle", year=Counter.objects.count() + 1)
    match request.POST["answer"]:
        case "errors":
            return HttpResponse("请填写事项。", status=HTTPStatus.UNPROCESSABLE_ENTITY)
        case "refused":
            raise Refused("今天不受理。")
    return redirect(f"/r/{row.year}/")


def post(
    park: Park, key: str, *, actor: actors.Actor | None = None, answer: str = "done", path: str = "/w/"
) -> HttpResponse:
    request = RequestFactory().post(path, {"idempotency_key": key, "answer": answer, "csrfmiddlewaretoken": mint()})
    request.park, request.actor = park, actor
    return whistle(request)


def written(park: Park) -> list[int]:
    with scope(park=park):
        return list(Counter.objects.order_by("year").values_list("year", flat=True))


@pytest.mark.django_db
def test_repeat_of_a_form_gets_the_same_answer_and_writes_nothing():
    park, key = make_park(), mint()

    first, second = post(park, key), post(park, key)

    assert [first["Location"], second["Location"]] == ["/r/1/", "/r/1/"]
    assert written(park) == [1]


@pytest.mark.django_db
def test_another_form_is_another_deed():
    park, key = make_park(), mint()

    answers = [post(park, key), post(park, mint()), post(park, key, path="/other/")]

    assert [answer["Location"] for answer in answers] == ["/r/1/", "/r/2/", "/r/3/"]


@pytest.mark.django_db
def test_form_with_errors_writes_nothing_and_keeps_its_key_free():
    park, key = make_park(), mint()

    errors, done = post(park, key, answer="errors"), post(park, key)

    assert [errors.status_code, done["Location"]] == [HTTPStatus.UNPROCESSABLE_ENTITY, "/r/1/"]
    assert written(park) == [1]


@pytest.mark.django_db
def test_refused_form_writes_nothing_and_keeps_its_key_free():
    park, key = make_park(), mint()

    with pytest.raises(Refused, match="今天不受理"):
        post(park, key, answer="refused")

    assert written(park) == []
    assert post(park, key)["Location"] == "/r/1/"


@pytest.mark.django_db
def test_other_content_under_a_used_key_is_refused():
    park, key = make_park(), mint()
    post(park, key)

    with pytest.raises(Refused, match="已经提交过"):
        post(park, key, answer="different")

    assert written(park) == [1]


@pytest.mark.django_db
def test_another_file_of_the_same_name_is_other_content():
    park, key = make_park(), mint()

    def upload(content: bytes) -> HttpResponse:
        file = SimpleUploadedFile("现场.jpg", content)
        request = RequestFactory().post("/w/", {"idempotency_key": key, "answer": "done", "file": file})
        request.park, request.actor = park, None
        return whistle(request)

    first = upload(b"one")

    assert upload(b"one")["Location"] == first["Location"]
    with pytest.raises(Refused, match="已经提交过"):
        upload(b"two")
    assert written(park) == [1]


@pytest.mark.django_db
def test_colleagues_do_not_share_keys():
    park, key = make_park(), mint()
    with scope(park=park):
        staff = [actors.Actor("staff", park, Person.objects.create(park=park, name=name)) for name in ("王强", "李敏")]

    answers = [post(park, key, actor=actor) for actor in staff]

    assert [answer["Location"] for answer in answers] == ["/r/1/", "/r/2/"]


@pytest.mark.django_db
def test_parks_do_not_share_keys():
    key, parks = mint(), [make_park("A"), make_park("B")]

    answers = [post(park, key) for park in parks]

    assert [answer["Location"] for answer in answers] == ["/r/1/", "/r/1/"]
    assert [written(park) for park in parks] == [[1], [1]]


@pytest.mark.django_db
def test_visitor_cannot_choose_a_key():
    park = make_park()

    with pytest.raises(Refused, match="已失效"):
        post(park, "1")

    assert written(park) == []


@pytest.mark.django_db
def test_kept_row_tells_neither_key_nor_receipt():
    park, key = make_park(), mint()
    post(park, key)

    with scope(park=park):
        kept = IdempotencyKey.objects.values().get()

    assert key not in str(kept)
    assert "/r/1/" not in str(kept)
    assert kept["location"]
    assert (kept["made_at"].minute, kept["made_at"].second, kept["made_at"].microsecond) == (0, 0, 0)


@pytest.mark.django_db
def test_form_without_key_and_reading_pass_through():
    park = make_park()
    request = RequestFactory().post("/w/", {"answer": "done"})
    request.park = park

    with scope(park=park):
        answer = whistle(request)

    assert answer["Location"] == "/r/1/"
    assert once(lambda _: HttpResponse("空表"))(RequestFactory().get("/w/")).content.decode() == "空表"


@pytest.mark.django_db(transaction=True)
def test_forms_sent_at_the_same_time_act_once():
    park, key, answers = make_park(), mint(), []

    together(*[lambda: answers.append(post(park, key)["Location"])] * 4)

    assert answers == ["/r/1/"] * 4
    assert written(park) == [1]
