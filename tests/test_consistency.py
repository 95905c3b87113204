"""What is said twice must be said alike: the table of the flow, its sentences, its drawing, the glossary, the pages."""

import re
from datetime import datetime
from functools import cache

import pytest
from django.apps import apps
from django.urls import resolve

from lianshang.cases import drawing, presets
from lianshang.cases.duties import DUTIES, PARTIES
from lianshang.cases.flow import FLOW
from lianshang.cases.sentences import SENTENCES
from lianshang.cases.states import State
from lianshang.config import cli
from lianshang.config.demo.park import data
from lianshang.directory.models import Role
from lianshang.kernel.calendars import SHANGHAI, national
from lianshang.kernel.deadlines import due
from tests.tree import ROOT, Source, found, none, product, templates

MOST_LABEL = 6  # Chinese characters on a button
# What our own mechanism leaves open: no limit and no clock, until a park promises one.
UNPROMISED = {
    "report_in": "counted as it happens; 蕉城 promises an hour",
    "plan": "asked for works of months; 华州 promises two working days",
    "progress": "asked for works of months; 华州 promises a day of the month",
}
DOCS = [Source(path) for path in (*sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("README*.md")))]
ROW = re.compile(r"^\| (?P<word>[^|]*[一-鿿][^|]*) \| `(?P<name>[\w.-]+)` \| (?P<meaning>[^|]+) \|$", re.MULTILINE)


@cache
def glossary():
    """Return the rows of docs/glossary.md as (Chinese, identifier)."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    return [(row["word"].strip(), row["name"]) for row in ROW.finditer(text)]


def snake(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def our_models():
    return [model for model in apps.get_models() if model.__module__.startswith("lianshang.")]


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model.__name__)
def test_every_model_stands_in_the_glossary(model):
    assert (model._meta.verbose_name, snake(model.__name__)) in glossary()


@pytest.mark.parametrize(
    "words",
    [
        {role.label: role.value for role in Role},
        {state.label: state.value for state in State},
        {label: duty for duty, label in DUTIES.items()},
    ],
    ids=["roles", "states", "duties"],
)
def test_states_roles_and_duties_stand_in_the_glossary(words):
    assert set(words.items()) - set(glossary()) == set()


def test_one_word_has_one_identifier():
    words = [word for word, _ in glossary()]

    assert sorted(word for word in set(words) if words.count(word) > 1) == []


def test_the_glossary_names_only_what_the_code_has():
    """As a name, or in quotes."""
    code = "\n".join(source.text for source in product())
    known = set(re.findall(r"[A-Za-z_][A-Za-z0-9_-]*", code)) | {snake(model.__name__) for model in our_models()}

    assert [name for _, name in glossary() if name not in known] == []


def test_parties_of_a_profile_are_the_roles_of_the_directory():
    by_place = ("holder", "superior")
    no_party = (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)  # nothing of a case is told to them
    roles = {role: word for role, word in Role.choices if role not in no_party}
    assert {name: word for name, word in PARTIES.items() if name not in by_place} == roles


def test_our_own_mechanism_promises_every_duty_but_these():
    default = presets.preset(presets.DEFAULT)

    assert set(DUTIES) - {duty.name for duty in default.duties} == set(UNPROMISED)


def test_every_duty_is_promised_by_some_shipped_mechanism():
    promised = {duty.name for name in presets.preset_names() for duty in presets.preset(name).duties}

    assert set(DUTIES) - promised == set()


def test_every_duty_of_the_table_is_a_duty():
    moved = {
        duty
        for move in FLOW.transitions.values()
        for kind in ("starts", "promises", "stops", "drops", "pauses", "resumes", "extends")
        for duty in getattr(move.effects, kind)
    }

    assert moved == set(DUTIES)


@pytest.mark.parametrize("move", FLOW.transitions.values(), ids=list(FLOW.transitions))
def test_labels_fit_on_buttons(move):
    assert 0 < len(re.findall(r"[一-鿿]", move.label)) <= MOST_LABEL


def test_every_transition_has_a_sentence_and_no_sentence_is_left_over():
    assert set(SENTENCES) == set(FLOW.transitions)


def test_every_state_is_reached_and_left_by_the_table():
    reached = {target for move in FLOW.transitions.values() for target in move.moves.values()}
    left = {source for move in FLOW.transitions.values() for source in move.moves}

    assert reached == set(State)
    assert set(State) - left == {State.NOT_ACCEPTED, State.REDIRECTED, State.WITHDRAWN}


def test_the_drawing_is_the_table():
    drawn = (ROOT / "docs" / "flow.md").read_text(encoding="utf-8")

    assert drawn == drawing.page(), "run: python -m lianshang.cases.drawing > docs/flow.md"


def test_environment_variables_are_documented():
    """Every name that settings or the server read, and no other."""
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    settings = "\n".join(source.text for source in product() if source.package == "config")
    asked = set(re.findall(r'environment\.\w+\(\s*"([A-Z_]+)"', settings))

    assert set(re.findall(r"`LIANSHANG_([A-Z_]+)`", operations)) == asked - INTERNAL


INTERNAL = {"EMBEDDED_WORKER"}  # told by `serve` to the process it starts


VECTOR = re.compile(
    r"^\| (?P<start>\d{4}[^|]+) \| (?P<n>\d+) \| (?P<unit>[a-z-]+) \| (?P<due>\d{4}[^|]+) \|", re.MULTILINE
)


def test_vectors_of_the_document_are_counted_so():
    """docs/clocks.md shows starts and ends: each is what the engine says."""
    vectors = list(VECTOR.finditer((ROOT / "docs" / "clocks.md").read_text(encoding="utf-8")))
    told = {row["start"]: [] for row in vectors}
    counted = {row["start"]: [] for row in vectors}
    for row in vectors:
        start = datetime.strptime(row["start"].strip()[:16], "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
        told[row["start"]].append(row["due"].strip()[:16])
        counted[row["start"]].append(f"{due(start, int(row['n']), row['unit'], national()).at:%Y-%m-%d %H:%M}")

    assert len(vectors) >= 12
    assert counted == told


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_commands_stand_in_the_readme(readme):
    text = (ROOT / readme).read_text(encoding="utf-8")

    assert [name for name in cli.names() if f"`lianshang {name}" not in text] == []


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_addresses_in_the_readme_lead_somewhere(readme):
    addresses = re.findall(r"^\| `(/[^`]*)` \|", (ROOT / readme).read_text(encoding="utf-8"), re.MULTILINE)

    assert len(addresses) > 5
    assert [resolve(address).route for address in addresses]


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_accounts_in_the_readme_are_those_of_the_demo_park(readme):
    accounts = re.findall(r"^\| `(demo-[^`]*)` \|", (ROOT / readme).read_text(encoding="utf-8"), re.MULTILINE)

    assert set(accounts) == {row[2] for rows in data("people.yaml")["posts"].values() for row in rows if row[2]}


def test_links_between_documents_lead_somewhere():
    """Pictures may still be missing: the browser walk makes them."""
    broken = [
        f"{page.name}: {target}"
        for page in DOCS
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.text)
        if not (page.path.parent / target).exists()
    ]

    assert broken == []


def test_documents_speak_of_the_product_alone():
    """Django's session is a word of the code; nothing a reader of the documents needs."""
    words = "issues?|sessions?|helpers?|agents?|prompts?|workplace|colleagues?"

    none(found(rf"\b(?:{words})\b", DOCS, flags=re.IGNORECASE))


def test_pages_call_things_by_their_words():
    """Words that were replaced: a page that still uses them speaks of two things where there is one."""
    replaced = "分办|首问|超时|逾期"

    none(found(replaced, templates()))
