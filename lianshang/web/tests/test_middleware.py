import pytest

from lianshang.kernel.refusals import Hidden, Overtaken, Refused
from lianshang.web.middleware import RefusalMiddleware, way_back
from lianshang.web.tests.test_shell import Actor

SENTENCE = "已过退单期限（签收后 1 个工作日）。可申请会商。"


def answer(request, exception):
    return RefusalMiddleware(lambda _: None).process_exception(request, exception)


@pytest.mark.parametrize("kind", [Refused, Overtaken])
def test_refusal_becomes_a_page_with_its_sentence_and_a_way_back(rf, kind):
    request = rf.post("/cases/1/return/", headers={"referer": "http://testserver/cases/1/"})

    response = answer(request, kind(SENTENCE))

    page = response.content.decode()
    assert response.status_code == 409
    assert SENTENCE in page
    assert 'href="/cases/1/"' in page or 'href="http://testserver/cases/1/"' in page
    assert "data-refused" in page


def test_refusal_speaks_of_words_only_where_some_were_typed(rf):
    asked, sent = answer(rf.get("/cases/1/"), Refused(SENTENCE)), answer(rf.post("/cases/1/"), Refused(SENTENCE))

    assert "刚才填写的内容还在" not in asked.content.decode()
    assert "刚才填写的内容还在" in sent.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "layout"), [("staff", "desk"), ("holder", "phone")])
def test_refusal_stands_on_the_page_of_whoever_asked(rf, kind, layout):
    request = rf.get("/cases/1/")
    request.actor = Actor(kind=kind, person=None)

    page = answer(request, Refused(SENTENCE)).content.decode()

    assert f'<body class="{layout}" data-refused>' in page
    assert page.count("<h1>") == 1


def test_refusal_for_htmx_is_the_banner_alone(rf):
    response = answer(rf.post("/x/", headers={"hx-request": "true"}), Refused(SENTENCE))

    assert (response.status_code, response["HX-Retarget"]) == (409, "#banner")
    assert "<html" not in response.content.decode()


def test_hidden_reads_like_a_thing_that_is_not_there(rf):
    response = answer(rf.get("/cases/1/"), Hidden("投诉"))

    assert response.status_code == 404
    assert "投诉" not in response.content.decode()
    assert "没有这一页" in response.content.decode()


def test_other_errors_are_left_alone(rf):
    assert answer(rf.get("/"), ValueError()) is None


@pytest.mark.parametrize("referer", ["", "https://evil.example/x", "//evil.example/", "javascript:alert(1)"])
def test_way_back_stays_on_our_pages(rf, referer):
    assert way_back(rf.get("/", headers={"referer": referer} if referer else {})) == "/"
