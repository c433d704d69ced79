"""Takes in what lies on a kiosk's card, entry by entry along its chain.

No batch of the card's is signed; runs are, by the door, and no entry opens but under its run, in
its place. What came over the network before, or comes after, is the same entry.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from sync.hub.fleet.models import Device, DeviceStatus
from sync.hub.ingest.card_journal import CardEpoch, CardJournal
from sync.hub.ingest.models import Entry, Rejected
from sync.hub.ingest.parcels import count_stored
from sync.hub.ingest.settling import settle
from sync.hub.keyring import Keyring
from sync.wire import cbor
from sync.wire.batch import MAX_ENTRIES, NONCE_BYTES, Anchor, Batch
from sync.wire.entry import BOOT_ID_BYTES, SealedEntry, first_chain
from sync.wire.keys import DeviceId


@dataclass(slots=True)
class CardTally:
    """What was on the card of one epoch. `unread` entries hang on nothing that can be read.

    `refused` says why nothing was taken at all, empty where it was.
    """

    epoch: CardEpoch
    taken: int = 0
    repeated: int = 0
    rejected: int = 0
    conflicts: int = 0
    unread: int = 0
    refused: str = ""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Entries that follow one another; `previous` is the chain value before the first."""

    previous: bytes
    entries: tuple[SealedEntry, ...]


class CardImport:
    """`even_revoked` takes visits of kiosks that were revoked: whoever stole one may have signed
    them.
    """

    def __init__(self, keyring: Keyring, at: datetime, *, even_revoked: bool = False) -> None:
        self._keyring = keyring
        self._at = at
        self._even_revoked = even_revoked

    def take(self, journal: CardJournal) -> Iterator[CardTally]:
        """Take in a journal, and yield what each of its epochs came to."""
        anchors = journal.anchors()
        for epoch in journal.epochs():
            tally = CardTally(epoch)
            device = Device.objects.filter(device_id=epoch.device).first()
            if device is None:
                tally.refused = "this device is not known here"
            elif device.status == DeviceStatus.REVOKED and not self._even_revoked:
                tally.refused = "this device is revoked: see --even-revoked"
            else:
                self._take_epoch(journal, epoch, anchors, tally)
            yield tally

    def _take_epoch(
        self,
        journal: CardJournal,
        epoch: CardEpoch,
        anchors: tuple[Anchor, ...],
        tally: CardTally,
    ) -> None:
        own, adopted = journal.runs(epoch.number)
        for stretch in _stretches(journal, epoch, tally):
            named = {entry.header.run_no for entry in stretch.entries}
            batch = _batch(epoch, stretch, anchors)
            runs = tuple(own[number] for number in sorted(named & own.keys()))
            brought = tuple(adopted[number] for number in sorted(named & adopted.keys()))
            self._settle(replace(batch, runs=runs, adopted=brought), tally)
            anchors = ()

    def _settle(self, batch: Batch, tally: CardTally) -> None:
        with transaction.atomic():
            device = (
                Device.objects.select_for_update(of=("self",))
                .select_related("door__site", "door__office")
                .get(device_id=batch.device)
            )
            before = count_stored(device, batch, Entry)
            message = cbor.encode([entry.to_value() for entry in batch.entries])
            settled = settle(device, batch, message, self._keyring, self._at, is_news=False)
            tally.taken += count_stored(device, batch, Entry) - before
            tally.rejected += count_stored(device, batch, Rejected)
        tally.repeated += before
        tally.conflicts += settled.is_conflict


def _stretches(journal: CardJournal, epoch: CardEpoch, tally: CardTally) -> Iterator[_Stretch]:
    """Yield entries that follow one another, up to a batch's number of them at a time."""
    entries: list[SealedEntry] = []
    begin = previous = first_chain(epoch.device, epoch.epoch)
    last_seq = 0
    for entry, chain in journal.entries(epoch.number):
        follows = entry.header.seq == last_seq + 1
        before = previous if follows else _chain_at(epoch, entry.header.seq - 1)
        fits = before is not None and entry.chain(before, epoch.epoch) == chain
        if entries and not (follows and fits and len(entries) < MAX_ENTRIES):
            yield _Stretch(begin, tuple(entries))
            entries = []
        if fits and before is not None:
            begin = begin if entries else before
            entries.append(entry)
        elif _chain_at(epoch, entry.header.seq) == chain:
            tally.repeated += 1
        else:
            tally.unread += 1
        previous, last_seq = chain, entry.header.seq
    if entries:
        yield _Stretch(begin, tuple(entries))


def _chain_at(epoch: CardEpoch, seq: int) -> bytes | None:
    """Return the chain value that the hub has there: what the card lacks may have come before."""
    for model in (Entry, Rejected):
        found = model._default_manager.filter(
            epoch__device__device_id=epoch.device, epoch__epoch=epoch.epoch, seq=seq
        )
        for chain in found.values_list("chain", flat=True):
            return bytes(chain)
    return None


def _batch(epoch: CardEpoch, stretch: _Stretch, anchors: tuple[Anchor, ...]) -> Batch:
    """A card says nothing of how the kiosk is, nor that anything is gone for good."""
    return Batch(
        device=DeviceId(epoch.device),
        epoch=epoch.epoch,
        previous=stretch.previous,
        runs=(),
        anchors=anchors,
        entries=stretch.entries,
        health=(),
        nonce=bytes(NONCE_BYTES),
        boot_id=bytes(BOOT_ID_BYTES),
        sent_boot_ms=0,
        sent_wall_ms=0,
        newest_seq=stretch.entries[-1].header.seq,
        bundle_version=0,
        software="",
    )
