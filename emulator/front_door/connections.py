"""Connections of the front door: one thread each, kept open between requests, each answer sent in one piece.

werkzeug's development server closes every connection; functions and hosts make thousands of small calls, so this one
does not.
"""

from __future__ import annotations

import io
import logging
import socket
import threading
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import ThreadedWSGIServer

from emulator.front_door.messages import ConnectionLost

if TYPE_CHECKING:
    from io import RawIOBase

    from _typeshed.wsgi import WSGIApplication

MAX_BODY_BYTES = 128 * 1024 * 1024
_log = logging.getLogger(__name__)


class Handler(MotoRequestHandler):  # type: ignore[misc]  # moto's inside is untyped here
    """Serves the requests of one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    timeout = 300  # seconds an idle connection is kept

    def run_wsgi(self) -> None:
        """Read one whole request, ask the application, send the whole answer."""
        body = self._read_body()
        if body is None:
            self.close_connection = True
            self._send("413 Content Too Large", [], b"")
            return
        self.environ = environ = self.make_environ()
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ.pop("wsgi.input_terminated", None)
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        answer: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _exc_info: object = None) -> Any:
            answer[:] = [status, headers]

        try:
            content = b"".join(self.server.app(environ, start_response))
        except ConnectionLost:
            self.close_connection = True
            return
        except Exception:  # noqa: BLE001 - the embedded AWS broke: say so to the client and in the log, and serve on
            _log.exception("the embedded AWS failed on %s %s", self.command, self.path.partition("?")[0])
            answer, content = ["500 Internal Server Error", []], b""
        self._send(answer[0], answer[1], content)

    def _read_body(self) -> bytes | None:
        """Read the request's body; None when it is too large or its length is nonsense."""
        if self.headers.get("Expect", "").strip().lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return _read_chunks(self.make_environ()["wsgi.input"])
        declared = self.headers.get("Content-Length", "0")
        if not declared.isdecimal() or int(declared) > MAX_BODY_BYTES:
            return None
        content: bytes = self.rfile.read(int(declared))
        return content

    def _send(self, status: str, headers: list[tuple[str, str]], content: bytes) -> None:
        code = int(status[:3])
        bodiless = self.command == "HEAD" or code in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
        self.send_response(code, status[4:])
        given = {name.lower() for name, _ in headers}
        for name, value in headers:
            if name.lower() not in {"content-length", "connection", "date", "server"} or (
                self.command == "HEAD" and name.lower() == "content-length"
            ):
                self.send_header(name, value)
        if not (bodiless and (self.command != "HEAD" or "content-length" in given)):
            self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if not bodiless:
            self.wfile.write(content)
        self.wfile.flush()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing of single requests: a presigned URL would stand in the log."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's own name
        """Pass what the server says (malformed requests, dropped connections) to the log, at its lowest level."""
        _log.debug("%s: " + message, type, *args)


def _read_chunks(chunked: RawIOBase) -> bytes | None:
    content = bytearray()
    while piece := chunked.read(1 << 16):
        content += piece
        if len(content) > MAX_BODY_BYTES:
            return None
    return bytes(content)


class Server(ThreadedWSGIServer):
    """Listens on 127.0.0.1 only; remembers its connections so that they can be closed."""

    def __init__(self, port: int, application: WSGIApplication) -> None:
        """Bind; raises OSError when the port is taken."""
        # Bound here, not by werkzeug: werkzeug exits the whole program when a port is taken.
        listener = socket.create_server(("127.0.0.1", port), backlog=self.request_queue_size)
        self._connections: set[socket.socket] = set()
        self._connections_lock = threading.Lock()
        try:
            super().__init__("127.0.0.1", listener.getsockname()[1], application, Handler, fd=listener.fileno())
        finally:
            listener.close()
        self.port = self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember a new connection, then serve it in a thread."""
        with self._connections_lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection and close it."""
        with self._connections_lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """Close what clients still hold open."""
        with self._connections_lock:
            remaining = list(self._connections)
        for connection in remaining:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # closed by its client in this moment
                continue
