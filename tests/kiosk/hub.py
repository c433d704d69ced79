"""A hub in memory: it signs, seals and opens with the real wire code, and keeps what it opened."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.journal.door_keys import DoorKeys
from kiosk.passes.claims import Claims, HolderKey, PassType
from kiosk.passes.issuing import issue_static
from sync.wire.batch import NONCE_BYTES, Anchor, Batch, open_batch
from sync.wire.bundle import Bundle, HealthSigner, Place, RosterTable, seal_bundle, unseal_bundle
from sync.wire.card import Card, sign_card, sign_time_card
from sync.wire.carried import read_carried
from sync.wire.entry import Header, Kind, RunCipher, first_chain, unseal
from sync.wire.keys import HubKey, KeyList, Purpose, hub_id, open_key_list, sign_key_list
from sync.wire.receipt import Receipt, Rejection, sign_receipt
from sync.wire.run import Run, open_run
from tests.kiosk.fake_clock import NOW_MS

NOW_S = NOW_MS // 1000
YEAR_S = 365 * 86_400
DOOR = b"door-one"
PLACE = Place(
    door=DOOR,
    label="Pintu utama",
    direction="entry",
    site_kind="office",
    timezone="Asia/Jakarta",
    unit=7,
    door_bit=0,
)


OUTCOMES = {"visitor": "admit", "employee": "refer", "site_card": "deny"}


def rulebook(
    *,
    version: int = 1,
    trial: bool = False,
    outcomes: Mapping[str, str] = OUTCOMES,
    **more: object,
) -> bytes:
    """Return rules that admit visitors, refer employees and keep site cards out, or others."""
    rules = [
        {"name": kind, "types": [kind], "outcome": outcome} for kind, outcome in outcomes.items()
    ]
    document = {
        "schema": "gapura-rulebook/1",
        "version": version,
        "letter": "SE 1/2026",
        "effective_from": "2026-01-01T00:00:00+07:00",
        "trial": trial,
        "rules": rules,
        **more,
    }
    return json.dumps(document).encode()


@dataclass(slots=True)
class Kept:
    """What the hub has of one epoch of one door."""

    tip: bytes
    bodies: list[bytes] = field(default_factory=list)
    headers: list[Header] = field(default_factory=list)
    chains: list[bytes] = field(default_factory=list)


class Hub:
    """`time_ms` is the hub's clock. Every key is fresh, so that two hubs are strangers."""

    def __init__(self, time_ms: Callable[[], int] = lambda: NOW_MS) -> None:
        self.time_ms = time_ms
        self.root, self.bundle_key, self.receipt_key, self.pass_key = (
            Ed25519PrivateKey.generate() for _ in range(4)
        )
        self.sealing_key, self.recovery_key = (X25519PrivateKey.generate() for _ in range(2))
        self.kept: dict[tuple[bytes, bytes], Kept] = {}
        self.anchors: list[Anchor] = []
        self.runs: list[Run] = []

    @property
    def root_public(self) -> bytes:
        return self.root.public_key().public_bytes_raw()

    def signed_keys(self, *, without: Purpose | None = None) -> bytes:
        publics = {
            Purpose.BUNDLE: self.bundle_key.public_key().public_bytes_raw(),
            Purpose.RECEIPT: self.receipt_key.public_key().public_bytes_raw(),
            Purpose.PASS: self.pass_key.public_key().public_bytes_raw(),
            Purpose.SEALING: self.sealing_key.public_key().public_bytes_raw(),
            Purpose.RECOVERY: self.recovery_key.public_key().public_bytes_raw(),
        }
        keys = tuple(
            HubKey(purpose, public, NOW_S - YEAR_S, NOW_S + YEAR_S)
            for purpose, public in publics.items()
            if purpose is not without
        )
        return sign_key_list(KeyList(1, keys), self.root)

    @property
    def keys(self) -> KeyList:
        return open_key_list(self.signed_keys(), self.root_public)

    def card(
        self,
        *,
        token: bytes = b"token-of-16bytes",
        key_list: bytes | None = None,
        door: bytes = DOOR,
        hub_url: str = "https://hub.example.go.id",
        issued_at_s: int = NOW_S,
        expires_s: int = NOW_S + 86_400,
        key: Ed25519PrivateKey | None = None,
    ) -> str:
        """Return the text of an enrolment card for the door; `key` makes it a false one."""
        card = Card(
            door=door,
            door_label="Pintu utama",
            hub_url=hub_url,
            root_public=self.root_public,
            key_list=self.signed_keys() if key_list is None else key_list,
            token=token,
            issued_at_s=issued_at_s,
            expires_s=expires_s,
            ca_pin=bytes(32),
        )
        return sign_card(card, key or self.bundle_key)

    def time_card(self, issued_at_s: int, *, key: Ed25519PrivateKey | None = None) -> str:
        """Return the text of a time card; `key` makes it a false one."""
        return sign_time_card(issued_at_s, key or self.bundle_key)

    def bundle(
        self,
        door: DoorKeys,
        *,
        version: int = 1,
        place: Place = PLACE,
        rulebooks: tuple[bytes, ...] | None = None,
        revoked: bytes = b"",
        revoked_keys: bytes = b"",
        signers: tuple[HealthSigner, ...] = (),
        roster: RosterTable | None = None,
        device: bytes | None = None,
        key: Ed25519PrivateKey | None = None,
    ) -> bytes:
        """Return a bundle sealed to the door; `device` and `key` make it a false one."""
        bundle = Bundle(
            hub=hub_id(self.root_public),
            device=door.device,
            version=version,
            issued_at_ms=self.time_ms(),
            key_list=self.signed_keys(),
            rulebooks=(rulebook(),) if rulebooks is None else rulebooks,
            revoked=revoked,
            place=place,
            revoked_keys=revoked_keys,
            signers=signers,
            roster=roster,
        )
        if device is not None:
            bundle = replace(bundle, device=type(bundle.device)(device))
        return seal_bundle(bundle, key or self.bundle_key, door.sealing.public_key())

    def signed_bundle(self, door: DoorKeys, **changes: object) -> bytes:
        """Return what lies inside the seal of `bundle`."""
        device = changes.get("device", door.device)
        sealed = self.bundle(door, **changes)  # type: ignore[arg-type]
        return unseal_bundle(sealed, door.sealing, device=device)  # type: ignore[arg-type]

    def issue(
        self,
        *,
        cti: bytes = b"pass-cti",
        sub: bytes = b"subject1",
        pass_type: PassType = PassType.VISITOR,
        not_before_s: int = NOW_S - 3600,
        expires_s: int = NOW_S + 3600,
        unit: int = 0,
        holder_key: HolderKey | None = None,
    ) -> str:
        """Return the text of a pass; with a holder's key it is what a turning one is made of."""
        claims = Claims(
            sub, cti, not_before_s, expires_s, pass_type, unit=unit, holder_key=holder_key
        )
        return issue_static(claims, self.pass_key)

    def take(self, message: bytes, door_public: bytes) -> Receipt:
        """Open a batch entry by entry along its chain, keep it, and return what to answer.

        Raises:
            WireError: something in it does not open.
        """
        batch = open_batch(message, door_public)
        start = first_chain(batch.device, batch.epoch)
        kept = self.kept.setdefault((batch.device, batch.epoch), Kept(start))
        keys = {run.run_no: self._run_key(run) for run in self._open_runs(batch, door_public)}
        adopted = {item.run_no: open_run(item.signed, door_public) for item in batch.adopted}
        assert batch.previous in {start, *kept.chains}, "the batch hangs on nothing known"
        tip = batch.previous
        for entry in batch.entries:
            if entry.header.kind == Kind.CARRIED:
                run, carried = adopted[entry.header.run_no], read_carried(entry.sealed)
                body = carried.unseal(entry.header, run, RunCipher(self._run_key(run)))
            else:
                run_key = keys[entry.header.run_no]
                body = unseal(entry, run_key=run_key, previous=tip, epoch=batch.epoch)
            tip = entry.chain(tip, batch.epoch)
            if entry.header.seq == len(kept.bodies) + 1:
                kept.bodies.append(body)
                kept.headers.append(entry.header)
                kept.chains.append(tip)
        kept.tip = kept.chains[-1] if kept.chains else start
        self.anchors += batch.anchors
        return self.receipt(batch, acked_through=len(kept.bodies), chain=kept.tip)

    def receipt(
        self,
        batch: Batch,
        *,
        acked_through: int,
        chain: bytes,
        nonce: bytes | None = None,
        rejected: tuple[tuple[int, Rejection], ...] = (),
        conflict: bool = False,
    ) -> Receipt:
        return Receipt(
            device=batch.device,
            epoch=batch.epoch,
            acked_through=acked_through,
            chain=chain,
            rejected=rejected,
            missing=(),
            nonce=batch.nonce if nonce is None else nonce,
            hub_time_ms=self.time_ms(),
            pause_s=0,
            conflict=conflict,
        )

    def sign(self, receipt: Receipt) -> bytes:
        return sign_receipt(receipt, self.receipt_key)

    def _open_runs(self, batch: Batch, door_public: bytes) -> list[Run]:
        runs = [open_run(signed, door_public) for signed in batch.runs]
        assert all(run.epoch == batch.epoch for run in runs)
        self.runs += runs
        return runs

    def _run_key(self, run: Run) -> bytes:
        """Open with the sealing key, and see that the recovery key opens the same."""
        key = run.open_key(self.sealing_key)
        assert run.open_key(self.recovery_key) == key
        return key


STRANGE_NONCE = bytes(NONCE_BYTES)
