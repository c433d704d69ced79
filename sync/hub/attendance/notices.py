"""The notice that there is something new, as a receiver gets it: its text, its signature, and when
it is sent again. Pure.

Standard Webhooks 1.0.0 (spec/standard-webhooks.md of github.com/standard-webhooks): headers
`webhook-id`, `webhook-timestamp` and `webhook-signature`, signed symmetrically (`v1`).
"""

import hmac
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

TYPE = "attendance.changed"
SECRET_PREFIX = "whsec_"  # noqa: S105
GIVEN_UP_AFTER = timedelta(days=3)
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Notice:
    """`name` is the same however often it is sent, and another one for the next notice."""

    name: str
    body: bytes

    def headers(self, secret: str, at: datetime) -> dict[str, str]:
        """Return what is sent with the body at a time, signed under the receiver's secret."""
        time_s = str(int(at.timestamp()))
        signed = f"{self.name}.{time_s}.".encode() + self.body
        key = b64decode(secret.removeprefix(SECRET_PREFIX))
        signature = b64encode(hmac.digest(key, signed, sha256)).decode()
        return {
            "Content-Type": "application/json",
            "webhook-id": self.name,
            "webhook-timestamp": time_s,
            "webhook-signature": f"v1,{signature}",
        }


def notice_of(receiver: int, told: int, since: datetime) -> Notice:
    """Say that more is new than the change `told`, and since when; nothing of anybody."""
    content = {
        "type": TYPE,
        "timestamp": since.isoformat().replace("+00:00", "Z"),
        "data": {"cursor": f"c{told}"},
    }
    body = json.dumps(content, separators=(",", ":")).encode()
    return Notice(f"msg_{receiver}_{told}_{int(since.timestamp())}", body)


def made_secret(octets: bytes) -> str:
    return SECRET_PREFIX + b64encode(octets).decode()


def wait_after(failures: int, chance: float, asked: timedelta = timedelta(0)) -> timedelta:
    """Return how long to wait after so many failures in a row: any share of a time that doubles
    (full jitter; `chance` is from 0 to 1), and no less than the receiver `asked`, within reason.
    """
    doubled: timedelta = _FIRST_WAIT * (1 << min(failures, 16))
    return max(min(doubled, _LONGEST_WAIT) * chance, min(asked, _LONGEST_WAIT))
