"""Triggers by which the database itself refuses to change or delete what the audit log holds."""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("privacy_auditrecord", "privacy_auditseal")
_SAID = "the audit log is only ever added to"
_FUNCTION = f"""CREATE OR REPLACE FUNCTION gapura_only_added_to() RETURNS trigger
LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_SAID}'; END $$"""


def guard(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers up. Whoever owns the tables can take them down: that shows in the chain."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


def unguard(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for name, table in _triggers(connection.vendor):
            of_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{of_table}")


def _triggers(vendor: str) -> list[tuple[str, str]]:
    verbs = ("update", "delete", "truncate") if vendor == "postgresql" else ("update", "delete")
    return [(f"{table}_no_{verb}", table) for table in TABLES for verb in verbs]


def _statements(vendor: str) -> list[str]:
    found = []
    for name, table in _triggers(vendor):
        verb = name.rpartition("_")[2].upper()
        if vendor == "postgresql":
            # FOR EACH STATEMENT: a statement that meets no row is refused too.
            found.append(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION gapura_only_added_to()"
            )
        else:
            found.append(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
            )
    return found
