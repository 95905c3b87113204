"""`python -m bench.fill N`: bring N cases of three years into an empty database, as rows that the product wrote itself.

A few histories are told through the services (bench/histories.py) and taken back; their rows are then copied to other
weeks, units, enterprises and texts and brought in by COPY or executemany. Whole weeks keep week-days; that a holiday
lies elsewhere in the copy's week makes some clocks a day wrong, which no page minds.
"""

import hashlib
import json
import random
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

import django

django.setup()

from django.db import connection, models, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_scopes import scope  # noqa: E402

from bench import histories  # noqa: E402
from bench.histories import Cast, History  # noqa: E402
from lianshang.cases import codes, mechanism, presets  # noqa: E402
from lianshang.cases.models import (  # noqa: E402
    Assignment,
    Case,
    CaseClock,
    CaseClockChange,
    CaseEvent,
    FirstHandler,
)
from lianshang.directory import actors  # noqa: E402
from lianshang.directory.actors import Actor  # noqa: E402
from lianshang.directory.models import Account, Park, Person, Post, Role, Unit  # noqa: E402
from lianshang.enterprises.models import Enterprise  # noqa: E402
from lianshang.kernel import search, statistics  # noqa: E402
from lianshang.kernel.models import Counter  # noqa: E402
from lianshang.notices.models import Notice  # noqa: E402

OWNED: tuple[type[models.Model], ...] = (CaseEvent, CaseClock, CaseClockChange, Assignment, FirstHandler)
KINDS: dict[type[models.Field], str] = {models.DateTimeField: "moment", models.DateField: "day"}
MOVED: dict[Any, list[tuple[str, str, Any]]] = {  # model → columns that differ in a copy: name, what, of which model
    model: [
        (field.column, "key" if field.related_model or field.primary_key else KINDS[type(field)],
         model if field.primary_key else field.related_model)
        for field in model._meta.concrete_fields
        if field.related_model or field.primary_key or type(field) in KINDS
    ]
    for model in (Case, *OWNED)
}  # fmt: skip
UNITS = ("交通运输局", "供电公司", "税务局", "市场监管局", "人社局", "生态环境局", "水务公司", "自然资源局", "消防救援大队",
         "综合行政执法局", "科技创新局", "金融服务中心")  # fmt: skip
OFFICERS = {  # role → how many at the office
    Role.DISPATCHER: 2, Role.COMMITTEE_HEAD: 1, Role.CHAIN_CHIEF: 1, Role.CALLBACK_OFFICER: 1,
    Role.COMPLAINTS_OFFICER: 1, Role.AUDITOR: 1,
}  # fmt: skip
ENTERPRISES = 400
WEEKS = 156
CHUNK = 2000
NOTICES = 2000  # read ones of each account, with 30 unread

PLACES = ["一期厂房", "二期厂房", "三号仓库", "东门", "西门", "南大街", "原料堆场", "综合楼", "员工公寓", "污水站"]
MATTERS = [
    "路灯坏了",
    "蒸汽压力不稳",
    "原料断供",
    "用电负荷不够",
    "招工困难",
    "环评手续",
    "消防验收",
    "排水不畅",
    "货车限行",
    "贷款续期",
    "研发补助",
    "土地证办理",
    "食堂供水",
    "班车线路",
    "噪声扰民",
    "燃气涨价",
    "设备进口",
    "质量检测",
    "职称评审",
    "党员转接",
    "税票退回",
    "危废转运",
    "围墙破损",
    "网络中断",
]
SINCE = ["从上周一开始", "已经三天了", "上个月反映过一次", "今天早上发现", "连续两周"]
HARMS = [
    "夜班出车看不清",
    "两条产线停了一条",
    "客户催着发货",
    "员工意见很大",
    "影响月底交付",
    "有安全隐患",
    "每天多花两千元",
]
WISHES = ["希望尽快派人来看", "希望说明何时能好", "请协调有关部门", "请给一个书面答复", "希望开个现场会"]
RARE = "压裂"  # stands in one text of 500
COMMON = "厂房"  # stands in about every fifth


Keys = dict[tuple[Any, int], int]  # (model, the prototype's key) → the copy's


@dataclass
class Prototype:
    """The rows of one told case: the case's, and of each table those that hang on it, as values by column."""

    case: dict[str, Any]
    rows: dict[type[models.Model], list[dict[str, Any]]]
    sealed: bool


@dataclass(frozen=True)
class Town:
    park: Park
    units: list[Unit]
    liaisons: list[Actor]
    office: dict[str, list[Actor]]
    enterprises: list[Enterprise]


# -- who is there -------------------------------------------------------------------------------------------------


def settle() -> Town:
    """Make the park with its office, twelve departments, their people with accounts, and the enterprises."""
    park = Park.objects.create(code="BN", name="测量园区")
    with scope(park=park):
        mechanism.adopt(presets.preset("default"), actor=actors.system(park), at=timezone.now() - timedelta(days=1200))
        office = Unit.objects.create(park=park, code="office", name="综合党委办公室", kind=Unit.Kind.OFFICE)
        units = [Unit.objects.create(park=park, code=f"u{n}", name=name) for n, name in enumerate(UNITS)]
        staff = {role: [_actor(role, n, office) for n in range(count)] for role, count in OFFICERS.items()}
        liaisons = [_actor(Role.LIAISON, n, unit) for n, unit in enumerate(units)]
        rows = [Enterprise(park=park, code=f"E{n:04d}", name=f"{n:03d}号示范化工有限公司") for n in range(ENTERPRISES)]
        return Town(park, units, liaisons, staff, Enterprise.objects.bulk_create(rows))


def _actor(role: str, n: int, unit: Unit) -> Actor:
    person = Person.objects.create(park=unit.park, name=f"{Role(role).label}{n}", phone="13900000000")
    Post.objects.create(park=unit.park, person=person, unit=unit, role=role, since=date(2020, 1, 1))
    Account.objects.create(park=unit.park, person=person, username=f"{role}{n}", password="!")
    at = timezone.now() - timedelta(days=60)
    Notice.objects.bulk_create(
        Notice(
            park=unit.park, person=person, sequence=k + 1, topic="cases", ref=f"old:{k}", text="新诉求待派单",
            url="/desk/", made_at=at, read_at=at if k < NOTICES else None,
        )
        for k in range(NOTICES + 30)
    )  # fmt: skip
    Counter.objects.create(park=unit.park, series=f"notice:{person.pk}", year=0, last=NOTICES + 30)
    return actors.staff(person, on=timezone.localdate())


# -- what happened --------------------------------------------------------------------------------------------------


def tell(town: Town, history: History, monday: datetime, n: int) -> list[Prototype]:
    """Tell the history on five days of that week and take it back."""
    found = []
    for day in range(5):
        lead = (n * 5 + day) % len(town.units)
        co = (lead + 1) % len(town.units)
        one = {role: staff[0] for role, staff in town.office.items()}
        cast = Cast(
            dispatcher=one[Role.DISPATCHER], head=one[Role.COMMITTEE_HEAD], callback=one[Role.CALLBACK_OFFICER],
            complaints=one[Role.COMPLAINTS_OFFICER], lead=town.units[lead], liaison=town.liaisons[lead],
            co=town.units[co], co_liaison=town.liaisons[co],
        )  # fmt: skip
        with transaction.atomic():
            found.append(_taken(history(cast, monday + timedelta(days=day, hours=day / 2))))
            transaction.set_rollback(True)
    return found


def _taken(case: Case) -> Prototype:
    case = Case.objects.get(pk=case.pk)
    owner = {CaseClockChange: "clock__subject", Assignment: "case", FirstHandler: "case"}
    rows = {
        model: [_values(row) for row in model.objects.filter(**{owner.get(model, "subject"): case}).order_by("pk")]
        for model in OWNED
    }
    return Prototype(_values(case), rows, case.sealed)


def _values(row: models.Model) -> dict[str, Any]:
    return {field.column: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.generated}


# -- many of it -------------------------------------------------------------------------------------------------


class Copies:
    """Makes the rows of case after case, with keys of their own, in the order in which they were registered."""

    def __init__(self, town: Town, chance: random.Random) -> None:
        self.town, self.chance = town, chance
        self.keys = dict.fromkeys((Case, *OWNED), 0)
        self.numbers: dict[int, int] = {}
        rings = {Unit: [unit.pk for unit in town.units], Person: [one.person.pk for one in town.liaisons]}
        self.turns = [
            {(of, old): ring[(at + turn) % len(ring)] for of, ring in rings.items() for at, old in enumerate(ring)}
            for turn in range(len(UNITS))
        ]

    def of(self, one: Prototype, weeks: int) -> Iterator[tuple[type[models.Model], dict[str, Any]]]:
        """Yield the rows of a copy so many weeks earlier: the case first, then what hangs on it."""
        shift = timedelta(weeks=-weeks, seconds=self.chance.randrange(3600))
        turn = self.chance.choice(self.turns)
        given = dict(turn)
        owned = [(owner, row) for owner in OWNED for row in one.rows[owner]]
        for model, values in [(Case, one.case), *owned]:
            self.keys[model] += 1
            given[(model, values["id"])] = self.keys[model]
            yield model, self._moved(model, values, shift, given)

    def _moved(
        self,
        model: type[models.Model],
        values: dict[str, Any],
        shift: timedelta,
        given: Keys,
    ) -> dict[str, Any]:
        moved = dict(values)
        for column, kind, target in MOVED[model]:
            if (value := values[column]) is None:
                continue
            if kind == "key":
                moved[column] = given.get((target, value), value)
            else:
                moved[column] = value + (shift if kind == "moment" else timedelta(days=shift.days))
        if model is Case:
            self._described(moved)
        return moved

    def _described(self, case: dict[str, Any]) -> None:
        """Give the copy its own number, code, enterprise and words."""
        pick = self.chance.choice
        place, matter = pick(PLACES), pick(MATTERS)
        rare = f"，{RARE}车进不来" if case["id"] % 500 == 0 else ""
        text = f"{place}{matter}，{pick(SINCE)}，{pick(HARMS)}{rare}。{pick(WISHES)}，联系人在{pick(PLACES)}等候。"
        enterprise = None if case["sealed"] else pick(self.town.enterprises)  # a sealed case names nobody
        row = Case(key=uuid.UUID(int=self.chance.getrandbits(128), version=4))
        case |= {
            "key": row.key, "code_digest": codes.digest(codes.code_of(row)), "number": self._number(case), "text": text,
            "title": f"{place}{matter}", "place": place, "enterprise_id": enterprise and enterprise.pk, "category": matter[:4],
        }  # fmt: skip
        case["search_text"] = search.index_text(
            case["number"], case["title"], text, place, enterprise.name if enterprise else "", ""
        )

    def _number(self, case: dict[str, Any]) -> str:
        if case["sealed"]:
            return f"M-{case['id']:08d}"
        year = timezone.localtime(case["registered_at"]).year
        self.numbers[year] = self.numbers.get(year, 0) + 1
        return f"{year}-{self.numbers[year]:04d}"


def drawn(kinds: list[tuple[int, list[Prototype]]], chance: random.Random, count: int) -> list[Prototype]:
    """Draw so many prototypes by their shares."""
    shares = [share for share, _ in kinds]
    return [chance.choice(chance.choices(kinds, shares)[0][1]) for _ in range(count)]


def planned(town: Town, size: int, chance: random.Random) -> list[tuple[int, Prototype]]:
    """Return (weeks back, prototype) for every case, the oldest first: nine in ten ended, the open ones recent."""
    today = timezone.localdate()
    monday = datetime.combine(
        today - timedelta(days=today.weekday() + 7), time(8, 30), tzinfo=timezone.get_current_timezone()
    )
    with scope(park=town.park):
        ended = [
            (share, tell(town, history, monday - timedelta(weeks=2), n))
            for n, (share, history) in enumerate(histories.ENDED)
        ]
        opened = [(share, tell(town, history, monday, n)) for n, (share, history) in enumerate(histories.OPEN)]
    count = size * 9 // 10
    plan = [(chance.randrange(WEEKS), one) for one in drawn(ended, chance, count)]
    plan += [(min(int(chance.expovariate(1.5)), 12), one) for one in drawn(opened, chance, size - count)]
    order = [(timedelta(weeks=-weeks) + one.case["registered_at"], k) for k, (weeks, one) in enumerate(plan)]
    return [plan[k] for _, k in sorted(order)]


# -- into the table -------------------------------------------------------------------------------------------------


def bring_in(rows: dict[type[models.Model], list[dict[str, Any]]]) -> None:
    for model, found in rows.items():
        if found:
            _insert(model._meta.db_table, list(found[0]), [tuple(row.values()) for row in found])


def _insert(table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(columns))
            adapted = ([_sqlite(value) for value in row] for row in rows)
            cursor.cursor.connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', adapted)  # noqa: S608


def _sqlite(value: Any) -> Any:
    """As Django's SQLite backend writes it."""
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None))
    if isinstance(value, uuid.UUID):
        return value.hex
    return str(value) if isinstance(value, date) else value


def finish(town: Town, numbers: dict[int, int], keys: dict[type[models.Model], int]) -> None:
    """Let numbers and keys go on after the last, and let PostgreSQL see its statistics as autovacuum would."""
    with scope(park=town.park):
        Counter.objects.bulk_create(
            Counter(park=town.park, series="open", year=year, last=last) for year, last in numbers.items()
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model, last in keys.items():
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [model._meta.db_table, max(last, 1)]
                )
            cursor.execute("VACUUM ANALYZE")
    statistics.keep_fresh(town.park, timezone.now())  # as the worker does


def main(size: int) -> None:
    chance = random.Random(hashlib.sha256(b"lianshang").digest())
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")  # of this connection alone
    town = settle()
    copies = Copies(town, chance)
    plan = iter(planned(town, size, chance))
    while part := list(islice(plan, CHUNK)):
        rows: dict[type[models.Model], list[dict[str, Any]]] = {model: [] for model in (Case, *OWNED)}
        for weeks, one in part:
            for model, values in copies.of(one, weeks):
                rows[model].append(values)
        with transaction.atomic():
            bring_in(rows)
    finish(town, copies.numbers, copies.keys)
    print(json.dumps({model.__name__: last for model, last in copies.keys.items()}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
