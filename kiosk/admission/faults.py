"""Reads a JSON object and collects every fault in it, each with the place where it is."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
_MISSING = object()
_MAX_TEXT = 500


class Faults:
    def __init__(self) -> None:
        self.found: list[str] = []

    def object_of(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Build a JSON object; readers differ in which of two values of one key they take."""
        content = dict(pairs)
        if len(content) != len(pairs):
            self.found.append(f"a key twice among {sorted(content)}")
        return content


class Reader:
    """Gives what is asked for, and something of the right type where it is not there.

    What it gives counts only where `faults` has found nothing in the end.
    """

    def __init__(self, content: Any, where: str, faults: Faults) -> None:
        self._where = where
        self._faults = faults
        self._known: set[str] = set()
        self.unless(isinstance(content, dict), "must be an object")
        self._content: dict[str, Any] = content if isinstance(content, dict) else {}

    def unless(self, holds: bool, fault: str) -> bool:
        if not holds:
            self._faults.found.append(f"{self._where}{fault}")
        return holds

    def names(self) -> list[str]:
        return list(self._content)

    def no_more(self) -> None:
        unknown = sorted(set(self._content) - self._known)
        self.unless(not unknown, f"unknown keys: {unknown}")

    def text(self, key: str) -> str:
        value = self._take(key)
        fits = isinstance(value, str) and 0 < len(value) <= _MAX_TEXT
        self.unless(fits, f"{key}: must be text of 1 to {_MAX_TEXT} characters")
        return value if fits else ""

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._take(key, default)
        self.unless(isinstance(value, bool), f"{key}: must be true or false")
        return bool(value)

    def number(self, key: str, least: int, most: int, *, default: Any = _MISSING) -> Any:
        value = self._take(key, default)
        if value is None and default is None and key not in self._content:
            return None
        fits = type(value) is int and least <= value <= most
        self.unless(fits, f"{key}: must be a number from {least} to {most}")
        return value if fits else least

    def numbers(self, key: str, least: int, most: int) -> list[int]:
        value = self._take(key, [])
        fits = isinstance(value, list) and all(
            type(item) is int and least <= item <= most for item in value
        )
        self.unless(fits, f"{key}: must be a list of numbers from {least} to {most}")
        return value if fits else []

    def texts(self, key: str, *, default: Sequence[str]) -> list[str]:
        value = self._take(key, list(default))
        fits = isinstance(value, list) and all(isinstance(item, str) and item for item in value)
        self.unless(fits, f"{key}: must be a list of texts")
        return value if fits else []

    def choice(self, key: str, choices: Mapping[str, T], *, default: Any = _MISSING) -> T:
        value = self._take(key, default)
        fits = isinstance(value, str) and value in choices
        self.unless(fits, f"{key}: must be one of {sorted(choices)}")
        return choices[value] if fits else next(iter(choices.values()))

    def some_of(
        self, key: str, choices: Mapping[str, T], *, default: Sequence[str] = ()
    ) -> frozenset[T]:
        named = self.texts(key, default=default)
        unknown = sorted(set(named) - set(choices))
        self.unless(not unknown, f"{key}: {unknown} is not among {sorted(choices)}")
        return frozenset(choices[name] for name in named if name in choices)

    def parsed(self, key: str, parse: Callable[[Any], T], expected: str) -> Any:
        return self.parse(self._take(key), key, parse, expected)

    def parse(self, value: Any, key: str, parse: Callable[[Any], T], expected: str) -> T | None:
        try:
            return parse(value)
        except (TypeError, ValueError, OverflowError):
            self._faults.found.append(f"{self._where}{key}:{expected}")
            return None

    def object(self, key: str) -> "Reader":
        return Reader(self._take(key, {}), f"{self._where}{key}.", self._faults)

    def objects(self, key: str, most: int, *, default: Sequence[Any] = ()) -> "list[Reader]":
        value = self._take(key, list(default))
        fits = isinstance(value, list) and len(value) <= most
        self.unless(fits, f"{key}: must be a list of at most {most}")
        items = value if fits else []
        return [
            Reader(item, f"{self._where}{key}[{place}].", self._faults)
            for place, item in enumerate(items)
        ]

    def _take(self, key: str, default: Any = _MISSING) -> Any:
        self._known.add(key)
        return self._content.get(key, None if default is _MISSING else default)
