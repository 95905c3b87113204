"""An edition that was adopted when less was asked: cases go on by it, and it is judged only when adopted again."""

import pytest

from lianshang.cases import books, mechanism, presets, services
from lianshang.cases.models import Case
from lianshang.cases.states import State
from lianshang.cases.tests.desks import at_desk
from lianshang.cases.tests.factories import DAY, MONDAY, Town
from lianshang.kernel import profiles
from lianshang.kernel.models import ProfileVersion
from lianshang.kernel.profiles import ProfileFaults

EARLIER = presets.preset_text(presets.DEFAULT)
NOW_REFUSED = {"extension": {"approver": "liaison"}, "deferral": {"approver": "reporting_clerk"}}


@pytest.fixture
def earlier(town: Town) -> ProfileVersion:
    """The edition in use, as one that could be adopted before it was asked who may decide."""
    document = profiles.to_document(presets.preset(presets.DEFAULT))
    for section, said in NOW_REFUSED.items():
        document[section] = {**document[section], **said}
    row = mechanism.own()
    return ProfileVersion.objects.create(
        park=town.park, profile=row.profile, number=row.number + 1, document=profiles.write(document), digest="0" * 64,
        made_at=MONDAY - DAY,
    )  # fmt: skip


def under(town: Town, row: ProfileVersion) -> Case:
    case = town.signed()
    assert case.profile_version_id == row.pk
    return case


def test_edition_that_would_be_refused_today_goes_on(town: Town, earlier: ProfileVersion):
    with pytest.raises(ProfileFaults):
        presets.read(earlier.document)

    case = under(town, earlier)
    clock = case.clocks.get(duty="handle", stopped_at=None)
    case = services.ask_extension(
        case, actor=town.liaison, at=MONDAY + DAY, until=clock.due_at + DAY, reason="灯具要从厂家调运。"
    )

    assert books.profile_of(earlier.pk).extension.approver == ""
    assert services.grant_extension(case, actor=town.dispatcher, at=MONDAY + DAY).state == State.IN_PROGRESS


@pytest.mark.parametrize("page", ["/cases/", "/desk/", "/settings/profiles/", "/settings/profiles/write/"])
def test_pages_open_under_an_earlier_edition(town: Town, earlier: ProfileVersion, page: str):
    under(town, earlier)

    answer = at_desk(town.dispatcher).get(page)

    assert answer.status_code == 200


def test_earlier_edition_is_judged_when_it_is_adopted_again(town: Town, earlier: ProfileVersion):
    client = at_desk(town.administrator)
    address = "/settings/profiles/adopt/"

    answer = client.post(address, {"source": f"version:{earlier.pk}"}, follow=True)

    assert "不合现在的要求" in answer.content.decode()
    assert mechanism.own() == earlier
