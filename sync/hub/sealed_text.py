"""Columns of text that the database cannot read: see `sync.hub.identity`."""

from typing import TYPE_CHECKING, Any, Never

from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression

from sync.hub import identity
from sync.hub.octets import G_co, S_contra

if TYPE_CHECKING:
    _Generic = models.BinaryField[S_contra, G_co]
else:
    # Django's class is generic in its stubs only.
    _Generic = {(S_contra, G_co): models.BinaryField}


class SealedTextField(_Generic[S_contra, G_co]):
    """A text in Python, sealed bytes in the database. `about` is bound to each: it never changes.

    The same text is other bytes each time, so no query can ask for one or sort by them: what is
    sought is opened and compared here (`sync.hub.people.finding`).
    """

    if TYPE_CHECKING:
        _pyi_private_set_type: str
        _pyi_private_get_type: str  # type: ignore[assignment]

    def __init__(self, *args: Any, about: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.about = about

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, options = super().deconstruct()
        return name or "", path, list(args), {**options, "about": self.about}

    def get_default(self) -> str:
        return ""

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        if isinstance(value, str):
            value = identity.seal(value, self.about)
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(
        self, value: bytes | memoryview | None, _expression: Expression, _on: BaseDatabaseWrapper
    ) -> str | None:
        return None if value is None else identity.unseal(bytes(value), self.about)

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def to_python(self, value: Any) -> Any:
        return value

    def get_lookup(self, lookup_name: str) -> Never:
        raise FieldError(f"{self.name} is sealed: no query can ask for its {lookup_name}")
