"""What of a complaint waits for the committee's head stands on the head's page, and on nobody else's."""

from dataclasses import replace

from lianshang.cases import mechanism, presets, queues, services
from lianshang.cases.models import Case, Respondent
from lianshang.cases.tests.desks import at_desk, words
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town
from lianshang.kernel.profiles import Extension


def waiting(town: Town) -> Case:
    """Return a complaint whose extension the mechanism leaves to the head."""
    rule = Extension("handle", approver="committee_head")
    own = replace(presets.preset("default"), name="own", extension=rule)
    mechanism.adopt(own, actor=town.system, at=MONDAY - DAY)
    case = town.signed(nature="complaint")
    return services.ask_extension(
        case, actor=town.liaison, at=MONDAY + 2 * HOUR, until=MONDAY + 10 * DAY, reason="等鉴定。"
    )


def test_the_head_is_shown_what_waits_for_the_head(town: Town):
    case = waiting(town)

    page = words(at_desk(town.head).get("/leader/"))

    assert [row.case for row in queues.sealed_put_to_head(town.head, MONDAY + DAY)] == [case]
    assert "保密件，等您决定" in page
    assert case.number in page
    assert case.title not in page


def test_nobody_else_is_shown_it_and_no_head_inside_the_respondents(town: Town):
    case = waiting(town)

    for actor in (town.chief, town.dispatcher, town.auditor):
        assert queues.sealed_put_to_head(actor, MONDAY + DAY) == []
    assert case.number not in words(at_desk(town.chief).get("/leader/"))
    Respondent.objects.create(park=town.park, case=case, person=town.head.person, name=town.head.person.name)
    assert queues.sealed_put_to_head(town.head, MONDAY + DAY) == []
