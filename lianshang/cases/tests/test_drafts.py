"""From a pasted chat to cases: kept at once, chosen, joined, set aside, both times stored, nothing personal sent back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lianshang.cases import access, books, services
from lianshang.cases.chat.offers import offers
from lianshang.cases.models import Case, Draft
from lianshang.cases.states import State
from lianshang.cases.tests.desks import at_desk, few_queries, hidden, words
from lianshang.cases.tests.factories import HOUR, MONDAY, Town, make_actor, make_town
from lianshang.directory.models import Person, Role
from lianshang.enterprises.models import Contact, Enterprise
from lianshang.kernel.refusals import Hidden, Overtaken, Refused

CHAT = """何丽 2026/11/02 08:12
厂区东门外的路灯三天没亮了
何丽 2026/11/02 08:13
[图片]
老冯 2026/11/02 08:40
稳岗补贴什么时候报
小周 2026/11/02 08:41
收到
"""
REGISTERED = {"nature": "help", "urgency": "普通", "kind": "一般"}


def pasted(town: Town, text: str = CHAT, at=MONDAY) -> list[Draft]:
    return services.keep_pasted(offers(text, at).offers, actor=town.dispatcher, at=at).drafts


def registered(town: Town, drafts: list[Draft], at=MONDAY + HOUR, **more) -> Case:
    whistle = services.Whistle(text="路灯不亮", enterprise=town.enterprise, channel="chat", **more)
    return services.register_drafts(drafts, whistle, actor=town.dispatcher, at=at)


def paste_page(client, text: str = CHAT):
    return client.post("/drafts/paste/", hidden(client.get("/drafts/paste/")) | {"pasted": text}, follow=True)


def keys(*, waiting: bool = True) -> list[str]:
    return [str(one.key) for one in Draft.objects.filter(settled_at__isnull=waiting).order_by("position")]


def test_paste_keeps_every_message_and_sets_mere_answers_aside(town: Town):
    said = words(paste_page(at_desk(town.dispatcher)))

    assert "读出 3 条，2 条等您挑选，1 条只是应答，已搁置。" in said
    assert [(one.sender, one.state, one.missing) for one in Draft.objects.order_by("position")] == [
        ("何丽", "open", "图片 1"), ("老冯", "open", ""), ("小周", "set_aside", ""),
    ]  # fmt: skip
    assert "何丽 2026/11/02 08:12\n厂区东门外的路灯三天没亮了" in Draft.objects.get(position=0).original


def test_the_same_chat_is_not_kept_twice(town: Town):
    pasted(town)

    again = services.keep_pasted(offers(CHAT, MONDAY + HOUR).offers, actor=town.dispatcher, at=MONDAY + HOUR)

    assert (again.drafts, again.known) == ([], 3)


def test_a_paste_that_says_nothing_keeps_its_words(town: Town):
    client = at_desk(town.dispatcher)

    answer = paste_page(client, "——————\n\n")

    assert answer.status_code == 409
    assert "没有读出消息" in words(answer)
    assert "——————" in answer.content.decode()


def test_a_paste_of_too_many_messages_is_refused_and_keeps_its_words(town: Town):
    client, many = at_desk(town.dispatcher), "张：水\n" * 2000

    answer = paste_page(client, many)

    assert answer.status_code == 409
    assert "这一段有 2000 条消息，一次最多收 500 条。请分几次粘贴" in words(answer)
    assert answer.content.decode().count("张：水") == 2000
    assert not Draft.objects.exists()


def test_several_messages_become_one_case_with_both_times(town: Town):
    drafts = pasted(town)

    case = registered(town, drafts[:2])

    assert case.happened_at == MONDAY.replace(hour=8, minute=12)
    assert case.registered_at == MONDAY + HOUR
    assert {one.case_id for one in Draft.objects.filter(pk__in=[one.pk for one in drafts[:2]])} == {case.pk}
    assert case.clocks.get(duty="feedback").started_at == MONDAY + HOUR


def test_the_clock_starts_when_it_was_said_if_the_office_says_so(town: Town):
    drafts = pasted(town)

    case = registered(town, drafts[:1], since_said=True)

    assert case.clocks.get(duty="feedback").started_at == case.happened_at
    assert case.registered_at == MONDAY + HOUR
    kept, rebuilt = ({(c.duty, c.due_at) for c in clocks.clocks} for clocks in (books.live(case), books.rebuilt(case)))
    assert kept == rebuilt


def test_a_draft_is_registered_once_and_the_second_is_told_who_was_first(town: Town):
    drafts = pasted(town)
    case = registered(town, drafts[:1])

    with pytest.raises(Overtaken, match=f"周敏登记为 {case.number}"):
        registered(town, drafts[:1])

    assert Case.objects.count() == 1


def test_register_page_offers_what_is_known_and_gives_the_words_for_the_group(town: Town):
    person = Person.objects.create(park=town.park, name="何丽", phone="13885801234")
    Contact.objects.create(park=town.park, enterprise=town.enterprise, person=person, is_primary=True)
    pasted(town, CHAT.replace("何丽", "示范焦化有限公司-何丽"), timezone.now())
    client, key = at_desk(town.dispatcher), keys()[0]

    page = client.get("/drafts/register/", {"d": key})
    form = (
        hidden(page)
        | {"text": "路灯不亮", "enterprise_name": "示范焦化有限公司", "contact_phone": "13885801234"}
        | REGISTERED
    )
    sent = client.post("/drafts/register/", form)

    case = Case.objects.get()
    assert 'value="示范焦化有限公司"' in page.content.decode()
    assert 'value="13885801234"' in page.content.decode()
    assert (case.enterprise, case.channel) == (town.enterprise, "chat")
    reply = f"已登记，受理编号 {case.number}。办到哪一步凭查询码看，查询码单独告知。"
    said = client.get(sent["Location"])
    assert reply in words(said)
    assert case.number in reply
    assert not any(word in reply for word in ("路灯", "何丽", "1388"))


def test_a_sender_is_remembered(town: Town):
    first = pasted(town)[:1]
    whistle = services.Whistle(text="路灯不亮", enterprise=town.enterprise, channel="chat")
    services.register_drafts(first, whistle, actor=town.dispatcher, at=MONDAY, remember=True)

    later = pasted(town, "何丽 2026/11/02 09:20\n还有一件事，门口积水")

    assert later[0].enterprise == town.enterprise


def test_half_a_name_will_do_where_one_enterprise_alone_has_it(town: Town):
    Enterprise.objects.create(park=town.park, code="E002", name="示范氢瓶科技有限公司")

    one, two, none = pasted(town, "".join(
        f"{who} 2026/11/02 08:1{n}\n门口积水{n}\n" for n, who in enumerate(("老钱（氢瓶科技）", "示范焦化-何丽", "有限公司"))
    ))  # fmt: skip

    assert [draft.enterprise and draft.enterprise.name for draft in (one, two, none)] == [
        "示范氢瓶科技有限公司", "示范焦化有限公司", None,
    ]  # fmt: skip


def test_register_page_keeps_the_words_on_a_refusal(town: Town):
    pasted(town)
    client, key = at_desk(town.dispatcher), keys()[0]
    form = (
        hidden(client.get("/drafts/register/", {"d": key}))
        | {"d": key, "text": "", "contact_name": "何丽"}
        | REGISTERED
    )

    answer = client.post("/drafts/register/", form)

    assert answer.status_code == 422
    assert "请写下企业说了什么。" in words(answer)
    assert "何丽" in answer.content.decode()
    assert not Case.objects.exists()


def test_chosen_rows_go_to_one_form_or_aside_and_come_back(town: Town):
    pasted(town)
    client, chosen = at_desk(town.dispatcher), keys()

    to_form = client.post("/drafts/choose/", {"d": chosen, "do": "register"})
    aside = client.post("/drafts/choose/", {"d": chosen[1:], "do": "aside", "reason": "chatter"}, follow=True)
    client.post(f"/drafts/{chosen[1]}/back/")

    assert to_form["Location"].count("d=") == 2
    assert "2 条合成一件" in words(client.get(to_form["Location"]))
    assert "已搁置 1 条" in words(aside)
    assert keys() == chosen


def test_nothing_chosen_is_said(town: Town):
    answer = at_desk(town.dispatcher).post("/drafts/choose/", {"do": "register"})

    assert answer.status_code == 409
    assert "没有选中消息" in words(answer)


def test_inbox_counts_the_drafts_and_leads_to_each(town: Town):
    pasted(town)
    client = at_desk(town.dispatcher)

    with few_queries():
        page = client.get("/desk/")

    assert "待登记的草稿 2" in words(page)
    assert f"/drafts/register/?d={keys()[0]}" in page.content.decode()


def test_drafts_are_the_dispatchers_and_whoever_pasted_them(town: Town):
    helper = make_actor(town.park, "韦助", Role.INSTRUCTOR, town.office)
    services.keep_pasted(offers(CHAT, MONDAY).offers[:1], actor=helper, at=MONDAY)
    pasted(town, CHAT.replace("何丽", "何群"))

    seen = {
        name: access.drafts_visible_to(who).count()
        for name, who in (("all", town.dispatcher), ("own", helper), ("none", town.liaison))
    }

    assert seen == {"all": Draft.objects.count(), "own": 1, "none": 0}
    assert at_desk(town.auditor).get("/drafts/").status_code == 404
    assert at_desk(town.liaison).get("/drafts/register/", {"d": keys()[0]}).status_code == 404
    assert at_desk(make_town("PZ").dispatcher).get("/drafts/register/", {"d": keys()[0]}).status_code == 404


def test_who_may_settle_drafts_is_asked_by_the_service_and_who_took_back_is_kept(town: Town):
    row = pasted(town)[0]

    for who in (town.liaison, town.auditor):
        with pytest.raises(Hidden):
            services.set_aside([row], "known", actor=who, at=MONDAY)
    services.set_aside([row], "known", actor=town.dispatcher, at=MONDAY)
    with pytest.raises(Hidden):
        services.take_back(row, actor=town.liaison, at=MONDAY + HOUR)
    services.take_back(row, actor=town.dispatcher, at=MONDAY + HOUR)

    row.refresh_from_db()
    assert (row.state, row.taken_back_at, row.taken_back_by) == ("open", MONDAY + HOUR, town.dispatcher.person)
    with pytest.raises(Refused, match="取回"):
        services.take_back(row, actor=town.dispatcher, at=MONDAY + HOUR)


def test_what_was_a_complaint_is_the_officers_alone(town: Town):
    services.set_aside(pasted(town)[:1], "sealed", actor=town.dispatcher, at=MONDAY, about=[town.lead])

    shown = {
        who.person.name: "路灯" in words(at_desk(who).get("/drafts/?show=aside"))
        for who in (town.dispatcher, town.complaints)
    }

    assert shown == {"周敏": False, "郑义": True}


@pytest.mark.parametrize("typed", ["昨天下午3点", "", "2小时前"])
def test_phone_note_takes_loose_times(town: Town, typed: str):
    client = at_desk(town.dispatcher)
    form = (
        hidden(client.get("/cases/new/")) | {"text": "厂区停水。", "channel": "phone", "happened": typed} | REGISTERED
    )

    assert client.post("/cases/new/", form).status_code == 302

    case = Case.objects.get()
    assert (case.happened_at is None) == (typed == "")
    assert not typed or case.registered_at - case.happened_at > timedelta(hours=1)


@pytest.mark.parametrize(("typed", "said"), [("下周找个时间", "没看懂这个时间"), ("2099年1月1日 9:00", "还没有到")])
def test_phone_note_says_which_time_it_does_not_understand(town: Town, typed: str, said: str):
    client = at_desk(town.dispatcher)
    form = (
        hidden(client.get("/cases/new/")) | {"text": "厂区停水。", "channel": "phone", "happened": typed} | REGISTERED
    )

    answer = client.post("/cases/new/", form)

    assert answer.status_code == 422
    assert said in words(answer)
    assert typed in answer.content.decode()


def test_names_are_offered_from_two_characters_with_whom_to_call(town: Town):
    person = Person.objects.create(park=town.park, name="何丽", phone="13885801234")
    Contact.objects.create(park=town.park, enterprise=town.enterprise, person=person, is_primary=True)
    client = at_desk(town.dispatcher)

    found = {
        typed: words(client.get("/cases/new/names/", {"q": typed}))
        for typed in ("焦化", "焦", "1234", "13885801234", "没有")
    }

    assert found == {
        "焦化": "示范焦化有限公司 何丽 13885801234",
        "焦": "",
        "1234": "",
        "13885801234": "示范焦化有限公司 何丽 13885801234",
        "没有": "",
    }
    assert at_desk(town.auditor).get("/cases/new/names/", {"q": "焦化"}).status_code == 404


def test_a_note_is_joined_to_an_open_case_in_one_step(town: Town):
    main, client = town.whistle(timezone.now() - HOUR), at_desk(town.dispatcher)
    form = (
        hidden(client.get("/cases/new/"))
        | {"text": "东门路灯坏了，看不清路。", "channel": "phone", "into": main.number}
        | REGISTERED
    )

    sent = client.post("/cases/new/", form)

    case = Case.objects.latest("pk")
    assert (case.state, case.merged_into) == (State.MERGED, main)
    assert f"已并入 {main.number}" in words(client.get(sent["Location"]))


def test_joining_to_what_is_over_is_refused_and_nothing_is_registered(town: Town):
    main = town.in_state(State.CLOSED, timezone.now() - 5 * HOUR * 24)
    client = at_desk(town.dispatcher)
    form = (
        hidden(client.get("/cases/new/"))
        | {"text": "东门路灯坏了。", "channel": "phone", "into": main.number}
        | REGISTERED
    )

    answer = client.post("/cases/new/", form)

    assert answer.status_code == 409
    assert "已经不在办" in words(answer)
    assert "东门路灯坏了。" in answer.content.decode()
    assert Case.objects.count() == 1
