"""What is not a step of a case: catalogues, themes, calendars, mechanisms, absences, accounts, robots, the worker's rounds."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from lianshang.cases import calendar_editions, mechanism, presets
from lianshang.cases.models import ThemeState
from lianshang.cases.services import catalogue, themes
from lianshang.cases.states import State
from lianshang.cases.tests.factories import DAY, MONDAY, Town, make_actor
from lianshang.cases.tests.test_catalogue import lamps
from lianshang.cases.tests.test_themes import DUE, in_state, made
from lianshang.directory import absences, accounts, appointments, audit, openings, retention, sign_ins
from lianshang.directory.models import Account, Role
from lianshang.enterprises import contact_persons
from lianshang.indicators import freezing, periods
from lianshang.kernel import outbox
from lianshang.notices import settings_services as robots
from tests.crash.scripts import AT, Script, nothing, receipt

TODAY = MONDAY.date()
ROBOT = {"name": "工作群", "kind": "dingtalk", "unit": None, "person": None, "secret": "SEC1234567890"}
LINK = "https://oapi.dingtalk.com/robot/send?access_token=566cc69da782ec6be1e5f2b9d0b9f4a0"


def _drafted(town: Town, _: Any = None) -> Any:
    return catalogue.save_entry(lamps(town), actor=town.dispatcher, at=MONDAY)


def _published(town: Town, _: Any = None) -> Any:
    return catalogue.publish(since=TODAY, actor=town.dispatcher, at=MONDAY)


def _open_again(town: Town) -> Any:
    _drafted(town)
    return _published(town)


CATALOGUE = (
    Script("cases.services.catalogue.save_entry", nothing, lambda town, _: receipt(_drafted(town))),
    Script("cases.services.catalogue.fill_draft", nothing, lambda town, _: receipt(
        catalogue.fill_draft([lamps(town)], actor=town.dispatcher, at=AT))),
    Script("cases.services.catalogue.publish", _drafted, lambda town, _: receipt(_published(town))),
    Script("cases.services.catalogue.open_draft", _open_again, lambda town, _: receipt(
        catalogue.open_draft(actor=town.dispatcher, at=AT))),
    Script("cases.services.catalogue.drop_entry", _drafted, lambda town, entry: str(
        catalogue.drop_entry(entry.matter, actor=town.dispatcher, at=AT))),
    Script("cases.services.catalogue.discard", _drafted, lambda town, _: str(catalogue.discard(actor=town.dispatcher))),
)  # fmt: skip


def _theme_with(town: Town) -> tuple[Any, Any]:
    case = town.whistle()
    return made(town, cases=[case]), case


THEMES = (
    Script("cases.services.themes.open_theme", lambda town: [town.whistle()], lambda town, cases: receipt(
        made(town, cases=cases))),
    Script("cases.services.themes.attach", lambda town: (made(town), town.whistle()), lambda town, two: receipt(
        themes.attach(two[0], actor=town.dispatcher, at=AT, cases=[two[1]]))),
    Script("cases.services.themes.detach", _theme_with, lambda town, two: receipt(
        themes.detach(two[0], actor=town.dispatcher, at=AT, case=two[1], reason="不是一类。"))),
    Script("cases.services.themes.report", made, lambda town, one: receipt(
        themes.report(one, actor=town.liaison, at=AT, note="正在装。"))),
    Script("cases.services.themes.ask_close", made, lambda town, one: receipt(
        themes.ask_close(one, actor=town.liaison, at=AT, note="已装好。"))),
    Script("cases.services.themes.send_back", lambda town: in_state(town, ThemeState.CLOSING), lambda town, one: receipt(
        themes.send_back(one, actor=town.head, at=AT + DAY, reason="还差一条线。", due_at=DUE))),
    Script("cases.services.themes.postpone", made, lambda town, one: receipt(
        themes.postpone(one, actor=town.head, at=AT, due_at=DUE + 9 * DAY, reason="设备晚到。"))),
    Script("cases.services.themes.close", made, lambda town, one: receipt(
        themes.close(one, actor=town.head, at=AT, outcome="settled", note="没有再发生。"))),
    Script("cases.services.themes.reopen", lambda town: in_state(town, ThemeState.CLOSED), lambda town, one: receipt(
        themes.reopen(one, actor=town.head, at=AT + DAY, reason="又闪断了。", due_at=DUE))),
)  # fmt: skip


def _own_calendar(town: Town, _: Any) -> str:
    """Loaded now: what was told before it was loaded counts by the edition of then, and is recounted."""
    hours = ["09:00-12:00", "13:00-17:00"]
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), hours)
    off = {"2026-11-05": {"off": True, "name": "停电检修"}}
    document = {"name": "园区日历", "weekly": week, "days": off, "published": ["2026-01-01", "2026-12-31"]}
    return receipt(
        calendar_editions.publish_own(None, document, source="园区通知", actor=town.administrator, at=timezone.now())
    )


def _year(town: Town, _: Any) -> str:
    days = ("元旦 01-01", "春节 02-06", "清明节 04-05", "劳动节 05-01", "端午节 06-09", "中秋节 09-15", "国庆节 10-01")
    named = [one.split() for one in days]
    document = {"year": 2027, "days": [{"name": name, "date": f"2027-{day}", "isOffDay": True} for name, day in named]}
    return receipt(
        calendar_editions.load_national([document], source="通知", actor=town.administrator, at=timezone.now())
    )


def _mechanism(town: Town, deed: Any) -> str:
    other = next(name for name in presets.preset_names() if name != presets.DEFAULT)
    return receipt(deed(presets.preset(other), actor=town.administrator, at=AT))


def _absence(town: Town, _: Any = None) -> Any:
    who, deputy = town.liaison, town.colleague
    return absences.begin(who.person, deputy=deputy.person, since=TODAY, until=TODAY + 3 * DAY, actor=who, at=MONDAY)


def _back(town: Town, absence: Any) -> str:
    return str(absences.end(absence, actor=town.liaison, at=MONDAY + DAY))


def _named(town: Town, _: Any = None) -> str:
    return str(
        contact_persons.name(
            [town.enterprise], person=town.dispatcher.person, deputy=None, actor=town.dispatcher, at=AT
        )
    )


OF_THE_PARK = (
    Script("cases.calendar_editions.publish_own", lambda town: town.signed(), _own_calendar),
    Script("cases.calendar_editions.load_national", lambda town: town.signed(), _year),
    Script("cases.mechanism.adopt", nothing, lambda town, _: _mechanism(town, mechanism.adopt)),
    Script("cases.mechanism.keep", nothing, lambda town, _: _mechanism(town, mechanism.keep)),
    Script("cases.mechanism.named", nothing, lambda town, _: receipt(
        mechanism.named("default", actor=town.administrator, at=AT))),
    Script("directory.absences.begin", nothing, lambda town, _: receipt(_absence(town))),
    Script("directory.absences.end", _absence, _back),
    Script("enterprises.contact_persons.name", nothing, _named),
)  # fmt: skip


def _robot(town: Town, _: Any = None) -> Any:
    return robots.add_robot(town.administrator, ROBOT | {"address": LINK}, at=MONDAY)


def _paused(town: Town) -> Any:
    robot = _robot(town)
    robots.pause(town.administrator, robot, at=MONDAY)
    return robot


ROBOTS = (
    Script("notices.settings_services.add_robot", nothing, lambda town, _: receipt(_robot(town))),
    Script("notices.settings_services.change_robot", _robot, lambda town, robot: str(
        robots.change_robot(town.administrator, robot, ROBOT | {"name": "大群", "address": "", "secret": ""}, at=AT))),
    Script("notices.settings_services.pause", _robot, lambda town, robot: str(
        robots.pause(town.administrator, robot, at=AT))),
    Script("notices.settings_services.resume", _paused, lambda town, robot: str(
        robots.resume(town.administrator, robot, at=AT))),
)  # fmt: skip


def _security(town: Town) -> Any:
    return make_actor(town.park, "安管", Role.SECURITY_ADMIN, town.office)


def _account(town: Town, name: str = "zhoumin") -> Account:
    return Account.objects.create(username=name, park=town.park, person=town.dispatcher.person)


def _kept_account(town: Town) -> tuple[Any, Account]:
    return _security(town), _account(town)


def _closed(town: Town) -> Account:
    account = _account(town)
    accounts.close(account, actor=town.administrator, at=MONDAY)
    return account


def _added(town: Town, _: Any) -> str:
    account, _password = accounts.add(
        accounts.Facts("新人", phone="13700000000"), "xinren", actor=town.administrator, at=AT
    )
    return receipt(account)


def _appointed(town: Town, security: Any) -> str:
    return receipt(
        appointments.appoint(
            town.outsider.person, town.other, Role.CALLBACK_OFFICER, since=date(2026, 11, 2), actor=security, at=AT
        )
    )


ACCOUNTS = (
    Script("directory.accounts.add", nothing, _added),
    Script("directory.accounts.change", nothing, lambda town, _: str(
        accounts.change(town.dispatcher.person, accounts.Facts("周敏", title="科长"), actor=town.administrator, at=AT))),
    Script("directory.accounts.open_account", nothing, lambda town, _: receipt(
        accounts.open_account(town.dispatcher.person, "zhoumin", actor=town.administrator, at=AT)[0])),
    Script("directory.accounts.close", _account, lambda town, one: str(
        accounts.close(one, actor=town.administrator, at=AT))),
    Script("directory.accounts.reopen", _closed, lambda town, one: str(
        accounts.reopen(one, actor=town.administrator, at=AT))),
    Script("directory.accounts.reset", _account, lambda town, one: str(
        len(accounts.reset(one, actor=town.administrator, at=AT)))),
    Script("directory.appointments.appoint", _security, _appointed),
    Script("directory.appointments.end_post", _security, lambda town, who: str(
        appointments.end_post(town.outsider.person.posts.get(), actor=who, at=AT))),
    Script("directory.appointments.keep_rules", _security, lambda town, who: str(
        appointments.keep_rules(appointments.Rules(None, 60, 10), actor=who, at=AT))),
    Script("directory.appointments.unlock", _kept_account, lambda town, two: str(
        appointments.unlock(two[1], actor=two[0], at=AT))),
    Script("directory.appointments.drop_second_factor", _kept_account, lambda town, two: str(
        appointments.drop_second_factor(two[1], actor=two[0], at=AT))),
    Script("directory.openings.open_contact", nothing, lambda town, _: str(len(
        openings.open_contact(town.dispatcher.person, "核对电话", actor=town.administrator, at=AT)))),
    Script("directory.audit.note", nothing, lambda town, _: receipt(
        audit.note(town.administrator, audit.Kind.OPENING, "看了一次", at=AT))),
)  # fmt: skip


def _signed_in(town: Town, account: Account) -> str:
    session = SessionStore()
    session.create()
    sign_ins.begin(session, town.dispatcher, account, sign_ins.Where("Firefox", "10.0.0.1"), at=AT)
    session.save()
    return "in"


def _round(topic_or_tick: str) -> Any:
    """One look of the worker at one thing, a day after everything."""

    def look(town: Town, _: Any) -> str:
        later = timezone.now() + DAY
        if topic_or_tick in outbox.TICKS:
            outbox.TICKS[topic_or_tick][1](town.park, later)
        else:
            outbox.run_due(later, worker="rig")
        return "looked"

    return look


def _worker(name: str, prepare: Any) -> Script:
    return Script(name, prepare, _round(f"lianshang.{name}"), keyed=False)


WORKER = (
    _worker("cases.abuse.forget", nothing),
    _worker("cases.escalation.climb", lambda town: (town.dispatched(), town.signed())),
    _worker("cases.forgetting.forget", lambda town: town.signed()),
    _worker("cases.theme_notices.tell_late", made),
    _worker("cases.theme_notices.tell_of_theme", made),
    _worker("directory.sign_ins.forget", nothing),
    _worker("directory.throttle.forget", nothing),
    _worker("notices.absences.tell_of_absence", _absence),
    _worker("notices.contact_persons.tell_of_change", _named),
    _worker("notices.delivery.send_texts", lambda town: town.signed()),
    _worker("notices.delivery.send_to_robots", lambda town: (_robot(town), town.signed())),
    _worker("kernel.history.sealing.seal", lambda town: town.answered()),
    _worker("kernel.history.witnesses.tell", lambda town: town.answered()),
    _worker("kernel.idempotency.forget", nothing),
    replace(Script("directory.sign_ins.begin", _account, _signed_in), keyed=True),
)


def _forgettable(town: Town) -> Any:
    """A case that ended long ago, in a park that wants its contact erased in time."""
    town.in_state(State.CLOSED)
    security = _security(town)
    retention.keep_period("case_contacts", 400, automatic=True, actor=security, at=MONDAY)
    return security


def _erased(town: Town, security: Any) -> str:
    return str(retention.erase("case_contacts", 1, actor=security, at=MONDAY + 500 * DAY))


def _erasing_day(town: Town, _: Any) -> str:
    """The worker's daily look, when it is time."""
    retention.erase_due(town.park, MONDAY + 500 * DAY)
    return "looked"


RETENTION = (
    Script("directory.retention.keep_period", _security, lambda town, who: str(
        retention.keep_period("sign_ins", 400, automatic=True, actor=who, at=AT))),
    Script("directory.retention.erase", _forgettable, _erased),
    Script("directory.retention.erase_due", _forgettable, _erasing_day, keyed=False),
)  # fmt: skip

MONTH = periods.month(TODAY)


def _published_figures(town: Town, _: Any = None) -> Any:
    return freezing.publish(MONTH, actor=town.head, at=AT, keys=("cases.intake", "cases.feedback_rate"))


FIGURES = (
    Script("indicators.freezing.publish", lambda town: town.answered(), lambda town, _: receipt(
        _published_figures(town))),
    Script("indicators.freezing.correct", _published_figures, lambda town, old: receipt(
        freezing.correct(old, actor=town.head, at=AT, reason="补录了一件"))),
)  # fmt: skip

OF_SETTINGS = (*FIGURES, *RETENTION, *CATALOGUE, *THEMES, *OF_THE_PARK, *ROBOTS, *ACCOUNTS, *WORKER)
