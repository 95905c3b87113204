"""Short lists that go out as a sheet, each as its page shows it: the inbox, themes, contact persons, one's own notices."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from lianshang.cases import queues, theme_list
from lianshang.cases.desk_sheet import DESK, LIGHTS, desk_rows
from lianshang.cases.ledger_columns import Column, Value
from lianshang.cases.models.exports import What
from lianshang.cases.navigation import NOTES, READERS
from lianshang.directory.actors import Actor
from lianshang.directory.models import Role
from lianshang.enterprises import contact_persons
from lianshang.kernel.phones import masked
from lianshang.notices import queries

MOST_NOTICES = 2000  # the newest
Rows = Iterator[tuple[Value, ...]]
Filter = Mapping[str, str]

THEMES = (
    Column("序号", 5, "count"), Column("专题编号", 12), Column("专题", 36, "wrap"), Column("时限", 8),
    Column("到期日", 11, "date"), Column("主治单位", 20, "wrap"), Column("诉求件数", 8, "count"),
    Column("企业家数", 8, "count"), Column("状态", 10), Column("立题日", 11, "date"), Column("结题日", 11, "date"),
)  # fmt: skip
CONTACTS = (
    Column("序号", 5, "count"), Column("企业编号", 12), Column("企业名称", 36, "wrap"), Column("对接人", 12),
    Column("对接人电话", 16), Column("替补", 12), Column("从哪天起", 11, "date"),
)  # fmt: skip
NOTICES = (
    Column("第几条", 8, "count"),
    Column("内容", 48, "wrap"),
    Column("紧急", 6),
    Column("时间", 18),
    Column("状态", 8),
)


@dataclass(frozen=True)
class Sheet:
    """Who may take the list out (empty: all staff), where its page is, what it holds, and its filter in words."""

    readers: tuple[Role, ...]
    page: str
    columns: tuple[Column, ...]
    rows: Callable[[Actor, Filter, datetime, tzinfo], Rows]
    said: Callable[[Filter], str]
    measure: str = "件"


def _desk(actor: Actor, asked: Filter, at: datetime, zone: tzinfo) -> Rows:
    return desk_rows(queues.filled(queues.desk(actor, at).showing(asked.get("show", ""))), zone)


def _themes(actor: Actor, asked: Filter, at: datetime, zone: tzinfo) -> Rows:
    for number, row in enumerate(theme_list.showing(theme_list.rows(actor, at), asked.get("show", "")), 1):
        theme = row.theme
        days = (each and each.astimezone(zone).date() for each in (theme.next_due_at, theme.opened_at, theme.closed_at))
        due, opened, closed = (day or "" for day in days)
        light, unit = LIGHTS.get(row.light.state, ""), theme.owner_unit.name
        yield (
            number, theme.number, theme.title, light, due, unit, row.size.cases, row.size.enterprises,
            theme.get_state_display(), opened, closed,
        )  # fmt: skip


def _contacts(_: Actor, asked: Filter, __: datetime, zone: tzinfo) -> Rows:
    found = contact_persons.found(asked.get("q", ""), asked.get("of", ""))
    held = {row.enterprise_id: row for row in contact_persons.in_force()}
    for number, enterprise in enumerate(found, 1):
        row = held.get(enterprise.pk)
        named = (row.person.name, masked(row.person.phone), str(row.deputy or "")) if row else ("", "", "")
        yield number, enterprise.code, enterprise.name, *named, row.since.astimezone(zone).date() if row else ""


def _notices(actor: Actor, asked: Filter, _: datetime, zone: tzinfo) -> Rows:
    if actor.person is None:
        return
    find = queries.notices_of if asked.get("show") == "all" else queries.unread_of
    for row in find(actor.person).order_by("-sequence")[:MOST_NOTICES]:
        moment = f"{row.made_at.astimezone(zone):%Y-%m-%d %H:%M}"
        yield row.sequence, row.text, "紧急" if row.urgent else "", moment, "已读" if row.read_at else "未读"


def _contacts_said(asked: Filter) -> str:
    of = {"": "", "nobody": "没有对接人的"}.get(asked.get("of", ""), "按对接人")
    return "，".join(part for part in (of, asked.get("q", "").strip()) if part) or "全部"


SHEETS = {
    What.DESK: Sheet(
        (*READERS, *NOTES), "cases:desk", DESK, _desk, lambda asked: {"near": "临期", "late": "超期"}.get(asked.get("show", ""), "在办")
    ),
    What.THEMES: Sheet(
        READERS, "cases:themes", THEMES, _themes, lambda asked: theme_list.SHOWS.get(asked.get("show", ""), "在办"), "个"
    ),
    What.CONTACTS: Sheet(contact_persons.READS, "enterprises:contacts", CONTACTS, _contacts, _contacts_said, "家"),
    What.NOTICES: Sheet(
        (), "notices:list", NOTICES, _notices, lambda asked: "全部" if asked.get("show") == "all" else "未读", "条"
    ),
}  # fmt: skip
