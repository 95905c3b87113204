"""The rigs are trusted because they catch what is planted: faults of access in the matrix, leaks between worlds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from django.http import HttpResponse

from lianshang.cases import access, similar
from lianshang.cases.flow import FLOW
from lianshang.cases.models import Case
from lianshang.cases.roles import anyone
from lianshang.cases.services import intake
from lianshang.cases.views import actions, listing, notes
from lianshang.directory.models import Role
from lianshang.kernel import numbers, parks
from lianshang.web import middleware
from tests.access import matrix, table
from tests.access.matrix import Cell
from tests.access.onlookers import Question
from tests.access.pairs import Comparison
from tests.access.whispers import whisper
from tests.access.world import World

# -- faults of access -------------------------------------------------------------------------------------------------


def role_too_wide() -> Any:
    return patch.object(access, "WIDE", (*access.WIDE, Role.LIAISON))


def other_park_let_in() -> Any:
    return patch.object(parks, "_rows_of", lambda queryset, model, park: queryset(model))


def forbidden_instead_of_absent() -> Any:
    return patch.object(middleware, "render", lambda request, page, status: HttpResponse(status=403))


@contextmanager
def checked_on_get_alone() -> Iterator[None]:
    """Who opens the form is asked for their right, who sends it is not."""
    door, move = access.case_for, FLOW.transitions["urge"]
    guard = move.allows

    def open_door(actor: Any, key: object, *, shown: bool = True) -> Case:
        object.__setattr__(move, "allows", guard if shown else anyone)
        return door(actor, key) if shown else Case.objects.get(key=key)

    with patch.object(access, "case_for", open_door), patch.object(actions, "_refuse_overtaken", lambda *_: None):
        yield
    object.__setattr__(move, "allows", guard)


FAULTS: tuple[tuple[str, Callable[[], Any], Cell], ...] = (
    ("a role too wide", role_too_wide, Cell("cases:detail GET", "reads, open", "open case", "other unit", "liaison")),
    ("the other park's case", other_park_let_in, Cell("cases:detail GET", "reads, open", "open case", "other park", "auditor")),
    ("403 for 404", forbidden_instead_of_absent, Cell("cases:leader GET", "oversees", "page", "here", "liaison")),
    (
        "checked on GET alone",
        checked_on_get_alone,
        Cell("cases:act urge POST", "oversees a case, open", "open case", "other unit", "liaison"),
    ),
)  # fmt: skip


@pytest.mark.parametrize(("fault", "cell"), [one[1:] for one in FAULTS], ids=[one[0] for one in FAULTS])
def test_matrix_catches_a_planted_fault(world: World, fault: Callable[[], Any], cell: Cell) -> None:
    rules = table.read()
    assert matrix.Matrix(world, rules).run([cell]).wrong == {}

    with fault():
        planted = matrix.Matrix(world, rules).run([cell])

    assert list(planted.wrong) == [str(cell)]


def test_matrix_catches_a_line_of_the_table_that_is_too_wide(world: World) -> None:
    texts = [(table.FOLDER / name).read_text(encoding="utf-8") for name in table.FILES]
    wide = table.read(texts[0].replace("here: D H C / V L B", "here: D H C L / V B"), *texts[1:])

    told = matrix.Matrix(world, wide).run([Cell("cases:leader GET", "oversees", "page", "here", "liaison")])

    assert "may, but was answered 404" in next(iter(told.wrong.values()))


# -- leaks between worlds ---------------------------------------------------------------------------------------------


def count_includes_hidden() -> Any:
    return patch.object(listing, "_counted", lambda count: str(Case.objects.count()))


def number_of_the_open_series() -> Any:
    def numbered(actor: Any, at: Any, *, sealed: bool) -> str:
        return f"{at.year}-{numbers.next_number(actor.park, 'open', at.year):04d}"

    return patch.object(intake, "_number", numbered)


def tag_over_hidden() -> Any:
    drawn = listing.render

    def tagged(*given: Any, **more: Any) -> HttpResponse:
        answer = drawn(*given, **more)
        answer["ETag"] = f'"{Case.objects.count()}"'
        return answer

    return patch.object(listing, "render", tagged)


def likeness_reaches_sealed() -> Any:
    def found(text: str, *, among: Any, **more: Any) -> Any:
        return similar.similar_cases(text, among=Case.objects.all(), **more)

    return patch.object(notes, "similar_cases", found)


def lists(question: Question) -> bool:
    return question.path in ("/cases/?q=路灯", "/cases/?state=closed") and question.role == "auditor"


def likens(question: Question) -> bool:
    return question.path.endswith("/similar/") and question.place == "school"


LEAKS: tuple[tuple[str, Callable[[], Any], Callable[[Question], bool]], ...] = (
    ("a count includes what is hidden", count_includes_hidden, lists),
    ("numbers of one series", number_of_the_open_series, lists),
    ("an ETag over what is hidden", tag_over_hidden, lists),
    ("like cases reach sealed ones", likeness_reaches_sealed, likens),
)
TOLD = [seed for seed in range(60) if whisper(seed).name.startswith(("complaint whistled", "report whistled"))][:3]


@pytest.mark.parametrize(("leak", "asks"), [one[1:] for one in LEAKS], ids=[one[0] for one in LEAKS])
def test_comparison_catches_a_planted_leak(
    world: World, leak: Callable[[], Any], asks: Callable[[Question], bool]
) -> None:
    rules = table.read()
    honest = Comparison(world, rules, only=asks).run(TOLD)
    assert (honest.differences, honest.hits, honest.compared > 0) == ([], [], True)

    with leak():
        planted = Comparison(world, rules, only=asks).run(TOLD)

    assert planted.differences or planted.hits
