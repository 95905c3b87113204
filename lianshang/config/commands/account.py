"""`lianshang account`: the first administrators, and the way back in when nobody on the pages can help."""

import argparse
from typing import TYPE_CHECKING

from lianshang.config.output import Unusable, emit

if TYPE_CHECKING:
    from lianshang.directory.models import Park

HELP = "开第一批管理员账号；重设打不开的账号；停用演示账号"
NEEDS_DATABASE = True

ROLES = ("administrator", "security_admin", "audit_admin")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    opening = actions.add_parser("open", help="开一类管理员的第一个账号")
    opening.add_argument("username", metavar="账号")
    opening.add_argument("--name", metavar="姓名", required=True)
    opening.add_argument("--role", choices=ROLES, required=True, help="系统管理员、安全管理员、审计管理员")
    reset = actions.add_parser("reset", help="重设密码并清除动态口令")
    reset.add_argument("username", metavar="账号")
    actions.add_parser("close-demo", help="停用全部演示账号")


def run(args: argparse.Namespace) -> int:
    from lianshang.directory.founding import close_demo_accounts

    if args.action == "close-demo":
        count = close_demo_accounts()
        emit(args, {"closed": count}, f"已停用 {count} 个演示账号。")
        return 0
    username, password = _opened(args) if args.action == "open" else _reset(args)
    text = f"账号 {username}，首次密码 {password}。登录后先改密码，再启用动态口令；这个密码不会再显示。"
    emit(args, {"username": username, "password": password}, text)
    return 0


def _opened(args: argparse.Namespace) -> tuple[str, str]:
    from django.utils import timezone
    from django_scopes import scope

    from lianshang.directory.founding import found_administrator
    from lianshang.kernel.refusals import Refused

    park = _park(args.park)
    try:
        with scope(park=park):
            account, password = found_administrator(park, args.role, args.name, args.username, at=timezone.now())
    except Refused as no:
        raise Unusable(str(no)) from None
    return account.username, password


def _reset(args: argparse.Namespace) -> tuple[str, str]:
    from django.utils import timezone
    from django_scopes import scope

    from lianshang.directory.founding import rescue
    from lianshang.directory.models import Account

    account = Account.objects.select_related("park", "person").filter(username=args.username).first()
    if account is None:
        raise Unusable(f"没有账号“{args.username}”。")
    with scope(park=account.park):
        return account.username, rescue(account, at=timezone.now())


def _park(code: str) -> "Park":
    from lianshang.config import parks

    park = parks.chosen(code)
    if park is None:
        raise Unusable("还没有任何园区。请先导入台账，或装入演示园区。")
    return park
