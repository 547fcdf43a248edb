"""Look up buckets of the embedded AWS."""

from __future__ import annotations

from moto.s3.models import s3_backends


def region_of_bucket(bucket: str) -> str | None:
    """Find the region a bucket is in; None when there is no such bucket."""
    owner = s3_backends.bucket_accounts.get(bucket)
    if owner is None:
        return None
    partition, account = owner
    found = s3_backends[account][partition].buckets.get(bucket)
    return None if found is None else str(found.region_name)
