"""A CA as `gapura-hub create-certificate` makes it, and servers under it, of any dates."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sync.hub import device_ca

NOW = datetime.now(UTC)
YEAR = timedelta(days=365)


class TestCa:
    __test__ = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        device_ca.make_ca(folder, NOW)

    @property
    def der(self) -> bytes:
        return device_ca.read_ca(self._folder / device_ca.CA_FILE).der

    @property
    def pin(self) -> bytes:
        return device_ca.read_ca(self._folder / device_ca.CA_FILE).pin

    @property
    def file(self) -> Path:
        return self._folder / device_ca.CA_FILE

    def server(
        self, *, name: str = "127.0.0.1", begins: datetime = NOW, lasts: timedelta = YEAR
    ) -> ssl.SSLContext:
        """Return what a server of that name needs; it is valid from a day before `begins`."""
        into = self._folder / f"{name}-{begins.year}"
        device_ca.make_server(self._folder, into, [name], begins, lasts)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(into / device_ca.SERVER_FILE, into / device_ca.SERVER_KEY)
        return context
