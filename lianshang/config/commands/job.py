"""`lianshang job`: do one long piece of work that a page has asked for. Pages start it; after a power cut anybody may."""

import argparse

from lianshang.config.output import Unusable

HELP = "继续一件长任务：导入、导出（由页面自动启动）"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("import", "export"), metavar="import|export", help="哪一类")
    parser.add_argument("key", metavar="KEY", help="任务的键，在任务页的网址里")


def run(args: argparse.Namespace) -> int:
    from uuid import UUID

    from django.utils import timezone
    from django_scopes import scope

    from lianshang.cases.services import export_jobs, import_jobs
    from lianshang.config.parks import chosen
    from lianshang.kernel import children

    children.confine()
    park = chosen(args.park)
    try:
        key = UUID(args.key)
    except ValueError:
        raise Unusable(f"“{args.key}”不是任务的键。") from None
    with scope(park=park):
        done = (import_jobs if args.what == "import" else export_jobs).carry_on(key, at=timezone.now())
    if not done:
        raise Unusable(f"没有这件任务，或它已经做完：{args.key}。")
    return 0
