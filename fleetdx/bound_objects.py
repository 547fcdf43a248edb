"""Objects in S3 that all runs share: kept as they were before a run, and bound to their ETag when they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fleetdx.errors import RecordMissing, ServiceUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from fleetdx.storage import Bucket

TRIES: Final = 5
"""Several runs can end in the same second; each try reads what another has written meanwhile."""


def stored_or_none(data: Bucket, key: str) -> bytes | None:
    """An object; None where there is none, or where it is not the gzip file that it says it is."""
    try:
        return data.get(key)
    except RecordMissing:
        return None


def before_run(data: Bucket, key: str, kept: str, nothing: bytes) -> bytes:
    """What lay under a key before a run: read once, and kept with the run, however often it is asked.

    Args:
        data: The bucket.
        key: Of the object that runs share.
        kept: Where it is kept for the run.
        nothing: What is kept where there was none.
    """
    known = stored_or_none(data, kept)
    if known is not None:
        return known
    shared = stored_or_none(data, key)
    body = nothing if shared is None else shared
    return body if data.put_conditionally(kept, body) else data.get(kept)


def replace(data: Bucket, key: str, change: Callable[[bytes | None], bytes | None], what: str) -> None:
    """Put something in the place of a shared object, made from what is there at that moment.

    Args:
        data: The bucket.
        key: Of the object.
        change: Makes the new content of the one that is there, which is None where there is none; None leaves it.
        what: What the object is, for the sentence of an error.

    Raises:
        ServiceUnavailable: Others write it all the time.
    """
    for _ in range(TRIES):
        try:
            body, etag = data.get_with_etag(key)
            content = change(body)
        except RecordMissing:
            etag, content = None, change(None)
        if content is None or data.put_conditionally(key, content, etag):
            return
    raise ServiceUnavailable(f"{what} is written by others all the time")
