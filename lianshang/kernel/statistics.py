"""What a database knows of its own tables: SQLite's is kept fresh by the worker; PostgreSQL looks after that by itself.

Without it SQLite takes the first column of an index for a good choice, though all rows are of the same park. A
connection reads it when it is opened, which is why none is kept for long. PostgreSQL looks within a minute; whoever
writes very many rows and reads them at once calls `look` between: taken for empty, tables are walked through row by row.
"""

from datetime import datetime
from typing import Any

from django.db import connection

from lianshang.kernel.outbox import every

GROWN = 1.2  # times as many rows as before: look again
SEEN = {"rows": 0}  # when this process last looked


@every(300)
def keep_fresh(park: Any, now: datetime) -> bool:
    """Have the tables looked through again where many rows have come since the last time; whether that was so."""
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(seq), 0) FROM sqlite_sequence")
        rows = int(cursor.fetchone()[0])
        if rows <= SEEN["rows"] * GROWN:
            return False
    look()
    SEEN["rows"] = rows
    return True


def look() -> None:
    """Have all tables looked through now; rows of the transaction that is open count."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
