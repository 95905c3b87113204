"""The readers of the layout are trusted only because they catch what is planted."""

import ast

import pytest

from tests.test_architecture import CLOCKS, allowed, owed_work, recordings, sets_the_state
from tests.test_templates import ELSEWHERE, NAMED, REFUSED
from tests.tree import CODE, Source, found

PLANTED = """
import lianshang.web.views
from lianshang import cases
from lianshang.directory.models import Park


def late() -> None:
    from lianshang.config import seed

    import_module("lianshang.notices.services")
"""


class Planted(Source):
    """A file that is not there, at a place where it would be read."""

    def __init__(self, name, text):
        super().__init__(CODE / name)
        self.__dict__["text"] = text


def test_imports_are_seen_wherever_they_stand():
    source = Planted("kernel/planted.py", PLANTED)

    names = {name for _, name in source.imports()}

    assert names == {
        "lianshang.web.views",
        "lianshang.cases",
        "lianshang.directory.models.Park",
        "lianshang.config.seed",
        "lianshang.notices.services",
    }


def test_relative_imports_are_read_as_what_they_mean():
    source = Planted("kernel/planted.py", "from ..cases import flow\nfrom . import clocks\n")

    assert [name for _, name in source.imports()] == ["lianshang.cases.flow", "lianshang.kernel.clocks"]


@pytest.mark.parametrize(
    ("where", "name", "may"),
    [
        ("kernel/planted.py", "lianshang.directory.models.Park", False),
        ("kernel/tests/test_planted.py", "lianshang.directory.models.Park", True),
        ("kernel/tests/test_planted.py", "lianshang.cases.models.Case", False),
        ("indicators/planted.py", "lianshang.notices.services", False),
        ("cases/planted.py", "lianshang.notices.services", True),
        ("cases/planted.py", "lianshang.config.seed.seed", False),
        ("cases/tests/factories.py", "lianshang.config.seed.seed", True),
        ("cases/tests/factories.py", "lianshang.config.seeds", False),
        ("cases/planted.py", "lianshang.web.views.home", False),
        ("web/planted.py", "lianshang.cases.access", True),
        ("unknown/planted.py", "lianshang.kernel.flow", False),
    ],
)
def test_the_table_of_imports_decides(where, name, may):
    assert allowed(Planted(where, ""), name.split(".")[1], name) is may


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        '<button class="btn" onclick="go()">',
        "<script>go()</script>",
        '<script nonce="x">go()</script>',
        '<a href="javascript:go()">',
        "{{ text|safe }}",
        "{% autoescape off %}",
    ],
)
def test_what_the_policy_would_refuse_is_found_in_templates(text):
    page = Planted("web/templates/web/planted.html", f"<p>\n{text}\n</p>")

    assert [place.line for pattern in REFUSED for place in found(pattern, [page])] == [2]


def test_innocent_markup_is_let_through():
    page = Planted("web/templates/web/planted.html", '<script src="x.js" nonce="y"></script><p data-style="a" once>')

    assert [place for pattern in REFUSED for place in found(pattern, [page])] == []


@pytest.mark.parametrize("text", ["https://cdn.example/x.js", "url(//fonts.example/a.woff)", "http://example.cn/"])
def test_foreign_hosts_are_found(text):
    assert len(found(ELSEWHERE, [Planted("web/assets/css/planted.css", text)])) == 1


def test_clock_readings_are_told_apart():
    text = (
        "@outbox.every(60)\ndef climb(park, now):\n    late(timezone.now())\n\n"
        "def tell():\n    put(at=timezone.now(), recorded_at=timezone.now())\n"
    )
    source = Planted("cases/planted.py", text)

    excused = owed_work(source) | recordings(source)
    readings = [call for call in source.calls() if ast.unparse(call.func) in CLOCKS]

    assert len(readings) == 3
    assert [call.lineno for call in readings if call not in excused] == [6]


@pytest.mark.parametrize(
    ("line", "set_there"),
    [
        ("case.state = 'closed'", True),
        ("source, row.state = row.state, target", True),
        ("rows.update(state='closed', version=1)", True),
        ("rows.filter(state='closed').update(version=1)", False),
        ("state = case.state", False),
    ],
)
def test_changes_of_a_state_are_told_from_readings(line, set_there):
    assert any(sets_the_state(node) for node in ast.walk(ast.parse(line))) is set_there


def test_names_of_templates_are_read_with_their_parts():
    text = """render(request, "cases/list.html#rows"), f"cases/{verb}.html", {% include 'web/_steps.html' %}"""

    assert NAMED.findall(text) == ["cases/list.html", "cases/{verb}.html", "web/_steps.html"]
