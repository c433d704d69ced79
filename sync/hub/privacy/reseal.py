"""Seals anew what lies sealed in the database, after the key was renewed."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models, transaction

from sync.hub import identity
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event
from sync.hub.sealed_text import SealedTextField

_ROWS_AT_ONCE = 500


def rotate_identities() -> int:
    """Make a new key, seal everything under it and return how many texts there were.

    The key before stays until nothing is left under it (`retain` looks every night): a hub that
    was writing meanwhile may still have sealed with it.
    """
    kid = identity.add_key()
    count = sum(_seal_anew(model, field.name, kid) for model, field in sealed_columns())
    note(Event.KEY_ROTATED, {"purpose": "identity", "kid": kid.hex(), "texts": count})
    return count


def used_kids() -> frozenset[bytes]:
    """Return the ids of the keys that something is sealed under."""
    found: set[bytes] = set()
    for model, field in sealed_columns():
        with connection.cursor() as cursor:
            column = connection.ops.quote_name(field.column or field.name)
            cursor.execute(
                f"SELECT DISTINCT substr({column}, 1, 4) FROM {model._meta.db_table}"  # noqa: S608
            )
            found.update(bytes(kid) for (kid,) in cursor.fetchall() if kid)
    return frozenset(found)


def sealed_columns() -> "Iterator[tuple[type[models.Model], SealedTextField[str, str]]]":
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedTextField):
                yield model, field


def _seal_anew(model: type[models.Model], name: str, kid: bytes) -> int:
    """Rows are locked while they are written, so that nobody's change is written over."""
    rows = model._default_manager.order_by("pk")
    after, count = 0, 0
    while True:
        with transaction.atomic():
            part = list(rows.select_for_update().filter(pk__gt=after).only(name)[:_ROWS_AT_ONCE])
            model._default_manager.bulk_update(part, [name])
        if not part:
            return count
        after, count = part[-1].pk, count + sum(bool(getattr(one, name)) for one in part)
