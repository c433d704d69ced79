"""`gapura-hub keys`: the hub's keys as doors know them; renewing them and ending them."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import datetime, timedelta
from pathlib import Path

from sync.hub import clock, installation
from sync.hub.commands.output import identifier, offer_json, say
from sync.hub.key_making import OFFLINE_ROOT, ONLINE
from sync.hub.key_rotation import Change, Vault, retire, rotate
from sync.hub.keyring import Keyring, file_name
from sync.hub.people.models import RevokedKey
from sync.hub.people.pass_keys import last_expiry, passes_of
from sync.hub.privacy.audit import note
from sync.hub.privacy.kinds import Event
from sync.hub.privacy.reseal import rotate_identities
from sync.wire.keys import HubKey, Purpose

GRACE_DAYS = 90
_PURPOSES = {purpose.name.lower(): purpose for purpose in ONLINE}
_MOST_DAYS = 3 * 366


def add_arguments(parser: ArgumentParser) -> None:
    orders = parser.add_subparsers(metavar="ORDER", required=True, dest="order")
    listing = orders.add_parser("list", help="show the list of keys that the root has signed")
    renewing = orders.add_parser("rotate", help="make a new key; the old one ends later")
    renewing.add_argument("--purpose", required=True, choices=sorted(_PURPOSES))
    renewing.add_argument(
        "--grace-days",
        type=_days,
        default=GRACE_DAYS,
        metavar="N",
        help="how long the old key still counts (%(default)s); a pass key counts until its last "
        "pass has expired",
    )
    ending = orders.add_parser("retire", help="end a key now")
    ending.add_argument("kid", type=identifier, metavar="KID", help="as `keys list` names it")
    for order in (renewing, ending):
        order.add_argument(
            "--offline-root", type=Path, metavar="DIR", help=f"with root.pem (keys/{OFFLINE_ROOT})"
        )
    resealing = orders.add_parser(
        "rotate-identities", help="seal names in the database under a new key"
    )
    for order in (listing, renewing, ending, resealing):
        offer_json(order)


def run(arguments: Namespace) -> None:
    now = clock.now()
    if arguments.order == "list":
        _list(arguments, now)
        return
    if arguments.order == "rotate-identities":
        _rotate_identities(as_json=arguments.json)
        return
    folder = installation.home().keys
    vault = Vault(folder, arguments.offline_root or folder / OFFLINE_ROOT)
    if arguments.order == "retire":
        _tell(_noted(retire(vault, arguments.kid, now)), as_json=arguments.json)
        return
    purpose = _PURPOSES[arguments.purpose]
    ends = _end(purpose, arguments.grace_days, now)
    change = rotate(vault, purpose, ends_s=int(ends.timestamp()), now=now)
    _tell(_noted(change), as_json=arguments.json)


def _noted(change: Change) -> Change:
    made = None if change.made is None else change.made.kid.hex()
    purpose = change.ended.purpose.name.lower()
    note(
        Event.KEY_ROTATED,
        {"purpose": purpose, "new_kid": made, "old_kid": change.ended.kid.hex()},
    )
    return change


def _end(purpose: Purpose, grace_days: int, now: datetime) -> datetime:
    if purpose is not Purpose.PASS:
        return now + timedelta(days=grace_days)
    keyring = installation.keyring()
    return last_expiry(keyring.pass_key, keyring.key_list, now) or now


def _tell(change: Change, *, as_json: bool) -> None:
    ends = clock.from_unix_s(change.ended.not_after_s).isoformat()
    content = {
        "version": change.version,
        "purpose": change.ended.purpose.name.lower(),
        "made": None if change.made is None else change.made.kid.hex(),
        "ended": change.ended.kid.hex(),
        "ends": ends,
    }
    made = [] if change.made is None else [f"Made {content['purpose']} key {content['made']}."]
    lines = [
        *made,
        f"The {content['purpose']} key {content['ended']} counts until {ends}.",
        f"Doors take list {change.version} with their next bundle.",
    ]
    say(lines, content, as_json=as_json)


def _rotate_identities(*, as_json: bool) -> None:
    content = {
        "texts": rotate_identities(),
    }
    lines = [f"{content['texts']} texts are sealed under a new key; `retain` drops the old one."]
    say(lines, content, as_json=as_json)


def _list(arguments: Namespace, now: datetime) -> None:
    keyring = installation.keyring()
    revoked = set(RevokedKey.objects.values_list("kid", flat=True))
    rows = [_row(key, keyring, revoked, now) for key in keyring.key_list.keys]
    content = {"version": keyring.key_list.version, "keys": rows}
    lines = [f"List {keyring.key_list.version}, signed by root {keyring.hub.hex()}"]
    lines += [_line(row) for row in rows]
    say(lines, content, as_json=arguments.json)


def _row(key: HubKey, keyring: Keyring, revoked: set[bytes], now: datetime) -> dict[str, object]:
    is_pass = key.purpose is Purpose.PASS
    return {
        "kid": key.kid.hex(),
        "purpose": key.purpose.name.lower(),
        "state": _state(key, keyring, revoked, now),
        "not_before": clock.from_unix_s(key.not_before_s).isoformat(),
        "not_after": clock.from_unix_s(key.not_after_s).isoformat(),
        "private": (installation.home().keys / file_name(key)).exists(),
        "passes": passes_of(key, keyring.key_list, now).count() if is_pass else None,
    }


def _state(key: HubKey, keyring: Keyring, revoked: set[bytes], now: datetime) -> str:
    if key.kid in revoked:
        return "revoked"
    if not key.is_valid_at(int(now.timestamp())):
        return "over"
    return "current" if keyring.key_list.newest(key.purpose) == key else "ending"


def _line(row: dict[str, object]) -> str:
    passes = "" if row["passes"] is None else f"  {row['passes']} passes"
    return (
        f"{row['kid']}  {row['purpose']!s:8}  {row['state']!s:8}  "
        f"{row['not_before']} to {row['not_after']}{passes}"
    )


def _days(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) > _MOST_DAYS:
        raise ArgumentTypeError(f"must be a number from 0 to {_MOST_DAYS}")
    return int(text)
