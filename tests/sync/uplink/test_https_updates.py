"""What the hub offers comes beside its answer; parts are fetched as what they are, and no more."""

from hashlib import sha256
from pathlib import Path

import pytest

from sync.uplink.errors import HubAway
from sync.uplink.https import HttpsHub
from sync.wire.envelope import MEDIA_TYPE, Content, Envelope, pack
from sync.wire.update import HEADER, PART_BYTES, Offer
from tests.sync.uplink.servers import Reply, hub_server
from tests.sync.wire.parties import DEVICE

BATCH = Envelope(Content.BATCH, DEVICE, b"a batch").to_bytes()
OFFER = Offer("0.2.0", 3, sha256(b"abc").digest(), "a:b-c_d")


def _reply(header: str | None) -> Reply:
    told = () if header is None else ((HEADER, header),)
    return Reply(body=pack([]), headers=(("Content-Type", MEDIA_TYPE), *told))


@pytest.mark.parametrize(
    ("header", "offer"), [(OFFER.to_header(), OFFER), (None, None), ("rubbish", None)]
)
def test_an_offer_comes_with_an_answer(header: str | None, offer: Offer | None) -> None:
    with hub_server(_reply(header)) as server:
        hub = HttpsHub(server.url, b"", Path("/nonexistent"))
        assert hub.offer is None
        hub.send(BATCH)
        assert hub.offer == offer
        hub.close()


def test_an_offer_is_that_of_the_last_answer() -> None:
    replies = iter([_reply(OFFER.to_header()), _reply(None)])
    with hub_server(lambda _body: next(replies)) as server:
        hub = HttpsHub(server.url, b"", Path("/nonexistent"))
        hub.send(BATCH)
        hub.send(BATCH)
        assert hub.offer is None
        hub.close()


def test_a_part_is_fetched_by_its_ticket() -> None:
    with hub_server(_reply(None)) as server:
        server.files["/v1/updates/a:b-c_d/7"] = b"abc"
        hub = HttpsHub(f"{server.url}/", b"", Path("/nonexistent"))
        assert hub.fetch_part(OFFER.ticket, 7) == b"abc"
        with pytest.raises(HubAway, match="404"):
            hub.fetch_part(OFFER.ticket, 8)
        server.files["/v1/updates/a:b-c_d/9"] = bytes(PART_BYTES + 1)
        with pytest.raises(HubAway, match="longer"):
            hub.fetch_part(OFFER.ticket, 9)
        hub.close()


def test_a_line_that_is_gone() -> None:
    with hub_server(_reply(None)) as server:
        url = server.url
    hub = HttpsHub(url, b"", Path("/nonexistent"))
    with pytest.raises(HubAway):
        hub.fetch_part(OFFER.ticket, 0)
