"""The hub in memory, at today's date: these tests run a real door with a real clock."""

import secrets
import time
from dataclasses import dataclass
from typing import Any

from kiosk.admission.verdict import Outcome
from kiosk.passes.claims import PassType
from sync.wire.keys import HubKey as PublicKey
from sync.wire.keys import KeyList, Purpose, sign_key_list
from tests.kiosk.hub import Hub

_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Shown:
    """A code that is held up, the outcome that it must have, and what it is known by."""

    payload: str
    outcome: Outcome
    cti: bytes | None


class TodaysHub(Hub):
    def __init__(self) -> None:
        super().__init__(lambda: time.time_ns() // 1_000_000)

    def signed_keys(self, *, without: Purpose | None = None) -> bytes:
        now_s = int(time.time())
        publics = {
            Purpose.BUNDLE: self.bundle_key.public_key().public_bytes_raw(),
            Purpose.RECEIPT: self.receipt_key.public_key().public_bytes_raw(),
            Purpose.PASS: self.pass_key.public_key().public_bytes_raw(),
            Purpose.SEALING: self.sealing_key.public_key().public_bytes_raw(),
            Purpose.RECOVERY: self.recovery_key.public_key().public_bytes_raw(),
        }
        keys = tuple(
            PublicKey(purpose, public, now_s - 30 * _DAY_S, now_s + 30 * _DAY_S)
            for purpose, public in publics.items()
            if purpose is not without
        )
        return sign_key_list(KeyList(1, keys), self.root)

    def card(self, **said: Any) -> str:
        now_s = int(time.time())
        today: dict[str, Any] = {"issued_at_s": now_s - 60, "expires_s": now_s + _DAY_S}
        return super().card(**(today | said))

    def visitors(self, count: int) -> list[Shown]:
        """Return codes that no two of one outcome follow one another: so each lights anew."""
        made = (self._welcome, self._stranger, self._employee, self._late)
        return [made[number % len(made)]() for number in range(count)]

    def _welcome(self) -> Shown:
        return self._shown(PassType.VISITOR, Outcome.ADMIT)

    def _employee(self) -> Shown:
        return self._shown(PassType.EMPLOYEE, Outcome.REFER)

    def _late(self) -> Shown:
        return self._shown(PassType.VISITOR, Outcome.DENY, expires_in_s=-_DAY_S)

    @staticmethod
    def _stranger() -> Shown:
        return Shown(f"https://example.org/{secrets.token_hex(4)}", Outcome.DENY, None)

    def _shown(self, kind: PassType, outcome: Outcome, *, expires_in_s: int = _DAY_S) -> Shown:
        now_s, cti = int(time.time()), secrets.token_bytes(8)
        payload = self.issue(
            cti=cti,
            sub=secrets.token_bytes(8),
            pass_type=kind,
            not_before_s=now_s - 2 * _DAY_S,
            expires_s=now_s + expires_in_s,
        )
        return Shown(payload, outcome, cti)
