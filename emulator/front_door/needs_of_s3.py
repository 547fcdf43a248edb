"""Which permissions a request to S3 needs. Pure.

Sources: "Actions, resources, and condition keys for Amazon S3" in the service authorization reference; "How to prevent
object overwrites with conditional writes" in the S3 user guide, for what If-Match needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from emulator.front_door.asked import Need
from emulator.front_door.operations import split_bucket_and_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.front_door.messages import Request

_ACTIONS: Final = {
    "GetObject": "GetObject",
    "HeadObject": "GetObject",
    "PutObject": "PutObject",
    "PostObject": "PutObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "AbortMultipartUpload": "AbortMultipartUpload",
    "ListParts": "ListMultipartUploadParts",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "DeleteObject": "DeleteObject",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "HeadBucket": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListBuckets": "ListAllMyBuckets",
    "GetBucketLocation": "GetBucketLocation",
    "PutObjectRetention": "PutObjectRetention",
    "GetObjectRetention": "GetObjectRetention",
    "PutObjectLegalHold": "PutObjectLegalHold",
    "GetObjectLegalHold": "GetObjectLegalHold",
}
_OF_HEADERS: Final = {
    "x-amz-object-lock-mode": "PutObjectRetention",
    "x-amz-object-lock-legal-hold": "PutObjectLegalHold",
    "x-amz-tagging": "PutObjectTagging",
    "x-amz-acl": "PutObjectAcl",
}
_VERSIONED: Final = {"GetObject", "DeleteObject"}
"""What has another permission where a version is named."""


def needs_of_s3(operation: str, request: Request) -> tuple[Need, ...] | None:
    """What an operation needs; None where that is not known."""
    action = _ACTIONS.get(operation)
    if action is None:
        return None
    bucket, key = split_bucket_and_key(request.path)
    if not bucket:
        return (Need(f"s3:{action}", "*"),)
    resource = arn_of(bucket, key)
    if action in _VERSIONED and "versionId=" in request.query:
        action += "Version"
    needs = [Need(f"s3:{action}", resource), *_of_headers(request.headers, resource)]
    if operation == "CopyObject":
        source = unquote(request.headers["x-amz-copy-source"]).removeprefix("/").partition("?")[0]
        needs.append(Need("s3:GetObject", f"arn:aws:s3:::{source}"))
    if "if-match" in request.headers and request.method in {"PUT", "DELETE", "POST"}:
        needs.append(Need("s3:GetObject", resource))
    return tuple(needs)


def arn_of(bucket: str, key: str) -> str:
    """The ARN of an object, or without a key of a bucket."""
    return f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"


def _of_headers(headers: Mapping[str, str], resource: str) -> list[Need]:
    return [Need(f"s3:{action}", resource) for name, action in _OF_HEADERS.items() if name in headers]
