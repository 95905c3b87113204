"""A small park with one person for each role, and cases brought into any state through the services."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django_scopes import scope

from lianshang.cases import mechanism, presets, services
from lianshang.cases.models import Case
from lianshang.cases.states import State
from lianshang.config.seed import seed
from lianshang.directory import actors
from lianshang.directory.actors import Actor
from lianshang.directory.models import Park, Person, Post, Role, Unit
from lianshang.enterprises.models import Enterprise
from lianshang.kernel.models import CalendarVersion

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=ZONE)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Town:
    """`lead` and `co` are the departments that cases go to; `other` has nothing to do with them."""

    park: Park
    office: Unit
    lead: Unit
    co: Unit
    other: Unit
    enterprise: Enterprise
    dispatcher: Actor
    head: Actor
    chief: Actor
    callback: Actor
    complaints: Actor
    auditor: Actor
    liaison: Actor
    colleague: Actor
    co_liaison: Actor
    outsider: Actor
    administrator: Actor

    @property
    def system(self) -> Actor:
        return actors.system(self.park)

    def holder(self, case: Case) -> Actor:
        return actors.holder(self.park, case.pk)

    def actor(self, name: str, case: Case) -> Actor:
        return self.holder(case) if name == "holder" else getattr(self, name)

    def whistle(
        self, at: datetime = MONDAY, text: str = "厂区东门路灯坏了三天，夜班出车看不清。", **more: object
    ) -> Case:
        more.setdefault("enterprise", self.enterprise)
        more.setdefault("contact_phone", "13800000000")
        return services.submit(services.Whistle(text=text, **more), actor=Actor(kind="holder", park=self.park), at=at)

    def dispatched(self, at: datetime = MONDAY, co: bool = False, **more: object) -> Case:
        directs = self.complaints if more.get("nature") in ("complaint", "report") else self.dispatcher
        case = self.whistle(at, **more)
        units = [self.co] if co else []
        return services.dispatch(case, actor=directs, at=at + HOUR, lead=self.lead, co_units=units)

    def signed(self, at: datetime = MONDAY, **more: object) -> Case:
        case = self.dispatched(at, **more)
        return services.sign(case, actor=self.liaison, at=at + 1.5 * HOUR, interest="" if case.sealed else None)

    def answered(self, at: datetime = MONDAY, **more: object) -> Case:
        case = self.signed(at, **more)
        return services.answer(case, actor=self.liaison, at=at + DAY, note="已更换灯具 12 盏，今晚恢复照明。")

    def in_state(self, state: State, at: datetime = MONDAY) -> Case:
        """Return a case in that state, brought there as people would."""
        return _PATHS[state](self, at)


def make_town(code: str = "LZ", profile: str = "default") -> Town:
    """Make the park. Its scope must be open afterwards: `with scope(park=town.park)`."""
    if not CalendarVersion.objects.exists():  # it is there from the beginning; a test may have taken it away
        seed()
    park = Park.objects.create(code=code, name=f"{code} 示范园区")
    with scope(park=park):
        office, lead, co, other = Unit.objects.bulk_create(_units(park))
        mechanism.adopt(presets.preset(profile), actor=actors.system(park), at=MONDAY - 30 * DAY)
        places = {"office": office, "lead": lead, "co": co, "other": other}
        named = [(name, role, places[where]) for name, role, where in PEOPLE.values()]
        return Town(
            park=park,
            **places,
            enterprise=Enterprise.objects.create(park=park, code="E001", name="示范焦化有限公司"),
            **dict(zip(PEOPLE, make_actors(park, named), strict=True)),
        )


PEOPLE = {
    "dispatcher": ("周敏", Role.DISPATCHER, "office"),
    "head": ("陈立", Role.COMMITTEE_HEAD, "office"),
    "chief": ("韩松", Role.CHAIN_CHIEF, "office"),
    "callback": ("吴静", Role.CALLBACK_OFFICER, "office"),
    "complaints": ("郑义", Role.COMPLAINTS_OFFICER, "office"),
    "auditor": ("冯远", Role.AUDITOR, "office"),
    "liaison": ("李路", Role.LIAISON, "lead"),
    "colleague": ("杨桥", Role.LIAISON, "lead"),
    "co_liaison": ("孙城", Role.LIAISON, "co"),
    "outsider": ("钱税", Role.LIAISON, "other"),
    "administrator": ("管理员", Role.ADMINISTRATOR, "office"),
}


def _units(park: Park) -> list[Unit]:
    departments = (("roads", "交通运输局"), ("city", "综合行政执法局"), ("tax", "税务局"))
    named = [("office", "综合党委办公室", Unit.Kind.OFFICE), *((*one, Unit.Kind.DEPARTMENT) for one in departments)]
    return [Unit(park=park, code=code, name=name, kind=kind, phone="0858-0000000") for code, name, kind in named]


def make_actors(park: Park, named: Iterable[tuple[str, str, Unit]]) -> list[Actor]:
    """Make somebody of each (name, role, unit), with that one post: the actors that `actors.staff` gives."""
    named = list(named)
    people = Person.objects.bulk_create([Person(park=park, name=name, phone="13900000000") for name, *_ in named])
    held = list(zip(people, named, strict=True))
    Post.objects.bulk_create(
        [Post(park=park, person=one, unit=unit, role=role, since=date(2020, 1, 1)) for one, (_, role, unit) in held]
    )
    return [
        Actor(kind="staff", park=park, person=one, unit=unit, posts=frozenset({(str(role), unit.pk)}))
        for one, (_, role, unit) in held
    ]


def make_actor(park: Park, name: str, role: str, unit: Unit) -> Actor:
    return make_actors(park, [(name, role, unit)])[0]


def _draft(town: Town, at: datetime) -> Case:
    whistle = services.Whistle(text="电话记录，待核实。", enterprise=town.enterprise)
    return services.note_down(whistle, actor=town.dispatcher, at=at)


def _progressed(town: Town, at: datetime) -> Case:
    return services.contact(town.signed(at), actor=town.liaison, at=at + 2 * HOUR)


def _closed(town: Town, at: datetime) -> Case:
    case = town.answered(at)
    return services.confirm(case, actor=town.holder(case), at=at + DAY + HOUR, grade="satisfied")


_PATHS = {
    State.DRAFT: _draft,
    State.REGISTERED: lambda town, at: town.whistle(at),
    State.SCREENED: lambda town, at: services.screen(town.whistle(at), actor=town.dispatcher, at=at),
    State.DISPATCHED: lambda town, at: town.dispatched(at),
    State.SIGNED: lambda town, at: town.signed(at),
    State.IN_PROGRESS: _progressed,
    State.RETURN_REQUESTED: lambda town, at: services.ask_return(
        town.signed(at), actor=town.liaison, at=at + 2 * HOUR, reason="不属本局职责，应由执法局办。"
    ),
    State.CONSULTING: lambda town, at: services.consult(
        town.signed(at), actor=town.dispatcher, at=at + 2 * HOUR, reason="涉及两家，需定牵头。"
    ),
    State.EXTENSION_REQUESTED: lambda town, at: services.ask_extension(
        town.signed(at), actor=town.liaison, at=at + 2 * HOUR, until=at + 10 * DAY, reason="配件要订货。"
    ),
    State.DEFERRED: lambda town, at: services.defer(
        _progressed(town, at), actor=town.head, at=at + DAY, reason="要等管网改造。", promised_at=at + 60 * DAY
    ),
    State.ANSWERED: lambda town, at: town.answered(at),
    State.CALLBACK: lambda town, at: services.approve(town.answered(at), actor=town.dispatcher, at=at + DAY + HOUR),
    State.REWORK: lambda town, at: services.send_back(
        town.answered(at), actor=town.dispatcher, at=at + DAY + HOUR, reason="没有说明何时修好。"
    ),
    State.REOPENED: lambda town, at: services.reopen(
        _closed(town, at), actor=town.dispatcher, at=at + 3 * DAY, facts="路灯又灭了一半。"
    ),
    State.CLOSED: _closed,
    State.NOT_ACCEPTED: lambda town, at: services.refuse(
        town.whistle(at),
        actor=town.dispatcher,
        at=at + HOUR,
        reason="属于合同纠纷。",
        way_out="可向法院起诉或申请仲裁。",
    ),
    State.REDIRECTED: lambda town, at: services.redirect(
        town.whistle(at), actor=town.dispatcher, at=at + HOUR, reason="属于消费投诉。", body="12315 平台"
    ),
    State.WITHDRAWN: lambda town, at: _withdrawn(town, at),
    State.MERGED: lambda town, at: services.merge(
        town.whistle(at), actor=town.dispatcher, at=at + HOUR, into=town.whistle(at)
    ),
}


def _withdrawn(town: Town, at: datetime) -> Case:
    case = town.whistle(at)
    return services.withdraw(case, actor=town.holder(case), at=at + HOUR, reason="已自行解决。")
