"""The hub as it is served, in threads of the test's own process and with its pinned clock."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self

from django.db import connections
from waitress import wasyncore
from waitress.server import create_server

_THREADS = 4
_DEADLINE_S = 20
_TICK_S = 0.05


class LiveHub:
    """Answers on a free port while it is entered; `url` is its address.

    It uses the database that is chosen when it starts. `sent` counts the bytes of answers by path,
    headers left out, whoever asked: the page, or its worker.
    """

    def __init__(self) -> None:
        # Imported here, for it sets Django up.
        from sync.hub.wsgi import application

        self._application = application
        self.sent: Counter[str] = Counter()
        self._sockets: dict[int, object] = {}
        self._is_over = threading.Event()
        self._server = create_server(
            self._counted, map=self._sockets, host="127.0.0.1", port=0, threads=_THREADS
        )
        self.url = f"http://127.0.0.1:{self._server.effective_port}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join(_DEADLINE_S)
        assert not self._thread.is_alive()

    def _counted(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterator[bytes]:
        answer = self._application(environ, start_response)
        try:
            for piece in answer:
                self.sent[environ["PATH_INFO"]] += len(piece)
                yield piece
        finally:
            answer.close()

    def _serve(self) -> None:
        """As waitress does for ever."""
        try:
            while not self._is_over.is_set():
                wasyncore.loop(timeout=_TICK_S, map=self._sockets, count=1)
        finally:
            self._server.task_dispatcher.shutdown()
            wasyncore.close_all(self._sockets)
            self._server.close()
            connections.close_all()
