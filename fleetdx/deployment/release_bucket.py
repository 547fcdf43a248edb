"""The bucket that a package is uploaded to, by its hash, before the stacks that use it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.deployment.stacks import Tell

OURS_ALREADY = frozenset({"BucketAlreadyOwnedByYou"})
ABSENT_CODES = frozenset({"404", "NoSuchKey", "NotFound"})


def shortened(key: str) -> str:
    """A key as people read it: of a hash the first twelve digits."""
    return re.sub(r"[0-9a-f]{64}", lambda found: found.group()[:12], key)


def release_bucket_of(account: str, region: str) -> str:
    """Its name; as those of the other buckets, one for each account and region."""
    return f"fleetdx-release-{account}-{region}"


def settle_release_bucket(s3: Any, name: str, region: str) -> None:  # noqa: ANN401 - a client of S3
    """Have the bucket: private, versioned, encrypted, over TLS alone."""
    # The home of S3 takes no constraint of that name ("CreateBucket" in S3's API reference).
    where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    try:
        s3.create_bucket(Bucket=name, **where)
    except ClientError as error:
        if error.response["Error"]["Code"] not in OURS_ALREADY:
            raise
    shut = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=shut)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    by_default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [by_default]})
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(tls_only(name)))


def tls_only(bucket: str) -> dict[str, Any]:
    """A policy that refuses whoever comes without TLS."""
    statement = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def upload(s3: Any, bucket: str, files: Mapping[str, bytes], tell: Tell) -> None:  # noqa: ANN401 - as above
    """Upload files by key; what is there already is what its name says, for names hold hashes."""
    for key, content in files.items():
        if _is_there(s3, bucket, key):
            continue
        tell(f"uploads {shortened(key)} ({len(content):,} bytes)")
        s3.put_object(Bucket=bucket, Key=key, Body=content)


def _is_there(s3: Any, bucket: str, key: str) -> bool:  # noqa: ANN401 - as above
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT_CODES:
            return False
        raise
    return True
