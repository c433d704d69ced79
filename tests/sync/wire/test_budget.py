"""Messages fit where they must: a slow line, and a code that a plain camera reads."""

from dataclasses import replace

import segno

from sync.wire.batch import MAX_BYTES, MAX_ENTRIES, open_batch, sign_batch
from sync.wire.card import MAX_CHARACTERS, open_card, sign_card
from sync.wire.entry import Header, Kind, SealedEntry, WallClock, first_chain, seal
from sync.wire.visit import Direction, Visit
from tests.sync.wire.messages import BATCH, CARD, EPOCH, RUN_KEY
from tests.sync.wire.parties import BUNDLE, DEVICE, DOOR, ROOT, WITHIN_S, public

# Numbers as they are after some years at a busy door.
_FIRST_SEQ = 2_000_000
_RUN_NO = 3000


def _entries() -> tuple[SealedEntry, ...]:
    previous = first_chain(DEVICE, EPOCH)
    entries = []
    for place in range(MAX_ENTRIES):
        header = Header(
            seq=_FIRST_SEQ + place,
            run_no=_RUN_NO,
            boot_ms=2**31 + place * 3000,
            wall_ms=WITHIN_S * 1000 + place * 3000,
            clock=WallClock.SYNCHRONISED,
            kind=Kind.VISIT,
            nonce=300_000 + place,
        )
        visit = Visit(
            *(1, 1, 0, Direction.IN, 1, 200, WITHIN_S + place * 3),
            latest_s=WITHIN_S + place * 3 + 1,
            rule=12,
            pass_type=1,
            sub=bytes(8),
            cti=bytes(8),
        )
        sealed = seal(header, visit.to_bytes(), run_key=RUN_KEY, previous=previous, epoch=EPOCH)
        entries.append(SealedEntry(header, sealed))
        previous = entries[-1].chain(previous, EPOCH)
    return tuple(entries)


def test_a_full_batch_costs_at_most_150_bytes_a_visit() -> None:
    batch = replace(BATCH, entries=_entries(), runs=(bytes(350),) * 4)
    message = sign_batch(batch, DOOR)
    assert len(message) <= MAX_ENTRIES * 150 < MAX_BYTES
    assert open_batch(message, public(DOOR)) == batch


def test_a_card_with_long_names_is_one_code() -> None:
    card = replace(
        CARD,
        door_label="Pintu Utama Timur, Badan Perencanaan Pembangunan Daerah, Lantai 2",
        hub_url="https://gapura.diskominfo.kabupaten-lombok-tengah.example.go.id:8443",
    )
    text = sign_card(card, BUNDLE)
    assert len(text) <= MAX_CHARACTERS
    assert open_card(text, pinned_root=public(ROOT))[0] == card
    code = segno.make_qr(text, error="m", boost_error=False)
    assert code.mode == "alphanumeric"
