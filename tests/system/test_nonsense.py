"""A hub that answers nonsense: the door goes on, the courier says so, nobody crashes."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from demo_hub import DemoHub
from demo_kiosk import DemoKiosk

from tests.system.waiting import has_recorded


class Portal(BaseHTTPRequestHandler):
    """A WiFi sign-in page in the hub's place."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<html>Selamat datang di WiFi gratis</html>")

    def log_message(self, *_arguments: object) -> None:
        """Be quiet."""


def test_a_page_in_the_hubs_place_is_not_mistaken_for_the_hub(
    hub: DemoHub, enrolled: DemoKiosk, tmp_path: Path
) -> None:
    payload = hub.issue("--type", "visitor", "--label", "Contoh", "--days", "1")["pass"]
    port = int(hub.url.rsplit(":", 1)[1])
    hub.stop()
    server = ThreadingHTTPServer(("127.0.0.1", port), Portal)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        enrolled.show(payload, for_ms=1800)
        assert enrolled.wait_for(has_recorded(1), 20)
        enrolled.wait_until_the_stage_is_empty()
        assert enrolled.wait_for(lambda _: '"portal"' in sync_status(tmp_path), 30)
        assert enrolled.status()["backlog"] >= 1
        assert enrolled.status()["state"] == "ready"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    for log in (tmp_path / "kiosk").glob("*.log"):
        assert "Traceback" not in log.read_text()
    hub.start(port)
    assert enrolled.wait_for(lambda status: status["backlog"] == 0, 60)
    assert hub.arrived() == 1


def sync_status(home: Path) -> str:
    return (home / "kiosk/run/sync.json").read_text()
