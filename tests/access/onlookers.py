"""Who may not know of a secret, and all that they can ask of the site."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from lianshang.cases import codes
from lianshang.cases.models import Case
from tests.access.table import Table
from tests.access.world import FOREIGN, World

# Those whom the complaint is about: its unit's head and liaison, their line, who declared an interest. Then strangers to
# it, whatever they else may do here. Then the other park.
ACCUSED = (
    ("committee_head", "water"), ("liaison", "water"), ("complaints_officer", "water"), ("chain_chief", "waterhead"),
    ("committee_head", "waterhead"), ("liaison", "pump"), ("complaints_officer", "harbour"),
)  # fmt: skip
STRANGERS = (
    ("dispatcher", "office"), ("auditor", "office"), ("chain_chief", "office"), ("callback_officer", "office"),
    ("reporting_clerk", "office"), ("administrator", "office"), ("security_admin", "office"), ("audit_admin", "office"), ("liaison", "school"),
    ("instructor", "school"), ("dispatcher", "water"), ("visitor", ""),
)  # fmt: skip
ELSEWHERE = (
    ("committee_head", FOREIGN),
    ("complaints_officer", FOREIGN),
    ("dispatcher", FOREIGN),
    ("liaison", FOREIGN),
)
WORDS = ("索要好处", "路灯", "水务局", "M-", "2026-0003", "鹇鸟七七", "示范焦化")
ASIDE = {
    "cases:import-form",
    "cases:document-templates",
    "cases:trial",
    "cases:export-unmasked",
}  # slow, and not about cases


@dataclass(frozen=True)
class Question:
    role: str
    place: str
    path: str
    body: tuple[tuple[str, str], ...] | None = None  # of a POST
    follow: str = ""  # what is fetched in the end: `file` of an export

    def __str__(self) -> str:
        return f"{self.role}@{self.place or '-'} {'POST' if self.body else 'GET'} {self.path} {dict(self.body or ())}"


def questions(world: World, table: Table, seen: Case) -> list[Question]:
    """All that onlookers ask. `seen` is an open case of the other work, which several of them have."""
    asked: list[Question] = []
    for role, place in (*ACCUSED, *STRANGERS, *ELSEWHERE):
        pages = [] if role == "visitor" else [*_pages(table, role), *_found(table, role), *_case_pages(seen)]
        asked += [Question(role, place, path) for path in (*pages, *_public(world, seen))]
        asked += _sent(table, role, place)
    return asked


def _pages(table: Table, role: str) -> list[str]:
    """Every page about nothing in particular that this role may open."""
    rights = {
        name
        for name, right in table.rights.items()
        if right.of == "page" and table.verdict(name, "here", role) == "may"
    }
    names = [
        action.removesuffix(" GET")
        for action, of in table.actions.items()
        if action.endswith(" GET") and of[0] in rights
    ]
    plain = [name for name in names if " " not in name and name not in ASIDE]
    return [path for name in plain if (path := _address(name))]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except LookupError:
        return ""
    except Exception:  # noqa: BLE001 NoReverseMatch: it is about something
        return ""


def _found(table: Table, role: str) -> list[str]:
    """What is looked for: in the list, among names, in periods, in other states of a page."""
    asked = ["/notices/?show=all", "/desk/?show=late", "/desk/?show=near"]
    if table.verdict("reads the list", "here", role) == "may":
        asked += [f"/cases/?q={word}" for word in WORDS] + [
            "/cases/?state=closed",
            "/cases/?overdue=on",
            "/themes/?show=all",
        ]
        asked += [f"/equation/?period=2026&term={term}" for term in ("intake", "lawfully_open", "breaches", "in_time")]
    if table.verdict("takes notes", "here", role) == "may":
        asked += [f"/cases/new/names/?q={word}" for word in ("示范", "白鹡鸰", "1377")]
    if table.verdict("looks at drafts", "here", role) == "may":
        asked += ["/drafts/?show=aside", "/drafts/?show=registered"]
    if table.verdict("keeps complaints", "here", role) == "may":
        asked += ["/equation/sealed/?period=2026&term=lawfully_open", "/drafts/?show=aside"]
    return asked


def _case_pages(seen: Case) -> list[str]:
    own = seen.get_absolute_url()
    return [own, f"{own}order/", f"{own}documents/", f"{own}do/dispatch/", f"{own}do/merge/", f"{own}do/answer/"]


def _public(world: World, seen: Case) -> list[str]:
    code = codes.public_code(world.park, seen)
    door = f"/w/{world.park.code}-{world.park.whistle_token}/"
    return [
        "/",
        "/mine/",
        door,
        f"{door}sealed/",
        f"/r/{code}/",
        f"/mine/{world.park.code}-{world.enterprise.mine_token}/",
    ]


def _sent(table: Table, role: str, place: str) -> list[Question]:
    def sent(path: str, follow: str = "", **body: Any) -> Question:
        return Question(role, place, path, tuple(body.items()), follow)

    asked = []
    if table.verdict("takes notes", "here", role) == "may":
        asked += [
            sent("/cases/new/similar/", text=text)
            for text in ("多次索要好处，不给就拖着不办。", "路灯坏了三天，夜班看不清。")
        ]
    if table.verdict("reads the list", "here", role) == "may":
        asked += [
            sent("/cases/export/", "file", what="ledger", query=""),
            sent("/cases/export/", "file", what="desk", query=""),
        ]
    return asked
