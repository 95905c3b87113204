from datetime import datetime, timedelta

from lianshang.cases import lights, services
from lianshang.cases.lights import Light, light_of
from lianshang.cases.models import Case, CaseClock
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town


def light(case: Case, duty: str, now: datetime) -> Light:
    return light_of(CaseClock.objects.get(subject=case, duty=duty), case, now)


def test_light_goes_from_normal_over_near_to_late(town: Town):
    case = town.signed()

    states = [light(case, "handle", MONDAY + days * DAY).state for days in (1, 3, 6, 8)]

    assert states == ["normal", "normal", "near", "late"]


def test_light_says_what_is_left_and_what_is_over(town: Town):
    case = town.signed()

    left, over = (light(case, "handle", MONDAY + days * DAY).remaining for days in (1, 9))

    assert left.startswith("还有 4 个工作日")
    assert over == "已超 1 天"


def test_light_of_two_hours_is_not_near_from_its_first_minute(town: Town):
    case = town.dispatched()

    states = [light(case, "sign", MONDAY + HOUR + timedelta(minutes=m)).state for m in (1, 60)]

    assert states == ["normal", "normal"]


def test_light_of_two_hours_is_near_when_most_is_used(town: Town):
    case = town.dispatched(MONDAY - HOUR)

    assert light(case, "sign", MONDAY + timedelta(minutes=100)).state == "near"


def test_light_of_a_paused_clock_is_never_late(town: Town):
    case = services.pause(town.signed(), actor=town.dispatcher, at=MONDAY + DAY, cause="鉴定", reason="等鉴定。")

    assert light(case, "handle", MONDAY + 30 * DAY).state == "paused"


def test_light_of_what_was_done_says_in_time_or_missed(town: Town):
    kept, missed = town.signed(), town.dispatched()
    services.sign(missed, actor=town.liaison, at=MONDAY + 2 * DAY)

    assert light(kept, "sign", MONDAY + 30 * DAY).state == "met"
    assert light(missed, "sign", MONDAY + 30 * DAY).state == "missed"
    assert light(missed, "sign", MONDAY + 30 * DAY).remaining.startswith("迟 1 天")


def test_light_of_a_dropped_duty_is_none(town: Town):
    case = town.whistle()
    services.mistake(case, actor=town.dispatcher, at=MONDAY + HOUR, reason="重复登记。")

    assert light(case, "feedback", MONDAY + 30 * DAY) == Light("none", "不再计", light(case, "feedback", MONDAY).due_at)


def test_light_of_a_closed_window_is_not_late(town: Town):
    case = town.signed()

    assert light(case, "return_window", MONDAY + 5 * DAY).state == "none"


def test_first_clock_leaves_windows_and_paused_ones_behind(town: Town):
    case = services.pause(town.signed(), actor=town.dispatcher, at=MONDAY + DAY, cause="鉴定", reason="等鉴定。")

    first = lights.first_of(list(case.clocks.all()))

    assert first.duty == "contact"
