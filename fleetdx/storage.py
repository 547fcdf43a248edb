"""Narrow verbs over the buckets: JSON documents and JSON lines, written whole and read whole."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from fleetdx.errors import RecordMissing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from types_boto3_s3.client import S3Client

ABSENT_CODES = frozenset({"NoSuchKey", "404", "NoSuchBucket"})


@dataclass(frozen=True)
class StoredObject:
    """What a listing tells of an object: its key and its size in bytes."""

    key: str
    size: int


@dataclass(frozen=True)
class Bucket:
    """One bucket and the client that reaches it."""

    client: S3Client
    name: str

    def put(self, key: str, body: bytes, content_type: str = "application/octet-stream") -> None:
        """Write an object, replacing what was there."""
        self.client.put_object(Bucket=self.name, Key=key, Body=body, ContentType=content_type)

    def get(self, key: str) -> bytes:
        """Read an object.

        Raises:
            RecordMissing: There is none under that key.
        """
        try:
            return self.client.get_object(Bucket=self.name, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in ABSENT_CODES:
                raise RecordMissing(f"s3://{self.name}/{key} does not exist") from None
            raise

    def keys(self, prefix: str) -> Iterator[StoredObject]:
        """Every object under a prefix, in the order of their keys."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix)
        for page in pages:
            for entry in page.get("Contents", []):
                yield StoredObject(entry["Key"], entry["Size"])

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
        """Read JSON lines; see `get` for errors."""
        return [json.loads(line) for line in self.get(key).splitlines() if line]


def encode_lines(lines: Iterable[Mapping[str, Any]]) -> bytes:
    """JSON lines as UTF-8, one object a line."""
    return b"".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for line in lines)
