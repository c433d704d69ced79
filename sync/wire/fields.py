"""Reads the fields of a decoded map or array, each with its type and its bounds."""

from collections.abc import Iterable
from typing import TypeVar

from sync.wire import cbor
from sync.wire.errors import Malformed

INT64_MAX = 2**63 - 1
# No honest clock says later than the year 2109; a later one would overflow calendars.
LATEST_MS = 2**42
E = TypeVar("E")


class Fields:
    """A message's content, field by field; every accessor raises Malformed on a misfit."""

    __slots__ = ("_content", "_of", "_within")

    def __init__(self, value: cbor.Value, *, of: str, within: int | None = None) -> None:
        """`of` is what a refusal calls it; `within` is the field of that in which this lies."""
        self._of = of
        self._within = within
        self._content: dict[int | str, cbor.Value]
        if isinstance(value, dict):
            self._content = value
        elif isinstance(value, list):
            self._content = dict(enumerate(value))
        else:
            raise Malformed(f"{self._name()}: neither a map nor an array")

    @classmethod
    def parse(cls, data: bytes, *, of: str) -> "Fields":
        return cls(cbor.decode(data), of=of)

    def only(self, keys: Iterable[int]) -> "Fields":
        """Refuse fields that this version does not know."""
        if not frozenset(keys).issuperset(self._content):
            raise Malformed(f"{self._name()}: unknown field")
        return self

    def has(self, key: int) -> bool:
        return self._content.get(key) is not None

    def uint(self, key: int, most: int = INT64_MAX) -> int:
        value = self._content.get(key)
        if type(value) is not int or not 0 <= value <= most:
            raise self._misfit(key, f"a number from 0 to {most}")
        return value

    def integer(self, key: int) -> int:
        value = self._content.get(key)
        if type(value) is not int or abs(value) > INT64_MAX:
            raise self._misfit(key, "a whole number")
        return value

    def flag(self, key: int) -> bool:
        value = self._content.get(key)
        if not isinstance(value, bool):
            raise self._misfit(key, "true or false")
        return value

    def octets(self, key: int, length: int | None = None, most: int = 1 << 26) -> bytes:
        value = self._content.get(key)
        if not isinstance(value, bytes) or len(value) > most:
            raise self._misfit(key, "bytes")
        if length is not None and len(value) != length:
            raise self._misfit(key, f"{length} bytes")
        return value

    def text(self, key: int, most: int = 1000) -> str:
        value = self._content.get(key)
        if not isinstance(value, str) or len(value) > most:
            raise self._misfit(key, f"text of at most {most} characters")
        return value

    def items(self, key: int, most: int) -> list[cbor.Value]:
        value = self._content.get(key)
        if not isinstance(value, list) or len(value) > most:
            raise self._misfit(key, f"a list of at most {most}")
        return value

    def nested(self, key: int) -> "Fields":
        of = self._of if self._within is None else self._name()
        return Fields(self._content.get(key), of=of, within=key)

    def _misfit(self, key: int, expected: str) -> Malformed:
        return Malformed(f"{self._name()}: field {key} is not {expected}")

    def _name(self) -> str:
        return self._of if self._within is None else f"{self._of}, field {self._within}"


def one_of(kind: type[E], value: object, *, of: str) -> E:
    """Return the member of an Enum that has this value.

    Raises:
        Malformed: there is none.
    """
    try:
        return kind(value)  # type: ignore[call-arg]
    except ValueError as error:
        raise Malformed(f"{of}: {kind.__name__} has no such value") from error
