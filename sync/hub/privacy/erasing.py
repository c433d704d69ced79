"""Makes the database's files forget what its rows have forgotten."""

from collections.abc import Sequence

from django.db import connection

_OF_PERSONS = ("ingest_", "people_", "attendance_", "axes_", "django_session")
# What the planner has noted of a table's commonest values.
_STATISTICS = ("pg_catalog.pg_statistic",)


def erase(*, rewrite: bool = False) -> None:
    """Let nothing of what was deleted be found in the files. Outside of any transaction.

    SQLite has zeroed it already (`secure_delete`); its log is cut and, with `rewrite`, its file
    written anew. PostgreSQL gives the room of deleted rows to new ones, which write over it by and
    by; with `rewrite` each table is written anew while nobody else can use it.
    """
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            if rewrite:
                cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        for table in _there():
            cursor.execute(f"VACUUM ({'FULL, ' if rewrite else ''}ANALYZE) {table}")
        if rewrite:
            for table in _STATISTICS:
                cursor.execute(f"VACUUM FULL {table}")


def _there() -> Sequence[str]:
    names = connection.introspection.table_names()
    return [name for name in names if name.startswith(_OF_PERSONS)]
