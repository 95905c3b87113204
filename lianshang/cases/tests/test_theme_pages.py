"""Pages of themes: from a candidate with one press, one step after another, what each reader is shown, few questions."""

import pytest
from django.utils import timezone

from lianshang.cases.models import Theme
from lianshang.cases.services import themes
from lianshang.cases.tests.desks import at_desk, few_queries, hidden, words
from lianshang.cases.tests.factories import DAY, HOUR
from lianshang.cases.tests.test_themes import blackouts, firm

pytestmark = pytest.mark.django_db


@pytest.fixture
def lately():
    return timezone.now() - 3 * DAY


def made(town, lately, cases):
    return themes.open_theme(
        actor=town.dispatcher, at=lately, title="闪断电", task="查清哪条线。", owner=town.lead, due_at=lately + 30 * DAY, cases=cases
    )  # fmt: skip


def working_day(at):
    day = timezone.localtime(at).date()
    return next(str(one) for one in (day + n * DAY for n in range(9)) if one.weekday() < 5)


def found(town, lately, count=3):
    text = "{}车间今天又闪了一下电，变频器全跳，停了二十分钟才重新拉起来。"
    return [
        town.whistle(lately + n * HOUR, text.format(n), enterprise=firm(town, n), category="用电") for n in range(count)
    ]


def test_a_candidate_becomes_a_theme_with_its_cases(town, lately):
    cases, client = found(town, lately), at_desk(town.dispatcher)
    listed = client.get("/themes/").content.decode()
    assert "3 家企业，3 件" in listed

    address = "/themes/new/?title=闪断电&" + "&".join(f"case={case.key}" for case in cases)
    form = hidden(client.get(address)) | {"brought": [str(case.key) for case in cases]}
    sent = {"title": "闪断电", "task": "查清哪条线。", "owner": town.lead.pk, "due": working_day(lately + 20 * DAY)}
    answer = client.post("/themes/new/", form | sent | {"cases": [str(case.key) for case in cases[:2]]}, follow=True)

    theme = Theme.objects.get()
    assert theme.memberships.count() == 2
    assert f"请{town.lead}" in words(answer)
    assert "像是同一件事 1 件" in words(answer)


def test_one_press_lists_a_like_case(town, lately):
    *inside, new = found(town, lately, 4)
    theme, client = made(town, lately + 4 * HOUR, inside), at_desk(town.head)
    page = client.get(new.get_absolute_url())
    assert f"像是 {theme}" in words(page)

    client.post(
        f"/themes/{theme.key}/do/attach/", {"numbers": new.number, "idempotency_key": hidden(page)["idempotency_key"]}
    )

    assert f"属于 {theme}" in words(client.get(new.get_absolute_url()))
    assert theme.memberships.count() == 4


def test_the_owner_asks_and_the_office_closes(town, lately):
    theme = made(town, lately, found(town, lately))
    owner, office = at_desk(town.liaison), at_desk(town.dispatcher)

    asked = owner.post(f"/themes/{theme.key}/do/ask_close/", {"note": "已装重合闸。"}, follow=True)
    closed = office.post(f"/themes/{theme.key}/do/close/", {"outcome": "settled", "note": "没有再发生。"}, follow=True)

    assert "请综合党委办公室" in words(asked)
    assert "根本解决" in words(closed)
    assert owner.get(f"/themes/{theme.key}/do/close/").status_code == 404
    assert office.get(f"/themes/{theme.key}/do/report/").status_code == 409


def test_a_wrong_number_and_a_day_off_are_said_and_the_words_stay(town, lately):
    theme, client = made(town, lately, []), at_desk(town.dispatcher)

    wrong = client.post(f"/themes/{theme.key}/do/attach/", {"numbers": "2026-9999"})
    off = client.post(f"/themes/{theme.key}/do/postpone/", {"due": "2027-01-03", "reason": "等设备到货"})

    assert (wrong.status_code, "公开台账里没有 2026-9999" in words(wrong)) == (422, True)
    assert (off.status_code, "等设备到货" in off.content.decode()) == (409, True)


def test_who_has_no_part_in_a_theme_does_not_find_it(town, lately):
    theme = made(town, lately, blackouts(town))

    assert at_desk(town.outsider).get(theme.get_absolute_url()).status_code == 404
    assert theme.title not in words(at_desk(town.outsider).get("/themes/"))
    assert at_desk(town.liaison).get(theme.get_absolute_url()).status_code == 200
    assert at_desk(town.liaison).get("/themes/new/").status_code == 404
    assert at_desk(town.administrator).get("/themes/").status_code == 404


def test_pages_ask_few_questions(town, lately):
    theme = made(town, lately, found(town, lately, 9))
    client = at_desk(town.dispatcher)
    for address in (theme.get_absolute_url(), "/themes/", "/leader/", "/themes/?show=late"):
        client.get(address)
        with few_queries():
            client.get(address)
