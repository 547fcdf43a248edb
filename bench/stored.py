"""An S3 client over a directory, an object a file: what functions cost without what travels to S3."""

from __future__ import annotations

import hashlib
import io
import shutil
from typing import IO, TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKED = ".gzip-encoded"
"""What the name of a file ends in whose object has the Content-Encoding gzip."""


class DirectoryS3:
    """The verbs of S3 that functions use to write and read a run, over one directory for all buckets."""

    def __init__(self, directory: Path) -> None:
        """Keep objects in a directory that is there."""
        self._directory = directory

    def put_object(self, *, Key: str, Body: bytes | IO[bytes], **options: object) -> dict[str, Any]:  # noqa: N803
        """Write an object; with IfNoneMatch only where none is, with IfMatch only where that one is."""
        held = self._path(Key)
        is_other = held.exists() and options.get("IfMatch") not in {None, _etag(held)}
        if is_other or (held.exists() and "IfNoneMatch" in options):
            raise _refused("PreconditionFailed", "PutObject")
        held.unlink(missing_ok=True)
        path = self._directory / (Key + PACKED * (options.get("ContentEncoding") == "gzip"))
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as out:
            shutil.copyfileobj(io.BytesIO(Body) if isinstance(Body, bytes) else Body, out)
        return {}

    def get_object(self, *, Key: str, **_: object) -> dict[str, Any]:  # noqa: N803
        """Read an object."""
        path = self._path(Key)
        if not path.exists():
            raise _refused("NoSuchKey", "GetObject")
        body = io.BytesIO(path.read_bytes())
        return {"Body": body, "ETag": _etag(path), "ContentEncoding": "gzip" * path.name.endswith(PACKED)}

    def get_paginator(self, _: str) -> DirectoryS3:
        """The paginator of list_objects_v2, the only one that is used."""
        return self

    def paginate(self, *, Prefix: str, **_: object) -> Iterator[dict[str, Any]]:  # noqa: N803
        """All objects under a prefix in one page, in the order of their keys."""
        found = (self._directory / Prefix).parent.rglob("*") if not Prefix.endswith("/") else self._below(Prefix)
        sizes = {self._key(path): path.stat().st_size for path in found if path.is_file()}
        names = sorted(name for name in sizes if name.startswith(Prefix))
        yield {"Contents": [{"Key": name, "Size": sizes[name]} for name in names]}

    def _below(self, prefix: str) -> Iterator[Path]:
        return (self._directory / prefix).rglob("*")

    def _path(self, key: str) -> Path:
        packed = self._directory / (key + PACKED)
        return packed if packed.exists() else self._directory / key

    def _key(self, path: Path) -> str:
        return str(path.relative_to(self._directory)).removesuffix(PACKED)


def _etag(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "md5").hexdigest()


def _refused(code: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, operation)
