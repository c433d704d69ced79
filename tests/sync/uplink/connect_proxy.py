"""A small proxy as offices have them: CONNECT for TLS, whole addresses for the rest."""

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class ConnectProxy:
    """`status` is what it answers to CONNECT; `asked` are the first lines of what came."""

    url: str
    status: int = 200
    asked: list[str] = field(default_factory=list)


@contextmanager
def connect_proxy() -> Iterator[ConnectProxy]:
    listener = socket.create_server(("127.0.0.1", 0))
    proxy = ConnectProxy(f"http://127.0.0.1:{listener.getsockname()[1]}")
    threads = [threading.Thread(target=_serve, args=(listener, proxy))]
    threads[0].start()
    try:
        yield proxy
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        threads[0].join()
        listener.close()


def _serve(listener: socket.socket, proxy: ConnectProxy) -> None:
    while True:
        try:
            client, _address = listener.accept()
        except OSError:
            return
        with client:
            client.settimeout(5)
            head = b""
            while b"\r\n\r\n" not in head and (chunk := client.recv(4096)):
                head += chunk
            _answer(client, head, proxy)


def _answer(client: socket.socket, head: bytes, proxy: ConnectProxy) -> None:
    method, target, _version = head.split(b"\r\n")[0].decode().split()
    proxy.asked.append(f"{method} {target}")
    if proxy.status != 200:
        client.sendall(f"HTTP/1.1 {proxy.status} No\r\nContent-Length: 0\r\n\r\n".encode())
        return
    where = target if method == "CONNECT" else target.split("/")[2]
    host, _colon, port = where.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=5) as server:
        if method == "CONNECT":
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            server.sendall(head)
        _pass_on(client, server)


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    across = {one: other, other: one}
    while True:
        for ready in select.select(list(across), [], [], 5)[0]:
            chunk = ready.recv(65_536)
            if not chunk:
                return
            across[ready].sendall(chunk)
