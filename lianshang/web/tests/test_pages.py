import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from lianshang.web import styleguide

ERRORS = ("400.html", "403.html", "403_csrf.html", "404.html", "500.html")


@pytest.mark.django_db
def test_landing_page_opens_without_signing_in(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        response = client.get("/")

    assert response.status_code == 200
    assert "企业吹哨，部门报到" in response.content.decode()


@pytest.mark.parametrize("name", ERRORS)
def test_error_page_stands_alone(name):
    page = render_to_string(name)

    assert "回首页" in page
    assert "<h1>" in page


@pytest.mark.parametrize("name", ["web/styleguide.html", "web/styleguide_phone.html"])
def test_components_render_with_plain_values(rf, name):
    page = render_to_string(name, styleguide.samples(timezone.now()), rf.get("/styleguide/"))

    assert "暂按" in page
    assert "示例" in page


@pytest.mark.parametrize("name", ["_steps", "_timeline", "_kv", "_filters", "_empty", "_refusal", "_errors"])
def test_component_renders_with_the_least(name):
    least = {
        "steps": [{"label": "答复", "state": "coming"}], "events": [], "rows": [("编号", None)], "filters": [],
        "why": "没有超期的事项", "sentence": "没有办成。",
    }  # fmt: skip

    assert render_to_string(f"web/{name}.html", least) is not None
