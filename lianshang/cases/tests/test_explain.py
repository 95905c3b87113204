from lianshang.cases import mechanism, presets, services
from lianshang.cases.explain import explain
from lianshang.cases.flow import FLOW
from lianshang.cases.models import Case, CaseClock, CaseClockChange
from lianshang.cases.sentences import SENTENCES, sentence
from lianshang.cases.states import State
from lianshang.cases.tests.factories import DAY, HOUR, MONDAY, Town


def why(case: Case, duty: str) -> list[str]:
    clocks = list(case.clocks.select_related("started_by", "calendar_version__calendar"))
    clock = next(clock for clock in clocks if clock.duty == duty)
    case = Case.objects.select_related("profile_version__profile").get(pk=case.pk)
    return explain(clock, list(CaseClockChange.objects.filter(clock__in=clocks)), case, clocks)


def works_by(town: Town, preset: str) -> None:
    mechanism.adopt(presets.preset(preset), actor=town.system, at=MONDAY - DAY)


def test_period_is_explained_day_by_day(town: Town):
    lines = why(town.dispatched(), "handle")

    assert lines[0] == "规则：办理：5 个工作日内（默认机制 第 1 版，一般、普通）。"
    assert "当天不算" in lines[1]
    assert lines[-2] == "到期：11月9日（周一）17:00。"
    assert lines[-1] == "日历：全国工作日历 第 1 版。"


def test_every_running_clock_of_every_state_ends_in_its_due_time(town: Town):
    for state in State:
        case = town.in_state(state)
        for clock in case.clocks.running().filter(paused_at=None):
            said = "".join(why(case, clock.duty))

            assert f"{clock.due_at.astimezone(MONDAY.tzinfo):%-m月%-d日}" in said, (state, clock, said)


def test_co_units_limit_is_counted_back_from_the_leads(town: Town):
    lines = why(town.dispatched(co=True), "co_reply")

    assert "主办单位的期限是11月9日 周一 17:00，协办要早 2 个工作日答复主办单位。" in lines
    assert "从那天往回数 2 个工作日，是11月5日 周四 17:00。" in lines


def test_co_unit_involved_late_keeps_its_least(town: Town):
    case = town.signed()
    services.involve(case, actor=town.dispatcher, at=MONDAY + 3 * DAY, unit=town.co)

    lines = why(case, "co_reply")

    assert any("至少留 1 个工作日" in line and "倒推" in line for line in lines)
    assert "到期：11月6日 周五 17:00。" in lines


def test_extension_tells_the_old_and_the_new_time(town: Town):
    case = town.in_state(State.EXTENSION_REQUESTED)
    services.grant_extension(case, actor=town.dispatcher, at=MONDAY + DAY)

    lines = why(case, "handle")

    assert "到期：11月9日（周一）17:00。" in lines
    assert "11月3日 周二 09:30同意延期，到期由11月9日 周一 17:00改为11月12日 周四 09:30。" in lines


def test_pause_is_told_while_it_lasts_and_afterwards(town: Town):
    case = services.pause(town.signed(), actor=town.dispatcher, at=MONDAY + DAY, cause="鉴定", reason="等鉴定。")
    before = why(case, "handle")
    services.resume(case, actor=town.dispatcher, at=MONDAY + 3 * DAY)

    after = why(case, "handle")

    assert "现在停着，不计超期。" in before
    assert any("恢复计时，停钟期间不计" in line for line in after)
    assert "到期：11月11日（周三）17:00。" in after


def test_promise_is_not_counted(town: Town):
    lines = why(town.in_state(State.DEFERRED), "promise")

    assert any("是承诺的时间，不按天数推算" in line for line in lines)


def test_same_day_says_when_the_day_is_over(town: Town):
    works_by(town, "quanzhou")

    in_time, too_late = why(town.whistle(), "accept"), why(town.whistle(MONDAY + 9 * HOUR), "accept")

    assert "起算：2026年11月2日 周一 09:30，当天办完，到下班为止。" in in_time
    assert in_time[-2] == "到期：11月2日 周一 17:00。"
    assert "这时已经下班，顺延到下一个工作日下班。" in too_late
    assert too_late[-2] == "到期：11月3日 周二 17:00。"


def test_monthly_report_names_its_day(town: Town):
    name = next(n for n in presets.preset_names() if "monthly" in presets.preset_text(n))
    works_by(town, name)
    profile = presets.preset(name)
    case = town.whistle(kind=profile.kinds[-1])
    case = services.dispatch(case, actor=town.dispatcher, at=MONDAY + HOUR, lead=town.lead)

    clock = CaseClock.objects.get(subject=case, duty="progress")
    lines = why(case, "progress")

    assert any("到下一个" in line for line in lines)
    assert lines[-2].startswith(f"到期：{clock.due_at.astimezone(MONDAY.tzinfo):%-m月%-d日}")


def test_every_verb_has_a_sentence(town: Town):
    assert set(SENTENCES) == set(FLOW.transitions)


def test_sentences_have_no_gaps(town: Town):
    for state in State:
        for event in town.in_state(state).events.select_related("actor", "actor_unit", "unit"):
            said = sentence(event)

            assert said.endswith("。"), said
            assert "None" not in said
            assert "{" not in said
