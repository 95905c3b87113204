"""Joined cases: the result reaches all of them, nobody reads another's words, and none is lost with its main case."""

import pytest

from lianshang.cases import mechanism, presets, services
from lianshang.cases.states import State
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY
from lianshang.kernel.refusals import Refused

LATER = MONDAY + 2 * HOUR


def joined_to(town, main):
    return services.merge(town.whistle(), actor=town.dispatcher, at=LATER, into=main)


def told(case):
    return list(case.events.filter(verb="relay").values_list("note", flat=True))


def test_result_reaches_the_joined_case_and_what_was_joined_to_it(town):
    middle = town.whistle()
    first = services.merge(town.whistle(), actor=town.dispatcher, at=LATER, into=middle)
    main = town.signed()
    middle = services.merge(middle, actor=town.dispatcher, at=LATER, into=main)

    services.answer(main, actor=town.liaison, at=MONDAY + DAY, note="已与贵公司张经理当面确认，路灯已修复。")

    for case in (first, middle):
        assert told(case) == [
            "您反映的事项已与同类诉求一并办理，结果：已解决。如没有解决，请联系综合党委办公室，可以单独办理。"
        ]
        assert not case.clocks.running().exists()


def test_handler_may_word_what_the_others_read(town):
    main = town.signed()
    case = joined_to(town, main)

    services.answer(main, actor=town.liaison, at=MONDAY + DAY, note="已告知张经理。", relayed="东门路灯已全部修复。")

    assert told(case) == ["东门路灯已全部修复。"]


def test_second_answer_is_told_again(town):
    main = town.signed()
    case = joined_to(town, main)
    main = services.answer(main, actor=town.liaison, at=MONDAY + DAY, note="已修复。")
    main = services.reject(main, actor=town.holder(main), at=MONDAY + 2 * DAY, reason="又灭了。")

    services.answer(main, actor=town.liaison, at=MONDAY + 3 * DAY, note="已换变压器。", close_type="partly")

    assert len(told(case)) == 2


def test_result_reaches_the_joined_where_the_mechanism_sets_no_feedback_limit(town):
    mechanism.adopt(presets.preset("quanzhou"), actor=town.system, at=MONDAY)
    main = town.signed()
    case = joined_to(town, main)

    services.answer(main, actor=town.liaison, at=MONDAY + DAY, note="已修复。")

    assert told(case)


def test_joined_case_goes_its_own_way_when_the_main_one_ends_without_a_result(town):
    main = town.signed()
    case = joined_to(town, main)

    services.withdraw(main, actor=town.holder(main), at=MONDAY + DAY)

    case.refresh_from_db()
    assert (case.state, case.merged_into, case.close_type, case.closed_at) == (State.REGISTERED, None, "", None)
    assert {clock.duty for clock in case.clocks.running()} == {"accept", "feedback"}


@pytest.mark.parametrize("state", [State.ANSWERED, State.CALLBACK, State.CLOSED, State.MERGED])
def test_nothing_is_joined_to_what_is_answered_or_over(town, state):
    main = town.in_state(state)

    with pytest.raises(Refused, match=main.number):
        joined_to(town, main)
