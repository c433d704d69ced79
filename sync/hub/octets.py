"""Binary columns that read as bytes on every database."""

from typing import TYPE_CHECKING, TypeVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression

S_contra = TypeVar("S_contra", contravariant=True)
G_co = TypeVar("G_co", covariant=True)

if TYPE_CHECKING:
    _Generic = models.BinaryField[S_contra, G_co]
else:
    # Django's class is generic in its stubs only.
    _Generic = {(S_contra, G_co): models.BinaryField}


class OctetsField(_Generic[S_contra, G_co]):
    """A BinaryField; PostgreSQL's driver would return a memoryview."""

    if TYPE_CHECKING:
        _pyi_private_get_type: bytes

    def from_db_value(
        self, value: bytes | memoryview | None, _expression: Expression, _on: BaseDatabaseWrapper
    ) -> bytes | None:
        return None if value is None else bytes(value)
