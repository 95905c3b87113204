"""What is like it while typing, for whom; and two cases joined, of which neither reporter learns anything of the other."""

import pytest
from django.test import Client
from django.utils import timezone

from lianshang.cases import codes, services
from lianshang.cases.models import Case
from lianshang.cases.states import State
from lianshang.cases.tests.desks import at_desk, words
from lianshang.cases.tests.factories import DAY, HOUR, Town, make_actor, make_town
from lianshang.directory.models import Role
from lianshang.enterprises.models import Enterprise
from lianshang.kernel import outbox
from lianshang.notices.models import Email

MATTER = "厂区东门路灯坏了三天，夜班出车看不清。"
AGAIN = "东门的路灯坏了几天了，夜班车看不清路"
OTHERS = ("税务发票开不出来。", "宿舍楼宽带断了。", "食堂燃气压力不够。", "招不到焊工，请帮忙。")


@pytest.fixture
def ledger(town: Town) -> Case:
    """One case of street lamps among others, of an hour ago."""
    now = timezone.now() - HOUR
    for text in OTHERS:
        town.whistle(now, text=text)
    return town.whistle(now, text=MATTER)


def alike(actor, text: str = AGAIN, **more: str) -> str:
    return words(at_desk(actor).post("/cases/new/similar/", {"text": text, **more}))


def test_open_case_of_the_same_matter_is_shown_with_what_may_be_done(town: Town, ledger: Case):
    said = alike(town.dispatcher)

    assert ledger.number in said
    assert f"登记，并入 {ledger.number}" in said
    assert not any(text in said for text in OTHERS)


def test_own_case_of_the_enterprise_is_not_registered_twice(town: Town, ledger: Case):
    said = alike(town.dispatcher, enterprise_name="示范焦化有限公司")

    assert "不另登记" in said
    assert "登记，并入" not in said


def test_solved_case_is_shown_and_not_joined_to(town: Town, ledger: Case):
    Case.objects.exclude(pk=ledger.pk)
    case = town.in_state(State.CLOSED, timezone.now() - 9 * DAY)

    said = alike(town.dispatcher)

    assert case.number in said
    assert f"并入 {case.number}" not in said


def test_sealed_cases_are_never_like_anything(town: Town, ledger: Case):
    sealed = town.whistle(timezone.now() - HOUR, text=MATTER, nature="complaint")

    for actor in (town.dispatcher, town.complaints, town.head):
        if actor.has(Role.DISPATCHER, Role.COMPLAINTS_OFFICER):
            assert sealed.number not in alike(actor)


def test_whoever_does_not_read_the_ledger_sees_nothing_like_it(town: Town, ledger: Case):
    helper = make_actor(town.park, "韦助", Role.INSTRUCTOR, town.office)

    assert alike(helper) == ""
    assert alike(town.liaison) == ""
    assert alike(make_town("PZ").dispatcher) == ""


def test_visitors_and_readers_are_not_told(town: Town, ledger: Case):
    assert at_desk(town.auditor).post("/cases/new/similar/", {"text": AGAIN}).status_code == 404
    assert Client().post("/cases/new/similar/", {"text": AGAIN}).status_code == 302


def own_alike(client: Client, town: Town, text: str = AGAIN) -> str:
    return words(client.post(f"/w/{town.park.code}-{town.enterprise.whistle_token}/alike/", {"text": text}))


def test_visitor_is_shown_what_this_phone_has_whistled_and_nobody_elses(town: Town, ledger: Case):
    own, sealed = (town.whistle(timezone.now() - HOUR, text=MATTER, nature=nature) for nature in ("help", "report"))
    phone = Client()
    for case in (own, sealed):
        phone.get(f"/r/{codes.public_code(town.park, case)}/")

    said, strangers = own_alike(phone, town), own_alike(Client(), town)

    assert own.number in said
    assert ledger.number not in said
    assert sealed.number not in said
    assert strangers == ""
    assert own_alike(phone, town, "税务发票开不出来") == ""


def test_whistle_page_asks_only_on_a_phone_that_has_whistled(town: Town, ledger: Case):
    phone, door = Client(), f"/w/{town.park.code}-{town.enterprise.whistle_token}/"
    before = phone.get(door).content.decode()
    phone.get(f"/r/{codes.public_code(town.park, ledger)}/")

    after = phone.get(door).content.decode()

    assert "data-own-alike" not in before
    assert "data-own-alike" in after
    assert "data-own-alike" not in phone.get(f"{door}sealed/").content.decode()


# -- joined: neither sees the other --------------------------------------------------------------------------------------


def receipt(case: Case, client: Client | None = None) -> str:
    return words((client or Client()).get(f"/r/{codes.public_code(case.park, case)}/"))


def test_neither_reporter_sees_the_other_at_any_step(town: Town, ledger: Case):
    now = timezone.now() - HOUR
    Case.objects.filter(pk=ledger.pk).update(contact_email="zhang@example.cn")
    other = Enterprise.objects.create(park=town.park, code="E002", name="黔岭洗选有限公司")
    second = services.submit(
        services.Whistle(text="路灯不亮，我们卡车差点翻沟里", enterprise=other, contact_name="老吴", contact_phone="13811112222", contact_email="wu@example.cn"),
        actor=town.dispatcher, at=now,
    )  # fmt: skip
    second = services.merge(second, actor=town.dispatcher, at=now + HOUR / 4, into=ledger)
    shown = [(receipt(ledger), receipt(second))]
    main = services.dispatch(ledger, actor=town.dispatcher, at=now + HOUR / 3, lead=town.lead)
    main = services.sign(main, actor=town.liaison, at=now + HOUR / 2)
    shown.append((receipt(main), receipt(second)))
    services.answer(main, actor=town.liaison, at=now + HOUR * 0.9, note="已与示范焦化张经理确认，换灯 12 盏。")
    shown.append((receipt(main), receipt(second)))

    of_first = (main.number, "示范焦化", "张经理", "夜班出车", "13800000000")
    of_second = (second.number, "黔岭", "老吴", "翻沟", "13811112222", "并入", "并案")
    for first_page, second_page in shown:
        assert [word for word in of_second if word in first_page] == []
        assert [word for word in of_first if word in second_page] == []
    assert "已与同类诉求一并办理" in shown[-1][1]
    outbox.run_due(timezone.now() + DAY, worker="test")
    written = {
        mail.to: f"{mail.subject} {mail.body}"
        for mail in Email.objects.filter(to__in=["wu@example.cn", "zhang@example.cn"])
    }
    assert [word for word in of_second if word in written.get("zhang@example.cn", "")] == []
    assert [word for word in of_first if word in written["wu@example.cn"]] == []


def test_pages_of_either_enterprise_list_their_own_alone(town: Town, ledger: Case):
    other = Enterprise.objects.create(park=town.park, code="E002", name="黔岭洗选有限公司")
    second = town.whistle(timezone.now() - HOUR, enterprise=other, text="路灯不亮")
    services.merge(second, actor=town.dispatcher, at=timezone.now(), into=ledger)

    own = {one: words(Client().get(f"/mine/{town.park.code}-{one.mine_token}/")) for one in (town.enterprise, other)}

    assert ledger.number in own[town.enterprise]
    assert second.number not in own[town.enterprise]
    assert second.number in own[other]
    assert ledger.number not in own[other]
