"""`lianshang undo`: what an import brought in is marked as entered by mistake; nothing is deleted."""

import argparse

from lianshang.config.output import Unusable, emit

HELP = "撤销一次导入"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("batch", metavar="BATCH", type=int, help="批次号，导入时给出")


def run(args: argparse.Namespace) -> int:
    from django.utils import timezone
    from django_scopes import scope, scopes_disabled

    from lianshang.cases import services
    from lianshang.cases.models import ImportBatch
    from lianshang.directory import actors
    from lianshang.kernel.refusals import Refused

    with scopes_disabled():
        batch = ImportBatch.objects.select_related("park").filter(pk=args.batch).first()
    if batch is None or (args.park and batch.park.code != args.park):
        raise Unusable(f"没有批次 {args.batch}。")
    with scope(park=batch.park):
        try:
            undone = services.undo_import(batch, actor=actors.system(batch.park), at=timezone.now())
        except Refused as error:
            raise Unusable(str(error)) from error
    emit(
        args,
        {"batch": batch.pk, "undone": undone},
        f"批次 {batch.pk} 已撤销，{undone} 件记为“导入已撤销”；同一个文件可以重新导入。",
    )
    return 0
