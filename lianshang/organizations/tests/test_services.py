"""Organisations, posts, members and venues through the services, and what they refuse."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django_scopes import scope

from lianshang.directory import actors
from lianshang.directory.models import AuditRecord, Role
from lianshang.kernel.refusals import Hidden, Refused
from lianshang.organizations import access, queries
from lianshang.organizations.models import Affiliation, Coverage, Officer, OrganizationRecord, Term
from lianshang.organizations.rules.kinds import Kind
from lianshang.organizations.services import bodies, members, officers, openings, venues
from lianshang.organizations.tests.factories import AT, JOINED, SINCE, TODAY, YEAR, hall

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def place():
    made = hall()
    with scope(park=made.park):
        made.office.save()
        yield made


def test_a_branch_is_founded_elected_and_due_in_three_years(place):
    clerk, made = place.actor(), place.branch(place.firm("E001"))

    term = bodies.elect(made, on=date(2024, 4, 1), has_committee=False, groups=0, actor=clerk, at=AT)

    assert (term.years, term.due_on) == (3, date(2027, 4, 1))
    assert [row.light for row in queries.rows_of([made], date(2026, 10, 1))] == ["normal"]
    assert [row.light for row in queries.rows_of([made], date(2027, 1, 1))] == ["near"]
    assert [row.light for row in queries.rows_of([made], date(2027, 4, 2))] == ["late"]


def test_an_election_is_moved_by_a_year_at_most(place):
    head, made = place.actor(Role.COMMITTEE_HEAD), place.branch()
    bodies.elect(made, on=date(2024, 4, 1), has_committee=False, groups=0, actor=head, at=AT)

    with pytest.raises(Refused, match="不超过 1 年"):
        bodies.move_election(made, to=date(2028, 6, 1), approval="批复", actor=head, at=AT)
    term = bodies.move_election(made, to=date(2028, 3, 1), approval="综党〔2026〕9号", actor=head, at=AT)

    assert (term.due_on, term.first_due_on) == (date(2028, 3, 1), date(2027, 4, 1))


def test_a_new_election_ends_the_term_before(place):
    clerk, made = place.actor(), place.branch()
    for day in (date(2024, 4, 1), date(2026, 5, 1)):
        bodies.elect(made, on=day, has_committee=False, groups=1, actor=clerk, at=AT)

    assert list(Term.objects.order_by("since").values_list("until", flat=True)) == [date(2026, 4, 30), None]
    with pytest.raises(Refused, match="要在它之后"):
        bodies.elect(made, on=date(2026, 5, 1), has_committee=False, groups=0, actor=clerk, at=AT)


def test_a_temporary_branch_holds_no_election(place):
    with pytest.raises(Refused, match="第八条"):
        bodies.elect(
            place.branch(kind=Kind.TEMPORARY), on=TODAY, has_committee=False, groups=0, actor=place.actor(), at=AT
        )


def test_covered_enterprises_change_from_a_day_on(place):
    one, two, three = (place.firm(f"E00{n}") for n in (1, 2, 3))
    made = place.branch(one, two, kind=Kind.JOINT)

    bodies.cover(made, [two, three], since=TODAY, actor=place.actor(), at=AT)

    held = {row.enterprise.code: (row.since, row.until) for row in Coverage.objects.select_related("enterprise")}
    assert held == {"E001": (SINCE, TODAY - DAY), "E002": (SINCE, None), "E003": (TODAY, None)}


def test_a_branch_covers_one_enterprise_alone(place):
    with pytest.raises(Refused, match="联合党支部"):
        place.branch(place.firm("E001"), place.firm("E002"))


def test_an_organisation_ends_after_its_members_are_transferred(place):
    clerk, made = place.actor(), place.branch(place.firm("E001"))
    who = place.member(made)
    with pytest.raises(Refused, match="还有 1 名党员"):
        bodies.end(made, on=TODAY, why="企业搬迁", actor=clerk, at=AT)

    members.transfer(who, members.Register(elsewhere="外地党支部"), since=TODAY, actor=clerk, at=AT)
    bodies.end(made, on=TODAY, why="企业搬迁", actor=clerk, at=AT)

    assert Coverage.objects.get().until == TODAY - DAY
    with pytest.raises(Refused, match="已于 2026-11-02 撤销"):
        bodies.cover(made, [], since=TODAY, actor=clerk, at=AT)


def test_posts_are_held_by_full_members_and_there_is_one_secretary(place):
    clerk, made = place.actor(), place.branch()
    first, second, young = place.member(made), place.member(made), place.member(made, full=False)

    officers.appoint(made, first.person, "secretary", since=date(2025, 1, 1), actor=clerk, at=AT)
    officers.appoint(made, second.person, "secretary", since=TODAY, actor=clerk, at=AT)

    assert Officer.objects.get(person=first.person).until == TODAY - DAY
    with pytest.raises(Refused, match="由正式党员担任"):
        officers.appoint(made, young.person, "member", since=TODAY, actor=clerk, at=AT)


def test_a_post_ends_with_its_day(place):
    clerk, made = place.actor(), place.branch()
    row = officers.appoint(made, place.member(made).person, "secretary", since=SINCE, actor=clerk, at=AT)

    officers.stand_down(row, on=TODAY, actor=clerk, at=AT)

    assert Officer.objects.get().until == TODAY
    with pytest.raises(Refused, match="已经结束"):
        officers.stand_down(row, on=TODAY, actor=clerk, at=AT)


def test_a_transfer_ends_the_register_and_the_posts(place):
    clerk, one = place.actor(), place.branch()
    two, who = place.branch(name="另一党支部"), place.member(one)
    officers.appoint(one, who.person, "secretary", since=SINCE, actor=clerk, at=AT)

    members.transfer(who, members.Register(two), since=TODAY, actor=clerk, at=AT)

    rows = Affiliation.objects.order_by("since").values_list("organization__name", "until")
    assert list(rows) == [("示范党支部", TODAY - DAY), ("另一党支部", None)]
    assert Officer.objects.get().until == TODAY - DAY
    with pytest.raises(Refused, match="要在它之后"):
        members.transfer(who, members.Register(one), since=TODAY, actor=clerk, at=AT)


def test_constitution_article_7_probation_is_a_year(place):
    clerk, who = place.actor(), place.member(place.branch(), full=False)

    with pytest.raises(Refused, match="预备期一年"):
        members.confirm(who, on=TODAY, actor=clerk, at=AT)
    later = AT + YEAR
    members.confirm(who, on=later.date(), actor=clerk, at=later)

    with pytest.raises(Refused, match="转正"):
        members.confirm(who, on=later.date(), actor=clerk, at=later)


def test_a_person_is_entered_once_as_a_member(place):
    clerk, made = place.actor(), place.branch()
    who = place.member(made)
    told = members.Entry(JOINED, SINCE, members.Register(made), JOINED + YEAR, who.person)

    with pytest.raises(Refused, match="已登记为党员"):
        members.enter(told, actor=clerk, at=AT)


def test_a_member_stands_on_one_register(place):
    both = members.Register(place.branch(), "外地党支部")

    with pytest.raises(Refused, match="只填一处"):
        members.enter(members.Entry(JOINED, SINCE, both, name="甲"), actor=place.actor(), at=AT)
    with pytest.raises(Refused, match="只填一处"):
        members.enter(members.Entry(JOINED, SINCE, members.Register(), name="甲"), actor=place.actor(), at=AT)


def test_who_leaves_is_gone_from_register_enterprise_and_posts(place):
    clerk, firm = place.actor(), place.firm("E001")
    made = place.branch(firm)
    who = place.member(made, firm)
    members.leave(who, on=TODAY, why="去世", actor=clerk, at=AT)

    assert queries.members_of(made, TODAY).count() == 0
    with pytest.raises(Refused, match="不再是党员"):
        members.place(who, firm, since=TODAY, actor=clerk, at=AT)


def test_a_venue_has_what_was_seen_with_its_evidence(place):
    clerk, made = place.actor(Role.INSTRUCTOR), place.branch()
    with pytest.raises(Refused, match="有党旗还没有写凭据"):
        venues.look_at(made, {"flag": (True, " ")}, on=TODAY, actor=clerk, at=AT)

    venues.look_at(made, {"flag": (True, "会议室"), "books": (False, "")}, on=TODAY, actor=clerk, at=AT)

    seen = {label: row and (row.is_there, row.evidence) for label, row in queries.venue_of(made)}
    assert (seen["有党旗"], seen["有书报"], seen["有场所"]) == ((True, "会议室"), (False, ""), None)


def test_nothing_is_written_down_before_it_has_happened(place):
    clerk, made, tomorrow = place.actor(), place.branch(), TODAY + DAY

    for deed in (
        lambda: bodies.elect(made, on=tomorrow, has_committee=False, groups=0, actor=clerk, at=AT),
        lambda: bodies.cover(made, [], since=tomorrow, actor=clerk, at=AT),
        lambda: venues.look_at(made, {}, on=tomorrow, actor=clerk, at=AT),
    ):
        with pytest.raises(Refused, match="今天之后"):
            deed()


def test_strangers_write_nothing(place):
    made = place.branch()
    for role in (Role.LIAISON, Role.CHAIN_CHIEF, Role.ADMINISTRATOR):
        stranger = place.actor(role)
        with pytest.raises(Hidden):
            bodies.elect(made, on=TODAY, has_committee=False, groups=0, actor=stranger, at=AT)
        with pytest.raises(Hidden):
            openings.open_roster(made, "核对名册", actor=stranger, at=AT)
    with pytest.raises(Hidden):
        bodies.end(made, on=TODAY, why="撤", actor=place.actor(Role.INSTRUCTOR), at=AT)


def test_names_are_opened_for_a_purpose_that_is_on_record(place):
    made = place.branch()
    with pytest.raises(Refused, match="写明用途"):
        openings.open_roster(made, "看", actor=place.actor(), at=AT)

    openings.open_roster(made, "核对党员名册", actor=place.actor(), at=AT)

    assert AuditRecord.objects.get().purpose == "核对党员名册"


def test_what_was_done_is_on_record_and_stays(place):
    made = place.branch(place.firm("E001"))
    bodies.elect(made, on=TODAY, has_committee=False, groups=0, actor=place.actor(), at=AT)

    assert list(OrganizationRecord.objects.order_by("pk").values_list("what", flat=True)) == ["成立", "换届"]
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganizationRecord.objects.update(what="别的")


def test_an_officer_reads_their_own_organisation_alone(place):
    one, two = place.branch(), place.branch(name="另一党支部")
    who = place.member(one, name="支书")
    officers.appoint(one, who.person, "secretary", since=SINCE, actor=place.actor(), at=AT)
    secretary = actors.staff(who.person, on=TODAY)

    assert list(access.organizations_visible_to(secretary, TODAY)) == [one]
    assert access.may_name(secretary, one, TODAY)
    with pytest.raises(Hidden):
        access.organization_for(secretary, two.key, TODAY)
    with pytest.raises(Hidden):
        access.organizations_visible_to(secretary, SINCE - DAY)
