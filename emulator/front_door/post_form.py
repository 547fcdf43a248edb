"""Read an S3 POST form: its fields in order, its file, and the object it would store.

Source: "POST Object" in the S3 API reference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from emulator.front_door.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_FIELDS_BYTES = 20_000  # AWS: the form without its file
MAX_KEY_BYTES = 1024
_MAX_PARTS = 200

# Form fields that become headers of the stored object under the same name. Every other known field is about the
# request itself.
_OBJECT_HEADERS = frozenset({"content-type", "cache-control", "content-disposition", "content-encoding", "expires"})
_OBJECT_HEADER_PREFIXES = ("x-amz-meta-", "x-amz-server-side-encryption", "x-amz-storage-class", "x-amz-checksum-")
_UNSUPPORTED = frozenset({"tagging", "redirect", "success_action_redirect"})


@dataclass(frozen=True, slots=True)
class PostedObject:
    """An object a verified form stores.

    `path` is its encoded path, `headers` what is kept with it, `success_status` the HTTP status of the answer.
    """

    path: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    success_status: int


@dataclass(frozen=True, slots=True)
class PostForm:
    """A form as sent: field names in lower case, each given once, and everything after the file ignored as AWS does."""

    fields: Mapping[str, str] = field(repr=False)
    file: bytes = field(repr=False)

    @property
    def key(self) -> str:
        """The key the object would be stored under."""
        return self.fields["key"]

    def posted_object(self, bucket: str) -> PostedObject:
        """Turn the form into the object it stores; Refused for what this emulator cannot do."""
        unsupported = _UNSUPPORTED.intersection(self.fields)
        if unsupported:
            raise Refused("NotImplemented", f"The form field {min(unsupported)} is not supported here.", 501)
        headers = {
            name: value
            for name, value in self.fields.items()
            if name in _OBJECT_HEADERS or name.startswith(_OBJECT_HEADER_PREFIXES)
        }
        if "acl" in self.fields:
            headers["x-amz-acl"] = self.fields["acl"]
        status = self.fields.get("success_action_status", "204")
        path = f"/{quote(bucket, safe='')}/{quote(self.key, safe='/-_.~')}"
        return PostedObject(path, headers, self.file, int(status) if status in {"200", "201"} else 204)


def parse_post_form(content_type: str, body: bytes) -> PostForm:
    """Read a `multipart/form-data` body; Refused when malformed, too large, or when a field is given twice."""
    boundary = parse_options_header(content_type)[1].get("boundary", "")
    fields: dict[str, str] = {}
    fields_bytes = 0
    for name, filename, value in _parts(boundary, body):
        if name == "file":
            key = fields.get("key", "")
            fields["key"] = _checked_key(key.replace("${filename}", filename or ""))
            return PostForm(fields, value)
        fields_bytes += len(name) + len(value)
        if fields_bytes > MAX_FIELDS_BYTES:
            message = "Your POST request fields preceding the upload file were too large."
            raise Refused("MaxPostPreDataLengthExceeded", message, 400)
        if name in fields:
            raise Refused("InvalidArgument", f"The form field {name} is given more than once.", 400)
        fields[name] = _text(value)
    raise Refused("InvalidArgument", "POST requires exactly one file upload per request.", 400)


def missing_field(name: str) -> Refused:
    """Say in S3's words that a form lacks a field; fields after the file do not count."""
    hint = "If it is specified, please check the order of the fields."
    return Refused("InvalidArgument", f"Bucket POST must contain a field named '{name}'. {hint}", 400)


def _checked_key(key: str) -> str:
    if not key:
        raise missing_field("key")
    if len(key.encode()) > MAX_KEY_BYTES:
        raise Refused("KeyTooLongError", "Your key is too long", 400)
    return key


def _text(value: bytes) -> str:
    try:
        text = value.decode()
    except UnicodeDecodeError as error:
        raise Refused("InvalidArgument", "A form field is not valid UTF-8.", 400) from error
    if any(character in text for character in "\r\n\0"):
        raise Refused("InvalidArgument", "A form field holds a line break.", 400)
    return text


def _parts(boundary: str, body: bytes) -> list[tuple[str, str | None, bytes]]:
    """List the parts up to and with the file: name in lower case, file name if any, content."""
    decoder = MultipartDecoder(boundary.encode("utf-8", "replace"), max_form_memory_size=None, max_parts=_MAX_PARTS)
    decoder.receive_data(body)
    decoder.receive_data(None)
    parts: list[tuple[str, str | None, bytes]] = []
    content = bytearray()
    name, filename = "", None
    try:
        while not isinstance(event := decoder.next_event(), (Epilogue, NeedData)):
            if isinstance(event, (Field, File)):
                name, filename, content = event.name.lower(), getattr(event, "filename", None), bytearray()
            elif isinstance(event, Data):
                content += event.data
                if not event.more_data:
                    parts.append((name, filename, bytes(content)))
                    if name == "file":
                        break
    except ValueError as error:
        message = "The body of your POST request is not well-formed multipart/form-data."
        raise Refused("MalformedPOSTRequest", message, 400) from error
    return parts
