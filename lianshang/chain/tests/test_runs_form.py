"""What one enterprise runs, changed by form: a figure, a process more, an end, refusals, and nobody else's."""

import pytest

from lianshang.chain.charts import chart
from lianshang.chain.models import ProcessRun
from lianshang.chain.tests.test_pages import client, lay_out, park  # noqa: F401 a fixture
from lianshang.directory.models import Role

pytestmark = pytest.mark.django_db

FORM = "/chain/enterprises/E005/runs/"


def filled(**changes):
    """E005's form as it opens, with the fields changed; `capacity` and `level` are those of its first process."""
    runs = [each for each in chart().park.activities if each.enterprise == "E005"]
    body = {"more": "", "capacity-more": "", "level-more": "", "source": "九月填报"}
    for each in runs:
        body |= {f"capacity-{each.process}": repr(each.capacity), f"level-{each.process}": repr(each.level)}
    first = runs[0].process
    return body | {f"{name}-{first}" if name in {"capacity", "level"} else name: v for name, v in changes.items()}


def runs():
    return ProcessRun.objects.filter(enterprise__code="E005", until=None)


def test_changed_output_ends_what_was_said_and_leaves_the_rest(park):  # noqa: F811
    lay_out(park)
    before = runs().count()

    answer = client(park, Role.DISPATCHER).post(FORM, filled(level="7"), follow=True)

    assert "已保存，1 条产能有变化" in answer.content.decode()
    assert runs().get(source="九月填报").level == 7
    assert runs().count() == before
    assert ProcessRun.objects.filter(enterprise__code="E005").count() == before + 1


def test_process_is_added_and_ended(park):  # noqa: F811
    lay_out(park)
    keeper, before = client(park, Role.TASK_FORCE), runs().count()

    keeper.post(FORM, filled(**{"more": "ACID_S", "capacity-more": "3500", "level-more": "3000"}))
    with_more = runs().count()
    keeper.post(FORM, filled(**{"capacity-ACID_S": "0", "level-ACID_S": "0"}))

    assert with_more == before + 1
    assert not runs().filter(process="ACID_S").exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"level": "-1"},
        {"capacity": "nan"},
        {"capacity": "1e999"},
        {"capacity": ""},
        {"level": "<b>"},
        {"source": ""},
        {"more": "NOTHING", "capacity-more": "1"},
        {"more": "ACID_S"},
        {"capacity-more": "9"},
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(park, changes):  # noqa: F811
    lay_out(park)

    answer = client(park, Role.COMMITTEE_HEAD).post(FORM, filled(**changes))

    assert answer.status_code == 422
    assert not ProcessRun.objects.exclude(source="演示数据").exists()


@pytest.mark.parametrize("role", [Role.CHAIN_CHIEF, Role.LIAISON])
def test_form_does_not_exist_for_who_does_not_keep_the_chain(park, role):  # noqa: F811
    lay_out(park)
    other = client(park, role)

    assert other.get(FORM).status_code == 404
    assert other.post(FORM, filled(level="7")).status_code == 404
    assert client(park, Role.DISPATCHER).get("/chain/enterprises/E999/runs/").status_code == 404
