"""Between WSGI and the front door's own messages."""

from __future__ import annotations

import io
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, unquote_to_bytes, urlencode
from xml.sax.saxutils import escape

from emulator.front_door.messages import Answer, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from emulator.front_door.post_form import PostedObject

# moto's own header for choosing an account; a client's is never passed on.
ACCOUNT_HEADER = "HTTP_X_MOTO_ACCOUNT_ID"
# moto's way of keeping the spelling of `x-amz-meta-a_b`, which WSGI cannot tell from `x-amz-meta-a-b`.
_PRESERVED_NAMES = "moto.preserved_header_names"


def read_request(environ: WSGIEnvironment) -> Request:
    """Take the request out of a WSGI environment and leave there a body that can be read again."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length) if length else b""
    environ["wsgi.input"] = io.BytesIO(body)
    original_names = environ.get(_PRESERVED_NAMES) or {}
    headers = {
        original_names.get(name, name.removeprefix("HTTP_").replace("_", "-")).lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_") or name in {"CONTENT_TYPE", "CONTENT_LENGTH"}
    }
    path, _, query = str(environ.get("RAW_URI") or environ.get("PATH_INFO") or "/").partition("?")
    return Request(environ["REQUEST_METHOD"], path, query, headers, body)


def put_environ(environ: WSGIEnvironment, posted: PostedObject) -> WSGIEnvironment:
    """Make of a verified form the plain PutObject it amounts to, so that nobody parses the form a second time."""
    passed_on = {"HTTP_HOST", ACCOUNT_HEADER}
    kept = {name: value for name, value in environ.items() if not name.startswith("HTTP_") or name in passed_on}
    names = {f"HTTP_{name.upper().replace('-', '_')}": (name, value) for name, value in posted.headers.items()}
    content_type = names.pop("HTTP_CONTENT_TYPE", ("content-type", "binary/octet-stream"))[1]
    return {
        **kept,
        **{name: value for name, (_, value) in names.items()},
        _PRESERVED_NAMES: {name: original for name, (original, _) in names.items() if "_" in original},
        "REQUEST_METHOD": "PUT",
        "RAW_URI": posted.path,
        "REQUEST_URI": posted.path,
        # WSGI keeps decoded bytes as Latin-1 text.
        "PATH_INFO": unquote_to_bytes(posted.path).decode("latin-1"),
        "QUERY_STRING": "",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(posted.body)),
        "wsgi.input": io.BytesIO(posted.body),
    }


def form_environ(environ: WSGIEnvironment, request: Request) -> WSGIEnvironment:
    """Make of a verified presigned request of the query protocol the signed form it amounts to: moto knows no other.

    The signature is not handed on, only whose key it was made with.
    """
    pairs = parse_qsl(request.query, keep_blank_values=True)
    scope = next(value for name, value in pairs if name == "X-Amz-Credential")
    body = urlencode([(name, value) for name, value in pairs if not name.startswith("X-Amz-")]).encode()
    return {
        **environ,
        "REQUEST_METHOD": "POST",
        "RAW_URI": request.path,
        "REQUEST_URI": request.path,
        "QUERY_STRING": "",
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=verified",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }


def forward(application: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """Ask a WSGI application and collect its whole answer."""
    status, headers, written = "500 Internal Server Error", list[tuple[str, str]](), bytearray()

    def start_response(
        given_status: str, given_headers: list[tuple[str, str]], _exc_info: object = None, /
    ) -> Callable[[bytes], object]:
        nonlocal status, headers
        status, headers = given_status, given_headers
        return written.extend

    chunks = application(environ, start_response)
    try:
        written += b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    return Answer(int(status[:3]), tuple(headers), bytes(written))


def post_answer(stored: Answer, posted: PostedObject, request: Request) -> Answer:
    """Answer a POST form the way S3 does, once its object is stored; an error passes through."""
    if stored.status != HTTPStatus.OK:
        return stored
    etag = next((value for name, value in stored.headers if name.lower() == "etag"), "")
    location = f"http://{request.headers.get('host', '')}{posted.path}"
    headers = (("ETag", etag), ("Location", location))
    if posted.success_status != HTTPStatus.CREATED:
        return Answer(posted.success_status, headers)
    bucket, _, key = posted.path[1:].partition("/")
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<PostResponse><Location>{escape(location)}</Location><Bucket>{escape(bucket)}</Bucket>"
        f"<Key>{escape(unquote(key))}</Key><ETag>{escape(etag)}</ETag></PostResponse>"
    )
    return Answer(posted.success_status, (*headers, ("Content-Type", "application/xml")), body.encode())


def send(answer: Answer, start_response: StartResponse) -> Iterable[bytes]:
    """Give an answer to the server."""
    start_response(f"{answer.status} {_phrase(answer.status)}", list(answer.headers))
    return [answer.body]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # a status that Python has no words for
        return "Unknown"
