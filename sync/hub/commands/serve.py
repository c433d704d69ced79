"""`gapura-hub serve`: answers devices and people until it is told to stop."""

import logging
import os
import signal
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from types import FrameType
from typing import NoReturn

from waitress.server import create_server

from sync.hub import installation
from sync.hub.errors import CommandFault
from sync.hub.supervision import find_notifier, kept_alive, watchdog_s
from sync.hub.wsgi import application

logger = logging.getLogger(__name__)
# What a stick holds may be sent up as one file; other addresses have limits of their own.
_LARGEST_BODY = 66 * 1024 * 1024
_THREADS = 8
_MOST_CONNECTIONS = 500
# A client that says nothing for so long is hung up on: waiting costs a connection, no thread.
_SILENCE_S = 30


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument(
        "--port", type=_port, default=8000, help="port, 0 for any that is free (%(default)s)"
    )
    parser.add_argument(
        "--ready-file", type=Path, metavar="PATH", help="write the URL here once it listens"
    )


def run(arguments: Namespace) -> None:
    installation.keyring()
    try:
        server = create_server(
            application,
            host=arguments.host,
            port=arguments.port,
            threads=_THREADS,
            connection_limit=_MOST_CONNECTIONS,
            channel_timeout=_SILENCE_S,
            cleanup_interval=_SILENCE_S // 3,
            max_request_body_size=_LARGEST_BODY,
            ident=None,
        )
    except OSError as error:
        raise CommandFault(
            f"cannot listen on {arguments.host} port {arguments.port}: {error.strerror}"
        ) from error
    signal.signal(signal.SIGTERM, _stop)
    url, notify = _url(arguments.host, server), find_notifier()
    try:
        _announce(url, arguments.ready_file)
        notify("READY=1")
        with kept_alive(notify, watchdog_s(), url):
            server.run()
    finally:
        server.close()
        if arguments.ready_file is not None:
            arguments.ready_file.unlink(missing_ok=True)
    logger.info("the hub has stopped")


def _announce(url: str, ready_file: Path | None) -> None:
    print(f"The hub listens at {url}", flush=True)
    if ready_file is None:
        return
    draft = ready_file.with_name(f".{ready_file.name}.{os.getpid()}")
    try:
        draft.write_text(f"{url}\n")
        draft.replace(ready_file)
    except OSError as error:
        raise CommandFault(f"{ready_file}: {error.strerror}") from error


def _url(host: str, server: object) -> str:
    """A name such as localhost makes several servers, one for each of its addresses."""
    port = getattr(server, "effective_port", None)
    if port is None:
        port = server.effective_listen[0][1]  # type: ignore[attr-defined]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    # Waitress takes this as its order to finish what it has begun.
    raise SystemExit(0)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise ArgumentTypeError("must be a number from 0 to 65535")
    return int(text)
