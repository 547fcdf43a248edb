"""Calls of this process to an embedded AWS of this process, without a connection between the two.

A third of what a call costs here is HTTP: written, parsed, and handed from one thread to another and back. What comes
of a call does not depend on it; a contract test holds both ways to the same answers. Whoever is outside of the process
(hosts, the command line) uses the front door's connections as ever.
"""

from __future__ import annotations

import contextvars
import io
import logging
from contextlib import contextmanager
from email.utils import formatdate
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from unittest import mock
from urllib.parse import unquote_to_bytes, urlsplit

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError
from botocore.httpsession import URLLib3Session
from urllib3 import HTTPHeaderDict, HTTPResponse

from emulator.front_door.messages import ConnectionLost
from emulator.front_door.server import FrontDoor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed.wsgi import WSGIEnvironment

OF_THE_REQUEST = {"content-length", "host", "transfer-encoding"}
"""Headers of a request that its server sets anew for the application, or keeps to itself."""
OF_THE_ANSWER = {"content-length", "connection", "date", "server"}
"""Headers of an answer that its server sets."""
_log = logging.getLogger(__name__)


@contextmanager
def without_sockets() -> Iterator[dict[str, FrontDoor]]:
    """Let botocore's clients of this process ask every front door that starts meanwhile directly.

    Gives the doors by host and port; who is taken out is asked over a connection again.
    """
    doors: dict[str, FrontDoor] = {}
    start, stop, send = FrontDoor.start, FrontDoor.stop, URLLib3Session.send

    def start_known(door: FrontDoor, port: int = 0) -> str:
        url = start(door, port)
        doors[urlsplit(url).netloc] = door
        return url

    def stop_known(door: FrontDoor) -> None:
        for place in [place for place, one in doors.items() if one is door]:
            del doors[place]
        stop(door)

    def send_directly(session: Any, request: Any) -> Any:
        door = doors.get(urlsplit(request.url).netloc)
        # How a name with an underscore is spelled, only the server knows how to hand on.
        if door is None or any("_" in name for name in request.headers):
            return send(session, request)
        return answered(door, request)

    with (
        mock.patch.object(FrontDoor, "start", start_known),
        mock.patch.object(FrontDoor, "stop", stop_known),
        mock.patch.object(URLLib3Session, "send", send_directly),
    ):
        yield doors


def answered(door: FrontDoor, request: Any) -> AWSResponse:
    """What botocore makes of a door's answer.

    Raises:
        ConnectionClosedError: The door hangs up without one.
    """
    try:
        # In a context of its own, as the door's thread is: a function's environment is not the embedded AWS's.
        status, given, content = contextvars.Context().run(asked, door, environ_of(request))
    except ConnectionLost as error:
        raise ConnectionClosedError(error=error, request=request, endpoint_url=request.url) from error
    if request.method == "HEAD" or status in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
        headers, content = HTTPHeaderDict(given), b""
    else:
        headers = HTTPHeaderDict([one for one in given if one[0].lower() not in OF_THE_ANSWER])
        headers["Content-Length"] = str(len(content))
    headers["Date"] = formatdate(usegmt=True)
    as_botocore_reads = {"preload_content": False, "decode_content": False, "enforce_content_length": False}
    raw = HTTPResponse(io.BytesIO(content), headers, status, **as_botocore_reads)
    answer = AWSResponse(request.url, status, headers, raw)
    if not request.stream_output:
        answer.content  # noqa: B018 - read at once, as botocore does
    return answer


def asked(door: FrontDoor, environ: WSGIEnvironment) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and body of a door's answer; where the embedded AWS breaks, what its server says then."""
    told: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _exc_info: object = None) -> Any:
        told[:] = [int(status[:3]), headers]

    try:
        content = b"".join(door(environ, start_response))
    except ConnectionLost:
        raise
    except Exception:  # noqa: BLE001 - the server does the same: say so to the client and in the log, and serve on
        _log.exception("the embedded AWS failed on %s %s", environ["REQUEST_METHOD"], environ["PATH_INFO"])
        return HTTPStatus.INTERNAL_SERVER_ERROR, [], b""
    return told[0], told[1], content


def environ_of(request: Any) -> WSGIEnvironment:
    """A request of botocore as the server hands it to its application."""
    parts = urlsplit(request.url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    body = body_of(request)
    named = {
        f"HTTP_{name.upper().replace('-', '_')}": value.decode("latin-1") if isinstance(value, bytes) else str(value)
        for name, value in request.headers.items()
        if name.lower() not in OF_THE_REQUEST
    }
    return {
        # WSGI has this one without HTTP_.
        **({"CONTENT_TYPE": named.pop("HTTP_CONTENT_TYPE")} if "HTTP_CONTENT_TYPE" in named else {}),
        **named,
        "HTTP_HOST": parts.netloc,
        "CONTENT_LENGTH": str(len(body)),
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        # WSGI keeps decoded bytes as Latin-1 text.
        "PATH_INFO": unquote_to_bytes(parts.path).decode("latin-1"),
        "QUERY_STRING": parts.query,
        "REQUEST_URI": target,
        "RAW_URI": target,
        "SERVER_NAME": str(parts.hostname),
        "SERVER_PORT": str(parts.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def body_of(request: Any) -> bytes:
    """A request's whole body."""
    body = request.body or b""
    if isinstance(body, str):
        return body.encode()
    return bytes(body) if isinstance(body, bytes | bytearray) else bytes(body.read())
