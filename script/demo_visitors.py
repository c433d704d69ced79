"""Who comes to the demo's door, with what, and what the door must make of it."""

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.passes.claims import Claims, PassType
from kiosk.passes.issuing import issue_static

if TYPE_CHECKING:
    from demo_hub import DemoHub

SHOWN_MS = 3500
_DAY_S = 86400


@dataclass(frozen=True, slots=True)
class Visitor:
    """`outcome` is what the hub must record of it."""

    who: str
    payload: str
    outcome: str


def make_visitors(hub: "DemoHub") -> list[Visitor]:
    """Issue passes at the hub, and make some that no hub issued."""
    wayan = hub.issue("--type", "visitor", "--label", "I Wayan Contoh", "--days", "1")
    siti = hub.issue("--type", "visitor", "--label", "Siti Contoh", "--days", "3")
    made = hub.issue("--type", "employee", "--label", "Made Contoh", "--days", "300")
    budi = hub.issue("--type", "visitor", "--label", "Budi Contoh", "--days", "1")
    hub.revoke(budi["cti"])
    yesterday = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() - _DAY_S))
    earlier = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() - 2 * _DAY_S))
    late = hub.issue(
        *("--type", "visitor", "--label", "Dewi Contoh"),
        *("--not-before", earlier, "--expires", yesterday),
    )
    return [
        Visitor("Visitor: a day pass", wayan["pass"], "admit"),
        Visitor("Employee: the rules ask the officer to look", made["pass"], "refer"),
        Visitor("Expired: yesterday's day pass", late["pass"], "deny"),
        Visitor("Revoked: a pass that was withdrawn this morning", budi["pass"], "deny"),
        Visitor("Forged: a true pass with one character changed", forge(siti["pass"]), "deny"),
        Visitor("Foreign: a pass that another regency signed", foreign(), "deny"),
        Visitor("Not a pass: the address of a web page", "https://example.org/menu", "deny"),
        Visitor("Visitor: another day pass", siti["pass"], "admit"),
    ]


def forge(text: str) -> str:
    """Change a character of the signature."""
    place = len(text) - 20
    return text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1 :]


def foreign() -> str:
    now_s = int(time.time())
    claims = Claims(
        sub=secrets.token_bytes(8),
        cti=secrets.token_bytes(8),
        not_before_s=now_s - 60,
        expires_s=now_s + _DAY_S,
        pass_type=PassType.VISITOR,
    )
    return issue_static(claims, Ed25519PrivateKey.generate())
