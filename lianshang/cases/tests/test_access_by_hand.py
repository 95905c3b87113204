"""Who may see which case, against a predicate written out by hand: every role and part, every state, sealed ones too."""

from django.http import Http404

from lianshang.cases import access, services
from lianshang.cases.models import Assignment, Case, Respondent
from lianshang.cases.states import State
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town, make_actor
from lianshang.directory import actors
from lianshang.directory.actors import Actor
from lianshang.directory.models import Post, Role, Unit

WIDE = {"dispatcher", "committee_head", "chain_chief", "callback_officer", "reporting_clerk", "auditor"}
LATER = MONDAY + DAY
WHY = "不属本局职责，应由执法局办。"


def make_parts(town: Town, **more: object) -> list[Case]:
    """Cases with every kind of part: open, answered, returned and freed, released, taken away, first handler."""
    directs = town.complaints if more else town.dispatcher
    asked = services.ask_return(
        town.dispatched(co=True, **more), actor=town.liaison, at=MONDAY + 1.2 * HOUR, reason=WHY
    )
    freed = services.ask_return(town.signed(**more), actor=town.liaison, at=MONDAY + 2 * HOUR, reason=WHY)
    for case, lead in ((asked, town.other), (freed, town.co)):
        services.grant_return(case, actor=directs, at=MONDAY + 3 * HOUR, lead=lead, reason="同意。")
    services.release(town.signed(co=True, **more), actor=directs, at=LATER, unit=town.co, reason="不必再等。")
    services.change_lead(town.signed(**more), actor=directs, at=LATER, lead=town.co, reason="职责调整")
    again = services.send_back(town.answered(**more), actor=directs, at=LATER + HOUR, reason="请补充结果。")
    services.change_lead(again, actor=directs, at=LATER + 2 * HOUR, lead=town.other, reason="职责调整")
    return [town.whistle(**more), town.signed(co=True, **more), town.answered(**more), town.dispatched(co=True, **more)]


def make_cases(town: Town) -> None:
    for state in State:
        town.in_state(state)
    make_parts(town)
    sealed = [one for nature in ("complaint", "report") for one in make_parts(town, nature=nature)]
    people = (town.head.person, town.liaison.person, town.complaints.person, town.co_liaison.person)
    for case, person in zip(sealed[:4], people, strict=True):
        Respondent.objects.create(park=town.park, case=case, person=person)
    for case, unit in zip(sealed[4:], (town.office, town.lead, town.co, town.other), strict=True):
        Respondent.objects.create(park=town.park, case=case, unit=unit)


def make_actors(town: Town) -> list[Actor]:
    """One for each role, liaisons of every unit, of one above and one below, and some with two posts."""
    above = Unit.objects.create(park=town.park, code="above", name="管委会", kind=Unit.Kind.DEPARTMENT)
    below = Unit.objects.create(
        park=town.park, code="below", name="路灯所", kind=Unit.Kind.DEPARTMENT, parent=town.lead
    )
    Unit.objects.filter(pk__in=[town.lead.pk, town.co.pk]).update(parent=above)
    found = [make_actor(town.park, f"某{role}", role, town.office) for role in Role]
    found += [make_actor(town.park, f"某{unit}", Role.LIAISON, unit) for unit in (above, below)]
    found += [make_actor(town.park, f"负责人{unit}", Role.COMMITTEE_HEAD, unit) for unit in (above, town.other)]
    found += [town.liaison, town.colleague, town.co_liaison, town.outsider, town.head, town.complaints]
    for unit, role in (
        (town.lead, Role.COMPLAINTS_OFFICER),
        (town.co, Role.AUDITOR),
        (town.other, Role.COMMITTEE_HEAD),
    ):
        person = make_actor(town.park, f"兼{role}", Role.LIAISON, unit).person
        Post.objects.create(park=town.park, person=person, unit=town.office, role=role, since=MONDAY.date())
        found.append(actors.staff(person, on=MONDAY.date()))
    holders = [town.holder(case) for case in Case.objects.order_by("pk")[:3]]
    return [*found, *holders, town.system, Actor(kind="holder", park=town.park)]


def line(unit: Unit | None) -> list[int]:
    return [unit.pk, *line(unit.parent)] if unit else []


def inside(actor: Actor, case: Case) -> bool:
    """Named, or in the line of a named unit: that unit, one above it or one below it."""
    for row in Respondent.objects.filter(case=case):
        if row.person_id and actor.person and row.person_id == actor.person.pk:
            return True
        for _, own in actor.posts if row.unit else ():
            if own in line(row.unit) or row.unit_id in line(Unit.objects.get(pk=own)):
                return True
    return False


def still_at_it(case: Case, own: set[int]) -> bool:
    """Whether one of the units has an open part, answered as the last lead, or is the first handler in force."""
    parts = list(Assignment.objects.filter(case=case).order_by("pk"))
    if any(part.unit_id in own and part.ended_at is None for part in parts):
        return True
    leads = [part for part in parts if part.part == "lead"]
    if leads and leads[-1].unit_id in own and leads[-1].answered_at:
        return True
    firsts = list(case.first_handlers.select_related("event").order_by("pk"))
    if not firsts or firsts[-1].unit_id not in own:
        return False
    returns = case.events.filter(verb="grant_return", unit=firsts[-1].unit_id)
    return not any(event.ordinal > firsts[-1].event.ordinal for event in returns)


def may_open(actor: Actor, case: Case) -> bool:
    if actor.kind == "holder":
        return case.pk == actor.holds
    roles = {str(role) for role, _ in actor.posts}
    own = {unit for role, unit in actor.posts if role == "liaison"}
    if not case.sealed:
        return bool(roles & WIDE) or Assignment.objects.filter(case=case, unit__in=own).exists()
    if inside(actor, case):
        return False
    return bool(roles & {"complaints_officer", "committee_head"}) or still_at_it(case, own)


def opens(actor: Actor, case: Case) -> bool:
    try:
        return access.case_for(actor, case.key) == case
    except Http404:
        return False


def test_doors_open_exactly_as_written_out_by_hand(town: Town):
    make_cases(town)
    everyone, cases = make_actors(town), list(Case.objects.order_by("pk"))
    assert {str(role) for actor in everyone for role, _ in actor.posts} == set(Role.values)
    assert {case.state for case in cases} == set(State.values)

    wrong = []
    for actor in everyone:
        mine = {case.pk for case in cases if may_open(actor, case)}
        listed = {case.pk for case in cases if case.pk in mine and not case.sealed and case.state != State.DRAFT}
        drafts = {case.pk for case in cases if case.state == State.DRAFT and not actor.has(Role.DISPATCHER)}
        ended = {case.pk for case in cases if not case.is_open}
        found = {
            "visible": set(access.cases_visible_to(actor).values_list("pk", flat=True)) ^ mine,
            "ledger": set(access.open_ledger(actor).values_list("pk", flat=True)) ^ listed,
            "door": {case.pk for case in cases if opens(actor, case)} ^ (mine - drafts),
        }
        if actor.kind == "staff":
            sealed = {case.pk for case in cases if case.sealed and case.pk in mine - ended}
            found["sealed"] = set(access.sealed_open_to(actor).values_list("pk", flat=True)) ^ sealed
        wrong += [(actor.posts or actor.kind, door, rows) for door, rows in found.items() if rows]

    assert wrong == []


def test_hand_written_predicate_shuts_somebody_out_at_each_turn(town: Town):
    """Otherwise the comparison above would prove nothing."""
    make_cases(town)
    everyone, sealed = make_actors(town), list(Case.objects.filter(sealed=True))

    had = [(actor, case) for actor in everyone for case in sealed if set(actor.units(Role.LIAISON)) & set(
        case.assignments.values_list("unit_id", flat=True))]  # fmt: skip

    assert {may_open(actor, case) for actor, case in had} == {True, False}
    assert {may_open(actor, case) for actor, case in had if not inside(actor, case)} == {True, False}
    assert any(inside(actor, case) and actor.has(Role.COMMITTEE_HEAD) for actor in everyone for case in sealed)
