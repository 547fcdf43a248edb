"""The intake bucket: what hosts have put there, read only by the key that a digest names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from fleetdx import keys
from fleetdx.evidence import MAXIMUM_RESULT_BYTES, printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from fleetdx.run_models import Stray
    from fleetdx.storage import Bucket

MAXIMUM_LISTED = 1_000
"""A batch has at most 50 instances; who sends more than 20 objects each is listed no further."""


def fetcher(intake: Bucket, prefix: str, instance: str) -> Callable[[str], bytes | None]:
    """A function that reads the instance's object of a given hash; None where it is absent or too large."""

    def fetch(digest: str) -> bytes | None:
        key = keys.intake_object(prefix, instance, digest)
        try:
            # One byte more than allowed tells a larger object from a full one without reading it whole.
            answer = intake.client.get_object(Bucket=intake.name, Key=key, Range=f"bytes=0-{MAXIMUM_RESULT_BYTES}")
        except ClientError as error:
            # S3 has no range of an empty object.
            if error.response["Error"]["Code"] not in {"NoSuchKey", "InvalidRange"}:
                raise
            return None
        return answer["Body"].read()

    return fetch


def strays(intake: Bucket, prefix: str, read: frozenset[str]) -> list[Stray]:
    """The objects under a batch's prefix that no digest named, with why.

    Args:
        intake: The bucket.
        prefix: The batch's prefix.
        read: Keys that were read as an instance's result.
    """
    found: list[Stray] = []
    for count, stored in enumerate(intake.keys(prefix)):
        if count >= MAXIMUM_LISTED:
            found.append({"key": prefix, "reason": "more_objects_than_listed"})
            break
        if stored.key not in read:
            found.append({"key": printable(stored.key), "reason": "named_by_no_digest"})
    return found
