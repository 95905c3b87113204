"""`lianshang demo`: a park with months of history to try everything on."""

import argparse
from dataclasses import asdict
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from lianshang.config.output import Unusable, emit

if TYPE_CHECKING:
    from lianshang.directory.models import Park

HELP = "装入演示园区：单位、企业、账号和几个月的办理记录"
NEEDS_DATABASE = True

CLOSING = time(17)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-of", metavar="DATE", default="", help="办理记录排到哪一天为止，如 2026-11-23；默认今天")
    parser.add_argument("--if-empty", action="store_true", help="已有任何园区时什么都不做")


def run(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from lianshang.config import demo
    from lianshang.directory.models import Park

    now = _end(args.as_of, timezone.localtime())
    if args.if_empty and Park.objects.exists() and not demo.exists():
        emit(args, {"created": False}, "已有园区，没有装入演示数据。")
        return 0
    created = not demo.exists()
    if created:
        demo.lay_out(now)
        _seal(Park.objects.get(code=demo.CODE))
    shown = _shown(Park.objects.get(code=demo.CODE), created=created)
    emit(args, shown, _text(shown))
    return 0


def _seal(park: "Park") -> None:
    """What was laid out is in the history at once."""
    from django.utils import timezone
    from django_scopes import scope

    from lianshang.kernel.history.sealing import seal

    with scope(park=park):
        seal(park, timezone.now())


def _end(text: str, now: datetime) -> datetime:
    """Return when the history ends: the close of the day, or now where that is earlier today."""
    try:
        day = date.fromisoformat(text) if text else now.date()
    except ValueError:
        raise Unusable(f"看不懂日期“{text}”，请写成 2026-11-23。") from None
    closing = datetime.combine(day, CLOSING, now.tzinfo)
    return min(closing, now.replace(second=0, microsecond=0)) if day == now.date() else closing


def _shown(park: "Park", *, created: bool) -> dict[str, Any]:
    from django.conf import settings
    from django_scopes import scope

    from lianshang.cases.models import Case
    from lianshang.config.demo.park import data
    from lianshang.directory.demo_accounts import PASSWORD, demo_accounts

    address = settings.ADDRESS.geturl().rstrip("/")
    tries = {row[2]: row[4] for rows in data("people.yaml")["posts"].values() for row in rows if row[2]}
    accounts = [
        {**asdict(account), "password": PASSWORD, "try": tries[account.username]} for account in demo_accounts()
    ]
    with scope(park=park):
        links = _links(park, address)
        count = Case.objects.count()
    return {"created": created, "park": park.code, "name": park.name, "cases": count, **links, "accounts": accounts}


def _links(park: "Park", address: str) -> dict[str, str]:
    """Return the ways in that need no account: the park's whistle page, an enterprise's, a receipt to be confirmed."""
    from django.urls import reverse

    from lianshang.cases.codes import public_code
    from lianshang.cases.models import Case
    from lianshang.cases.states import State

    found = {
        "sign_in": address + reverse("directory:sign-in"),
        "whistle": address + reverse("cases:whistle", args=[f"{park.code}-{park.whistle_token}"]),
    }
    waiting = Case.objects.open_ledger().filter(state=State.CALLBACK).exclude(enterprise=None)
    case = waiting.select_related("enterprise").order_by("pk").first()
    if case is None:
        return found
    firm = case.enterprise
    return {
        **found,
        "enterprise_whistle": address + reverse("cases:whistle", args=[f"{park.code}-{firm.whistle_token}"]),
        "enterprise_list": address + reverse("cases:mine-enterprise", args=[f"{park.code}-{firm.mine_token}"]),
        "receipt": address + reverse("cases:receipt", args=[public_code(park, case)]),
    }


def _text(shown: dict[str, Any]) -> str:
    opening = "已装入" if shown["created"] else "已有演示园区，没有改动"
    lines = [f"{opening}：{shown['name']}，{shown['cases']} 件诉求。数据均为虚构。", "", "不用登录"]
    words = {
        "whistle": "园区吹哨码",
        "enterprise_whistle": "一家企业的吹哨码",
        "enterprise_list": "这家企业的清单",
        "receipt": "等企业确认的回执",
    }
    lines += [f"  {label}　{shown[key]}" for key, label in words.items() if key in shown]
    lines += [
        "",
        f"工作人员登录　{shown['sign_in']}　密码都是 {shown['accounts'][0]['password']}" if shown["accounts"] else "",
    ]
    lines += [
        f"  {one['username']:<18}{one['role']}（{one['person']}，{one['unit']}）：{one['try']}"
        for one in shown["accounts"]
    ]
    return "\n".join(lines)
