"""What is too large to hold: spooled to a temporary file on its way to S3, and read from S3 line by line."""

from __future__ import annotations

import gzip
import json
import shutil
import tempfile
import zlib
from contextlib import contextmanager, nullcontext
from typing import IO, TYPE_CHECKING, Any, Final, cast

from fleetdx.errors import RecordMissing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleetdx.storage import Bucket

STREAM_IN_MEMORY: Final = 8_000_000
COMPRESSION: Final = 3
NDJSON: Final = "application/x-ndjson"
GZIP: Final = b"\x1f\x8b"
"""How a compressed file begins (RFC 1952)."""


def spooled() -> tempfile.SpooledTemporaryFile[bytes]:
    """A temporary file that is in memory while it is small."""
    return tempfile.SpooledTemporaryFile(max_size=STREAM_IN_MEMORY)


def packing(stream: IO[bytes]) -> gzip.GzipFile:
    """Compress what is written into a stream; the same content gives the same bytes."""
    return gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=COMPRESSION, mtime=0)


@contextmanager
def unpacked(stream: IO[bytes]) -> Iterator[IO[bytes]]:
    """What a stream expands to from its beginning, whether it is compressed or not."""
    stream.seek(0)
    is_packed = stream.read(len(GZIP)) == GZIP
    stream.seek(0)
    with gzip.GzipFile(fileobj=stream, mode="rb") if is_packed else nullcontext(stream) as expanded:
        yield cast("IO[bytes]", expanded)


def unpacked_lines(stream: IO[bytes]) -> Iterator[Any]:
    """The JSON lines of a stream from its beginning, whether it is compressed or not."""
    with unpacked(stream) as lines:
        for line in lines:
            yield json.loads(line)


def put_stream(data: Bucket, key: str, stream: IO[bytes], content_type: str) -> None:
    """Put a stream as one object: one PutObject takes up to 5 GB.

    The parts of a multipart upload would outlive a function that dies.
    """
    data.put_body(key, stream, ContentType=content_type)


def put_packed(data: Bucket, key: str, stream: IO[bytes], content_type: str = NDJSON) -> None:
    """Put what was compressed as what it expands to: of 10,000 instances the lines have 430 MB, packed a thirtieth."""
    data.put_body(key, stream, ContentEncoding="gzip", ContentType=content_type)


def save(data: Bucket, key: str, out: IO[bytes]) -> None:
    """Write what an object expands to into a file, and never hold it whole.

    Raises:
        RecordMissing: There is none, or it is not what it says it is.
    """
    with spooled() as packed:
        data.copy_stored(key, packed)
        try:
            with unpacked(packed) as body:
                shutil.copyfileobj(body, out)
        except (OSError, EOFError, zlib.error):
            raise RecordMissing(f"s3://{data.name}/{key} is damaged") from None


def stored_lines(data: Bucket, key: str) -> Iterator[Any]:
    """The JSON lines of an object, packed or not, one at a time.

    The object is fetched first, as it is stored: a connection that waits for a slow reader is cut.

    Raises:
        RecordMissing: There is none, or it is not what it says it is.
    """
    with spooled() as packed:
        data.copy_stored(key, packed)
        try:
            yield from unpacked_lines(packed)
        except (OSError, EOFError, zlib.error, ValueError):
            raise RecordMissing(f"s3://{data.name}/{key} is not JSON lines, or is damaged") from None
