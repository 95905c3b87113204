"""Opens the configured database for a command, or says what to do first."""

import django
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from lianshang.config.output import Unusable


def ready() -> None:
    """Set Django up and make sure that the tables are those of this version."""
    django.setup()
    if waiting := unapplied():
        raise Unusable(f"数据库还没有准备好（有 {len(waiting)} 个迁移未执行），请先运行 lianshang migrate。")


def unapplied() -> list[str]:
    """Migrations that the database lacks, in order, as `app.name`. Raises `Unusable` where it cannot be reached."""
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError as error:
        raise Unusable(f"连不上数据库，请检查 LIANSHANG_DATABASE_URL：{str(error).splitlines()[0]}") from error
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
