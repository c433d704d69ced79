"""Many rows at once: by COPY where the database has it. The caller brings the transaction."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection, models
from psycopg.types.string import BytesBinaryDumper

# So many are inserted before a COPY would have begun.
_FEW = 2

Values = Sequence[bool | int | str | bytes | datetime | None]


def reserve_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Return `count` primary keys that nobody else will use, rising."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The sequence's name is looked up once: OFFSET keeps that out of the row by row.
            cursor.execute(
                "SELECT array_agg(nextval(name)) FROM (SELECT"
                " pg_get_serial_sequence(%s, 'id')::regclass AS name OFFSET 0) AS sequence,"
                " generate_series(1, %s)",
                [table, count],
            )
            return sorted(cursor.fetchone()[0])
        # SQLite has one writer: nobody else takes them before the transaction ends.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        first = (found[0] if found else 0) + 1
        return range(first, first + count)


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Values]) -> None:
    """Insert rows whose values stand in the order of `columns`. They are taken one by one, while a
    server is at those before.
    """
    few = isinstance(rows, Sequence) and len(rows) <= _FEW
    if few and not rows:
        return
    if connection.vendor == "postgresql" and not few:
        _copy(model, columns, rows)
    else:
        _execute_many(model, columns, rows)


@contextmanager
def checking() -> Iterator[None]:
    """Let a server check now, until the context ends, that what the rows refer to is there; without
    this it does so when the transaction ends, and whoever waits for that can do nothing meanwhile.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        connection.connection.pipeline(),
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield


def update(model: type[models.Model], columns: Sequence[str], rows: Sequence[Values]) -> None:
    """Set the columns of rows that exist; the first value of each row is its primary key."""
    if not rows:
        return
    table = _table(model)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            changes = ", ".join(f"{name} = given.{name}" for name in columns)
            types = [field.db_type(connection) for field in _fields(model, columns)]
            arrays = ", ".join(f"%s::{kind}[]" for kind in ["bigint", *types])
            cursor.execute(
                f"UPDATE {table} SET {changes} FROM unnest({arrays})"  # noqa: S608
                f" AS given(id, {_names(columns)}) WHERE {table}.id = given.id",
                [list(column) for column in zip(*rows, strict=True)],
            )
        else:
            changes = ", ".join(f"{name} = %s" for name in columns)
            cursor.executemany(
                f"UPDATE {table} SET {changes} WHERE id = %s",  # noqa: S608
                [(*row[1:], row[0]) for row in rows],
            )


def _execute_many(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Values]
) -> None:
    fields = _fields(model, columns)
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {_table(model)} ({_names(columns)}) VALUES ({places})",  # noqa: S608
            [_prepared(fields, row) for row in rows],
        )


def _copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[Values]) -> None:
    types = [_copied_as(field) for field in _fields(model, columns)]
    statement = f"COPY {_table(model)} ({_names(columns)}) FROM STDIN (FORMAT BINARY)"
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        _copying(cursor.cursor, statement) as copy,
    ):
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _copying(cursor: psycopg.Cursor[Any], statement: str) -> AbstractContextManager[psycopg.Copy]:
    # Django's own dumper of bytes is one in Python, for it takes a wrapper around them as well.
    cursor.adapters.register_dumper(bytes, BytesBinaryDumper)
    return cursor.copy(statement)


def _copied_as(field: "models.Field[Any, Any]") -> str:
    kind = field.db_type(connection) or ""
    return "text" if kind.startswith("varchar") else kind


def _prepared(fields: "Sequence[models.Field[Any, Any]]", row: Values) -> list[Any]:
    return [
        field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)
    ]


def _fields(model: type[models.Model], columns: Sequence[str]) -> "list[models.Field[Any, Any]]":
    by_column = {field.column: field for field in model._meta.concrete_fields}
    return [by_column[column] for column in columns]


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _names(columns: Sequence[str]) -> str:
    return ", ".join(columns)
