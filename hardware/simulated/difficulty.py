"""From how bad it may be and a seed to one phone held up."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from hardware.simulated.conditions import Conditions

# Half as far, or half as much light, is one step, wherever one starts.
_DRAWN_BY_RATIO = frozenset({"code_height", "exposure"})


@dataclass(frozen=True, slots=True)
class Difficulty:
    """The range each condition is drawn from.

    Where dark mode may be both, `dark_mode_share` of the phones are in it.
    """

    least: Conditions
    most: Conditions
    dark_mode_share: float = 0.0

    def drawn(self, seed: int) -> Conditions:
        """Draw each condition evenly from its range; the same seed draws the same."""
        # One draw per field in the order of the fields, so that a seed means the same phone at
        # every difficulty, only worse off.
        shares = np.random.default_rng(seed & (2**64 - 1)).random(len(fields(Conditions)))
        values: dict[str, Any] = {
            field.name: self._between(field.name, share)
            for field, share in zip(fields(Conditions), shares.tolist(), strict=True)
        }
        return Conditions(**values)

    def _between(self, name: str, share: float) -> float | int | bool:
        low, high = getattr(self.least, name), getattr(self.most, name)
        if isinstance(low, bool):
            return low if low == high else share < self.dark_mode_share
        if isinstance(low, int):
            return int(low + share * (high - low + 1))
        if name in _DRAWN_BY_RATIO:
            return _clamped(low * (high / low) ** share, low, high)
        return float(low + share * (high - low))


def _clamped(value: float, low: float, high: float) -> float:
    # A power may round past the end of the range.
    return min(max(value, low), high)
