"""Every transition × state × role of open cases, from the table; who may do what is written again here, by hand.

The steps of complaints and reports alone are nobody's here; `test_sealed_flow.py` has them.
"""

import pytest
from django.db import transaction

from lianshang.cases.flow import FLOW
from lianshang.cases.sealed_steps import SEALED_STEPS
from lianshang.cases.states import ENDED, CloseType, State
from lianshang.cases.tests.factories import DAY, MONDAY
from lianshang.kernel.refusals import Hidden, Refused

OFFICE, OVERSEERS = {"dispatcher"}, {"dispatcher", "head", "chief"}
LEAD = {"liaison", "colleague"}
PEOPLE = (
    "dispatcher", "head", "chief", "callback", "complaints", "auditor", "administrator",
    "liaison", "colleague", "co_liaison", "outsider", "holder", "system",
)  # fmt: skip
EVERYONE = set(PEOPLE)
WHO = {
    "note_down": EVERYONE, "register": EVERYONE, "screen": OFFICE, "reclassify": OFFICE, "refuse": OFFICE,
    "redirect": OFFICE, "merge": OFFICE, "relay": {"system"}, "separate": {*OFFICE, "system"}, "acknowledge": {"system"}, "keep_record": {"system"}, "mistake": OFFICE, "record_closed": {*OFFICE, "system"},
    "undo_import": {*OFFICE, "system"}, "dispatch": OFFICE, "involve": OFFICE, "release": OFFICE | LEAD,
    "change_lead": OFFICE, "ask_return": LEAD, "grant_return": OFFICE, "deny_return": OFFICE, "sign": LEAD,
    "co_sign": {"co_liaison"}, "report_in": {*LEAD, "co_liaison"}, "contact": LEAD, "plan": LEAD,
    "progress": OFFICE | LEAD, "hand_over": LEAD | {"co_liaison"}, "co_answer": {"co_liaison"}, "answer": LEAD, "ask_extension": LEAD,
    "grant_extension": {"dispatcher", "head"}, "deny_extension": {"dispatcher", "head"}, "pause": OFFICE, "resume": OFFICE | LEAD,
    "consult": OFFICE | LEAD, "conclude": {"dispatcher", "head"}, "escalate": {"system", "holder", "callback", "dispatcher", "head"},
    "defer": {"head"}, "review_deferred": {"dispatcher", "head"}, "resume_deferred": {"dispatcher", "head"},
    "terminate": OFFICE, "approve": OFFICE, "send_back": OFFICE, "confirm": {"holder"}, "reject": {"holder"},
    "call_back": {"dispatcher", "callback"}, "call_back_unsolved": {"dispatcher", "callback"},
    "miss_call": {"dispatcher", "callback"}, "close_unreached": {"dispatcher", "callback"}, "reopen": OFFICE,
    "withdraw": {"holder"}, "supplement": {"dispatcher", "holder"}, "urge": {*OVERSEERS, "holder"},
    "supervise": OVERSEERS, "respond_supervision": {*OFFICE, *LEAD, "co_liaison"}, "lift_supervision": OVERSEERS,
    "recalendar": {"system"}, **{move.name: set() for move in SEALED_STEPS},
}  # fmt: skip
UNIT_STATES = [state for state in State if state not in (State.DRAFT, State.REGISTERED, State.SCREENED, *ENDED)]


def verdict(case, name, actor):
    try:
        FLOW.check(case, name, actor)
    except Hidden:
        return "hidden"
    except Refused:
        return "refused"
    return "allowed"


def with_co_unit(town, case):
    """Let a co-unit take part, so that its liaison is somebody here."""
    from lianshang.cases import services

    return services.involve(case, actor=town.dispatcher, at=MONDAY + DAY, unit=town.co)


def test_every_transition_is_decided_for_every_role():
    assert set(WHO) == set(FLOW.transitions)


@pytest.mark.parametrize("state", State)
def test_every_role_may_do_in_a_state_what_the_table_says_and_nothing_else(town, state):
    case = town.in_state(state)
    if state in UNIT_STATES and state not in (State.ANSWERED, State.CALLBACK):
        case = with_co_unit(town, case)
    has_lead = case.lead_unit_id is not None
    has_co = bool(case.co_unit_ids)

    for name, move in FLOW.transitions.items():
        for who in PEOPLE:
            may = (
                who in WHO[name]
                and (has_lead or who not in LEAD)
                and (has_co or who != "co_liaison" or WHO[name] == EVERYONE)
            )
            may = may or WHO[name] == EVERYONE
            expected = "hidden" if not may else "allowed" if state in move.moves else "refused"
            assert verdict(case, name, town.actor(who, case)) == expected, (name, state, who)


MOVES = [(name, source) for name, move in FLOW.transitions.items() if WHO[name] for source in move.moves]


@pytest.mark.parametrize(("name", "state"), MOVES)
def test_a_transition_moves_the_case_as_the_table_says_and_leaves_one_event(town, name, state):
    case = town.in_state(state)
    if name in ("co_sign", "co_answer"):
        case = with_co_unit(town, case)
    who = next(who for who in PEOPLE if who in WHO[name])
    before = case.events.count()
    target = FLOW.transitions[name].moves[state]
    changes = {"lead_unit": town.lead}
    if target in ENDED:
        changes |= {"close_type": CloseType.EXPLAINED, "closed_at": MONDAY + 5 * DAY}
    if target == State.MERGED:
        changes |= {"merged_into": town.whistle()}

    with transaction.atomic():
        moved = FLOW.fire(
            case,
            name,
            actor=town.actor(who, case),
            at=MONDAY + 5 * DAY,
            unit=town.lead,
            changes=changes,
            due_at=MONDAY + 30 * DAY,
        )

    assert moved.state == target
    assert moved.events.count() == before + 1
    event = moved.events.get(ordinal=moved.version)
    assert (event.verb, event.source, event.target) == (name, state, target)
    if target in ENDED and name != "merge" and state != State.MERGED:
        assert not moved.clocks.running().exists()


def test_a_refusal_names_the_state_and_who_was_first(town):
    case = town.signed()

    with pytest.raises(Refused, match=r"当前状态为“已签收”，不能签收。李路已于 11月2日 11:00 签收。"):
        FLOW.fire(case, "sign", actor=town.colleague, at=MONDAY + DAY)
