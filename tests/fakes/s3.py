"""A bucket in memory that answers the few S3 verbs fleetdx uses, and fails as S3 does."""

from __future__ import annotations

import hashlib
import io
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from fleetdx.storage import Bucket
from tests.fakes.aws_errors import client_error
from tests.fakes.pages import Pages

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = 3
"""Objects a page: small, so that every listing turns a page."""


class NoSuchKey(ClientError):
    """S3's own error class for an absent object."""


class FakeS3:
    """An S3 client over a dictionary.

    Attributes:
        objects: (bucket, key) to the body.
        encodings: (bucket, key) to the Content-Encoding that it was put with.
        failing: (operation, key) to the errors that its next calls raise, one a call.
        written: Every key in the order of its writing.
    """

    exceptions = SimpleNamespace(NoSuchKey=NoSuchKey)

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], bytes] = {}
        self.encodings: dict[tuple[str, str], str] = {}
        self.failing: dict[tuple[str, str], list[Exception]] = {}
        self.written: list[str] = []

    def _fail_if_asked(self, operation: str, key: str) -> None:
        waiting = self.failing.get((operation, key), [])
        if waiting:
            raise waiting.pop(0)

    def put_object(self, *, Bucket: str, Key: str, Body: Any, **options: Any) -> dict[str, Any]:  # noqa: N803
        """Write an object; with IfNoneMatch only where none is, with IfMatch only where that one is."""
        self._fail_if_asked("put_object", Key)
        held = self.objects.get((Bucket, Key))
        if (options.get("IfNoneMatch") == "*" and held is not None) or (
            "IfMatch" in options and (held is None or etag_of(held) != options["IfMatch"])
        ):
            raise client_error("PreconditionFailed", "PutObject", 412)
        self.objects[Bucket, Key] = Body.read() if hasattr(Body, "read") else bytes(Body)
        self.encodings[Bucket, Key] = options.get("ContentEncoding", "")
        self.written.append(Key)
        return {}

    def get_object(self, *, Bucket: str, Key: str, Range: str | None = None) -> dict[str, Any]:  # noqa: N803
        """Read an object, or the bytes of it that a range names."""
        self._fail_if_asked("get_object", Key)
        if (Bucket, Key) not in self.objects:
            response = client_error("NoSuchKey", "GetObject", 404).response
            raise NoSuchKey(response, "GetObject")
        body = self.objects[Bucket, Key]
        if Range is not None:
            first, last = map(int, re.fullmatch(r"bytes=(\d+)-(\d+)", Range).groups())  # type: ignore[union-attr]
            if first >= len(body):
                raise client_error("InvalidRange", "GetObject", 416)
            body = body[first : last + 1]
        encoding = self.encodings.get((Bucket, Key))
        more = {"ContentEncoding": encoding} if encoding else {}
        return {"Body": io.BytesIO(body), "ETag": etag_of(body), **more}

    def delete_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        """Remove an object, if there is one."""
        self._fail_if_asked("delete_object", Key)
        self.objects.pop((Bucket, Key), None)
        return {}

    def get_paginator(self, operation: str) -> Pages:
        """The paginator of list_objects_v2."""
        assert operation == "list_objects_v2"
        return Pages(self._listing)

    def _listing(self, *, Bucket: str, Prefix: str, Delimiter: str = "") -> Iterator[dict[str, Any]]:  # noqa: N803
        found = sorted(key for bucket, key in self.objects if bucket == Bucket and key.startswith(Prefix))
        if Delimiter:
            rests = {key: key.removeprefix(Prefix).partition(Delimiter) for key in found}
            yield {
                "CommonPrefixes": [
                    {"Prefix": f"{Prefix}{name}/"} for name in sorted({one for one, end, _ in rests.values() if end})
                ]
            }
            found = [key for key, (_, end, _) in rests.items() if not end]
        for start in range(0, len(found), PAGE):
            names = found[start : start + PAGE]
            yield {"Contents": [{"Key": key, "Size": len(self.objects[Bucket, key])} for key in names]}
        if not found:
            yield {}


def etag_of(body: bytes) -> str:
    """An ETag in S3's form."""
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


def bucket(name: str = "data", client: FakeS3 | None = None) -> Bucket:
    """A bucket over a fake client of its own, or a shared one."""
    return Bucket(client or FakeS3(), name)  # type: ignore[arg-type]


def fake(of: Bucket) -> FakeS3:
    """The fake behind a bucket."""
    assert isinstance(of.client, FakeS3)
    return of.client
