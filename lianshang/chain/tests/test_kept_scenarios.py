"""What-ifs that are kept: saved, refused, set side by side, put away, and nobody else's."""

import pytest
from django.utils import timezone

from lianshang.chain import services
from lianshang.chain.analysis.scenarios import Impossible
from lianshang.chain.models import Scenario
from lianshang.chain.tests.test_pages import client, lay_out, park  # noqa: F401 a fixture
from lianshang.directory.actors import system
from lianshang.directory.models import Role
from lianshang.kernel.refusals import Refused

pytestmark = pytest.mark.django_db

DRY = [("stop", "E007")]


def saved(park, name, changes):  # noqa: F811
    actor = system(park)
    return Scenario.objects.create(park=park, name=name, changes=changes, made_at=timezone.now(), made_by=actor.person)


def test_scenario_is_saved_from_the_sandbox_and_compared(park):  # noqa: F811
    lay_out(park)
    reader = client(park, Role.CHAIN_CHIEF)
    reader.post("/chain/scenarios/save/", {"name": "断水", "stop": "E007"})
    reader.post("/chain/scenarios/save/", {"name": "自己产酸", "attract": "ACID_S:3512"})

    keys = "&".join(f"with={one.key}" for one in Scenario.objects.all())
    answer = reader.get(f"/chain/scenarios/?{keys}").content.decode()

    assert "171,161" in answer
    assert "示范清源供水有限公司停产" in answer
    assert "＋ 新出现" in answer
    assert "－ 消失" in answer
    assert "演示数据" in answer


def test_scenario_whose_name_is_taken_goes_back_to_what_was_tried(park):  # noqa: F811
    lay_out(park)
    reader = client(park, Role.TASK_FORCE)
    saved(park, "断水", [["stop", "E007"]])

    answer = reader.post("/chain/scenarios/save/", {"name": "断水", "stop": "E005"}, follow=True)

    assert answer.redirect_chain[0][0].startswith("/chain/what-if/?stop=E005")
    assert "已经有一局叫“断水”" in answer.content.decode()
    assert Scenario.objects.count() == 1


def test_shelved_scenario_frees_its_name_and_stays_on_record(park):  # noqa: F811
    lay_out(park)
    reader = client(park, Role.DISPATCHER)
    kept = saved(park, "断水", [["stop", "E007"]])

    reader.post(f"/chain/scenarios/{kept.key}/shelve/")
    again = reader.post("/chain/scenarios/save/", {"name": "断水", "stop": "E007"}, follow=True)

    kept.refresh_from_db()
    assert kept.shelved_at is not None
    assert kept.shelved_by.name == Role.DISPATCHER
    assert "已保存“断水”" in again.content.decode()


@pytest.mark.parametrize(
    ("name", "changes", "fault"),
    [
        ("", DRY, Refused),
        ("名" * 61, DRY, Refused),
        ("空的", [], Refused),
        ("没有这家", [("stop", "E999")], Impossible),
        ("不是数", [("price", "COG:很多")], Impossible),
        ("多出来的", [("nonsense", "1")], Impossible),
        ("太多", DRY * 21, Impossible),
    ],
)
def test_scenario_that_cannot_be_tried_is_not_kept(park, name, changes, fault):  # noqa: F811
    lay_out(park)

    with pytest.raises(fault):
        services.keep(name, changes, actor=system(park), at=timezone.now())

    assert not Scenario.objects.exists()


def test_scenario_that_no_longer_fits_the_park_says_why_beside_the_others(park):  # noqa: F811
    lay_out(park)
    one, other = saved(park, "走了的", [["stop", "E999"]]), saved(park, "断水", [["stop", "E007"]])

    answer = client(park, Role.COMMITTEE_HEAD).get(f"/chain/scenarios/?with={one.key}&with={other.key}&with=x")

    assert "算不了：没有编号为“E999”的企业。" in answer.content.decode()
    assert "171,161" in answer.content.decode()


def test_scenarios_do_not_exist_for_strangers(park):  # noqa: F811
    lay_out(park)
    kept, stranger = saved(park, "断水", [["stop", "E007"]]), client(park, Role.LIAISON)

    assert stranger.get("/chain/scenarios/").status_code == 404
    assert stranger.post("/chain/scenarios/save/", {"name": "我的", "stop": "E007"}).status_code == 404
    assert stranger.post(f"/chain/scenarios/{kept.key}/shelve/").status_code == 404
    assert Scenario.objects.get().shelved_at is None
