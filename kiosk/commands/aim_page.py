"""A page with the live picture, for a browser on this machine and for nobody else."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2

from hardware.interfaces import Frame, GreyImage
from kiosk.commands.aim_view import Glimpse, figures, lines

LOOPBACK = "127.0.0.1"
_HOSTS = {LOOPBACK, "localhost"}
_JPEG_QUALITY = 70


class Page:
    """Serves from threads of its own, from the moment it is made; keeps the newest frame alone."""

    def __init__(self, port: int) -> None:
        """`port` 0 takes one that is free. Raises OSError where it is taken."""
        self._newest = threading.Lock()
        self._grey: GreyImage | None = None
        self._glimpse = Glimpse(0.0, None, "no picture yet")
        self._server = _Server((LOOPBACK, port), self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="aim-page", daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/"

    def show(self, glimpse: Glimpse, frame: Frame | None) -> None:
        with self._newest:
            self._glimpse = glimpse
            self._grey = None if frame is None else frame.grey

    def picture(self) -> bytes | None:
        """Return the newest frame as JPEG, None where there is none."""
        with self._newest:
            grey = self._grey
        if grey is None or not grey.size:
            return None
        return cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1].tobytes()

    def figures(self) -> bytes:
        with self._newest:
            glimpse = self._glimpse
        told = figures(glimpse) | {"lines": list(lines(glimpse))}
        return json.dumps(told, ensure_ascii=False).encode()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=2.0)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], page: Page) -> None:
        self.page = page
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    # A browser that opens a connection and says nothing must not keep a thread for ever.
    timeout = 5.0

    def do_GET(self) -> None:
        # A page elsewhere may give its own name to 127.0.0.1, to read what is shown here.
        if (self.headers.get("Host") or "").partition(":")[0] not in _HOSTS:
            self._answer(403, "text/plain", b"only for 127.0.0.1")
        elif self.path == "/":
            self._answer(200, "text/html; charset=utf-8", _HTML)
        elif self.path == "/figures.json":
            self._answer(200, "application/json", self.server.page.figures())
        elif self.path.partition("?")[0] == "/picture.jpg":
            picture = self.server.page.picture()
            self._answer(200 if picture else 404, "image/jpeg", picture or b"")
        else:
            self._answer(404, "text/plain", b"there is / alone")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """The terminal shows the figures; five requests a second would push them away."""

    def _answer(self, code: int, kind: str, content: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", _POLICY)
        self.end_headers()
        self.wfile.write(content)


_POLICY = "default-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"
_HTML = b"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Gapura: aim the camera</title>
<meta name="viewport" content="width=device-width">
<style>
body { font: 1.2rem/1.5 monospace; margin: 1rem; background: #111; color: #eee }
img { max-width: 100%; max-height: 70vh; background: #333; min-height: 10rem }
</style>
<img id="picture" alt="what the camera sees"><pre id="figures" aria-live="off"></pre>
<script>
const picture = document.getElementById("picture"), told = document.getElementById("figures");
async function look() {
  try {
    const seen = await (await fetch("figures.json")).json();
    told.textContent = seen.lines.join("\\n");
    picture.src = "picture.jpg?" + seen.at_s;
  } catch { told.textContent = "gapura-kiosk aim has ended"; }
  setTimeout(look, 250);
}
look();
</script></html>
"""
