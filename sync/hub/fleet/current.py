"""What all doors are told alike, gathered once for each edition and not for each batch."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sync.hub.fleet.bundles import Publication, gather
from sync.hub.fleet.edition import newest_edition
from sync.hub.keyring import Keyring

# A revocation ends with its pass, without anybody's doing.
_KEPT_FOR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Gathered:
    edition: bytes
    publication: Publication

    def serves(self, edition: bytes, keyring: Keyring, at: datetime) -> bool:
        publication = self.publication
        return (
            self.edition == edition
            and publication.keyring is keyring
            and publication.at <= at < publication.at + _KEPT_FOR
        )


class _Shelf:
    """Holds the last one; threads may put theirs there at the same time, each as good."""

    def __init__(self) -> None:
        self._last: _Gathered | None = None

    def get(self, keyring: Keyring, at: datetime) -> Publication:
        # Asked first: what is read after it is as new, or newer.
        edition = newest_edition()
        last = self._last
        if edition is not None and last is not None and last.serves(edition, keyring, at):
            return last.publication
        publication = gather(keyring, at)
        if edition is not None:
            self._last = _Gathered(edition, publication)
        return publication


_SHELF = _Shelf()


def current_publication(keyring: Keyring, at: datetime) -> Publication:
    """Return what a batch that arrives at this time is answered with."""
    return _SHELF.get(keyring, at)
