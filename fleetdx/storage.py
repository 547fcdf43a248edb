"""Narrow verbs over the buckets: JSON documents and JSON lines, written whole and read whole."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from fleetdx import keys
from fleetdx.errors import RecordMissing, ServiceUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from types_boto3_s3.client import S3Client
    from types_boto3_s3.type_defs import GetObjectOutputTypeDef

ABSENT_CODES = frozenset({"NoSuchKey", "404", "NoSuchBucket"})
SIMULTANEOUS_CODES = frozenset({"ConditionalRequestConflict"})
NO_BUCKET = "none"
PART = 1_000_000
"""Bytes that are read at a time of what is not to be held whole."""


@dataclass(frozen=True)
class StoredObject:
    """What a listing tells of an object: its key and its size in bytes."""

    key: str
    size: int


class Directory(NamedTuple):
    """What lies directly below a prefix: its objects, and the names that have more below them."""

    objects: list[StoredObject]
    names: list[str]


@dataclass(frozen=True)
class Bucket:
    """One bucket and the client that reaches it.

    Attributes:
        client: Reaches both.
        name: Its name.
        evidence: The bucket in which what an auditor relies on is locked (docs/adr/0015), or "none".
    """

    client: S3Client
    name: str
    evidence: str = NO_BUCKET

    def put(self, key: str, body: bytes, content_type: str = "application/octet-stream") -> None:
        """Write an object, replacing what was there."""
        self.put_body(key, body, ContentType=content_type)

    def put_body(self, key: str, body: bytes | IO[bytes], **headers: str) -> None:
        """Write an object with its headers; what is evidence is locked first, so that nothing else is ever read."""
        if keys.is_evidence(key):
            self.lock(key, body, **headers)
        self._write(self.name, key, body, headers)

    def lock(self, key: str, body: bytes | IO[bytes], **headers: str) -> None:
        """Write an object into the evidence bucket alone, whose default retention locks it; nothing where none is."""
        if self.evidence != NO_BUCKET:
            self._write(self.evidence, key, body, headers)

    def _write(self, bucket: str, key: str, body: bytes | IO[bytes], headers: Mapping[str, str]) -> None:
        if not isinstance(body, bytes):
            body.seek(0)
        self.client.put_object(Bucket=bucket, Key=key, Body=body, **headers)  # type: ignore[arg-type]

    def get(self, key: str) -> bytes:
        """Read an object.

        Raises:
            RecordMissing: There is none under that key.
        """
        return self.get_with_etag(key)[0]

    def get_with_etag(self, key: str) -> tuple[bytes, str]:
        """Read an object and its ETag, to which a later write can be bound; a gzip encoding is undone.

        Raises:
            RecordMissing: There is none under that key, or it is not what its encoding says.
        """
        answer = self._got(key)
        body = answer["Body"].read()
        if "gzip" in answer.get("ContentEncoding", ""):
            body = _expanded(body, f"s3://{self.name}/{key}")
        return body, answer["ETag"]

    def copy_stored(self, key: str, out: IO[bytes]) -> None:
        """Write an object into a file as it is stored, a compressed one compressed, and never whole in memory.

        Raises:
            RecordMissing: There is none under that key.
        """
        body = self._got(key)["Body"]
        while part := body.read(PART):
            out.write(part)

    def _got(self, key: str) -> GetObjectOutputTypeDef:
        try:
            return self.client.get_object(Bucket=self.name, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in ABSENT_CODES:
                raise RecordMissing(f"s3://{self.name}/{key} does not exist") from None
            raise

    def put_conditionally(self, key: str, body: bytes, replaces: str | None = None) -> bool:
        """Write an object only if there is none, or only if the one that has the ETag `replaces` is still there.

        Source: "How to prevent object overwrites with conditional writes" in the S3 user guide.

        Returns:
            Whether it was written.

        Raises:
            ServiceUnavailable: Somebody else writes it at this moment; who was first shows later.
        """
        condition = {"IfNoneMatch": "*"} if replaces is None else {"IfMatch": replaces}
        try:
            self.client.put_object(Bucket=self.name, Key=key, Body=body, **condition)  # type: ignore[arg-type]
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in SIMULTANEOUS_CODES:
                raise ServiceUnavailable(f"PutObject: {code}") from None
            if code != "PreconditionFailed":
                raise
            return False
        return True

    def keys(self, prefix: str) -> Iterator[StoredObject]:
        """Every object under a prefix, in the order of their keys."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
        for page in pages:
            for entry in page.get("Contents", []):
                yield StoredObject(entry["Key"], entry["Size"])

    def directory(self, prefix: str) -> Directory:
        """What lies directly below a prefix that ends with a slash, as a file manager would show it."""
        found = Directory([], [])
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix, Delimiter="/")
        for page in pages:
            found.objects.extend(StoredObject(one["Key"], one["Size"]) for one in page.get("Contents", []))
            below = [one["Prefix"] for one in page.get("CommonPrefixes", [])]
            found.names.extend(one.removeprefix(prefix).rstrip("/") for one in below)
        return found

    def put_json(self, key: str, document: Mapping[str, Any] | list[Any]) -> None:
        """Write one JSON document."""
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        self.put(key, body, "application/json")

    def get_json(self, key: str) -> Any:  # noqa: ANN401 - the caller knows the document's type
        """Read one JSON document.

        Raises:
            RecordMissing: It is absent or is not JSON.
        """
        body = self.get(key)
        try:
            return json.loads(body)
        except ValueError:
            raise RecordMissing(f"s3://{self.name}/{key} is not JSON") from None

    def put_lines(self, key: str, lines: Iterable[Mapping[str, Any]]) -> None:
        """Write JSON lines; an empty file where there are none."""
        self.put(key, encode_lines(lines), "application/x-ndjson")

    def get_lines(self, key: str) -> list[dict[str, Any]]:
        """Read JSON lines.

        Raises:
            RecordMissing: They are absent, or one of them is not JSON.
        """
        try:
            return [json.loads(line) for line in self.get(key).splitlines() if line]
        except ValueError:
            raise RecordMissing(f"s3://{self.name}/{key} is not JSON lines") from None

    def delete(self, key: str) -> None:
        """Remove an object; harmless where there is none."""
        self.client.delete_object(Bucket=self.name, Key=key)


def _expanded(body: bytes, place: str) -> bytes:
    try:
        return gzip.decompress(body)
    except (OSError, EOFError, zlib.error):
        raise RecordMissing(f"{place} is not the gzip file that it says it is") from None


def encode_lines(lines: Iterable[Mapping[str, Any]]) -> bytes:
    """JSON lines as UTF-8, one object a line."""
    return b"".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for line in lines)
