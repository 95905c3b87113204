from collections.abc import Iterator

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps
from django_scopes import scope
from hypothesis import given
from hypothesis import strategies as st

from lianshang.directory.models import Park
from lianshang.kernel.parks import scoped
from lianshang.kernel.search import SearchIndex, _phrase, _Query, index_text, matching
from lianshang.kernel.tests.test_numbers import make_park

Pages = type[models.Model]


@pytest.fixture
def pages(transactional_db: None) -> Iterator[Pages]:
    """A table of texts with its index, and both gone afterwards."""
    with isolate_apps("lianshang.kernel"):

        class Page(models.Model):
            park = models.ForeignKey(Park, models.RESTRICT, related_name="+")
            title = models.CharField(max_length=200)
            search_text = models.TextField()

            objects = scoped()

            class Meta:
                app_label = "kernel"

    operation = SearchIndex(Page._meta.db_table)
    with connection.schema_editor() as editor:
        editor.create_model(Page)
        operation.database_forwards("kernel", editor, None, None)
    yield Page
    with connection.schema_editor() as editor:
        operation.database_backwards("kernel", editor, None, None)
        editor.delete_model(Page)


def write(pages: Pages, park: Park, *titles: str) -> None:
    for title in titles:
        pages.objects.create(park=park, title=title, search_text=index_text(title))


def found(pages: Pages, park: Park, words: str) -> list[str]:
    with scope(park=park):
        return [page.title for page in matching(pages.objects.order_by("pk"), words)]


TITLES = [
    "苏州甲醇有限公司供电不稳",
    "江苏芯片厂申请道路拓宽 2026-0123",
    "ＡＢＣ Chemical 用水（二期）",
    "芯",
    "一期用电 B2B平台a项目",
]


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("苏州", [0]),
        ("州甲", [0]),
        ("甲醇有限", [0]),
        ("芯", [1, 3]),
        ("厂", [1]),
        ("稳", [0]),
        ("2026-0123", [1]),
        ("2026", [1]),
        ("012", [1]),
        ("123", []),
        ("abc", [2]),
        ("chem 用水", [2]),
        ("abc用水", []),
        ("b2b平台a项", [4]),
        ("平台项", []),
        ("苏州 用水", []),
        ("期用", [4]),
        ("甲苏", []),
        ("，。！", []),
        ('"', []),
        ("' OR 1=1 --", []),
        ("苏* NOT 州^ {park_id}: \\", []),
        ("", [0, 1, 2, 3, 4]),
    ],
)
def test_search_finds_what_is_written(pages, words, places):
    park = make_park()
    with scope(park=park):
        write(pages, park, *TITLES)

    assert found(pages, park, words) == [TITLES[place] for place in places]


def test_search_keeps_to_the_park(pages):
    parks = [make_park("A"), make_park("B")]
    for park in parks:
        with scope(park=park):
            write(pages, park, f"{park.code}供电")

    assert [found(pages, park, "供电") for park in parks] == [["A供电"], ["B供电"]]


def test_search_follows_changes_and_removals(pages):
    park = make_park()
    with scope(park=park):
        write(pages, park, "供电", "供水", "供气")
        pages.objects.filter(title="供电").update(title="通信", search_text=index_text("通信"))
        pages.objects.filter(title="供水").delete()

    assert [found(pages, park, words) for words in ("供电", "供水", "供", "通信")] == [[], [], ["供气"], ["通信"]]


def test_search_index_takes_in_what_is_there_already(pages):
    park = make_park()
    with scope(park=park):
        write(pages, park, "供电")

    with connection.schema_editor() as editor:
        SearchIndex(pages._meta.db_table).database_forwards("kernel", editor, None, None)

    assert found(pages, park, "供电") == ["供电"]


LETTERS = st.text(st.sampled_from("甲乙丙ab1 e0.-_'\":*&|!<>()\\%é，"), max_size=12)


@given(text=LETTERS, words=LETTERS)
def test_search_of_any_signs_is_either_a_find_or_not(query, text, words):
    assert query(text, words) == (words.split() == [] or contains(text, words))


@pytest.fixture(scope="module")
def query(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[object]:
    """Ask the database itself whether a text matches, without a table to write to."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("CREATE VIRTUAL TABLE temp.probe USING fts5(search_text, park_id, tokenize='ascii')")
        yield _ask
        connection.close()


def _ask(text: str, words: str) -> bool:
    phrases = _Query(phrase for word in words.split() if (phrase := _phrase(word)))
    if not phrases:
        return not words.split()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM temp.probe")
            cursor.execute("INSERT INTO temp.probe VALUES (%s, '7')", [index_text(text)])
            cursor.execute("SELECT count(*) FROM temp.probe WHERE probe MATCH %s", [phrases.fts5(7)])
        else:
            cursor.execute(
                "SELECT count(*) WHERE to_tsvector('simple', %s) || array_to_tsvector(ARRAY['#7']) @@ %s::tsquery",
                [index_text(text), phrases.tsquery(7)],
            )
        return cursor.fetchone()[0] > 0


def contains(text: str, words: str) -> bool:
    """What a reader would say: every word stands in the text, signs between its letters left aside."""
    plain = index_text(text).split()
    phrases = [phrase for word in words.split() if (phrase := _phrase(word))]
    return bool(phrases) and all(any(_starts(plain[at:], phrase) for at in range(len(plain))) for phrase in phrases)


def _starts(plain: list[str], phrase: list[str]) -> bool:
    *whole, last = phrase
    if plain[: len(whole)] != whole or len(plain) < len(phrase):
        return False
    return plain[len(whole)].startswith(last[:-1]) if last.endswith("*") else plain[len(whole)] == last


@given(st.text("甲乙丙", min_size=1, max_size=12), st.integers(0, 11), st.integers(1, 12))
def test_any_piece_of_a_han_run_is_found(query, run, start, length):
    piece = run[start % len(run) :][:length]

    assert query(f"一a{run}", piece)


def test_search_finds_the_same_where_a_word_is_frequent(pages, monkeypatch):
    park = make_park("FR")
    with scope(park=park):
        write(pages, park, *TITLES)
    before = found(pages, park, "芯")

    monkeypatch.setattr("lianshang.kernel.search.FREQUENT", 2)

    assert found(pages, park, "芯") == before == [TITLES[1], TITLES[3]]
