"""Name what a request asks for in AWS's words, once its credential scope has named the service."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, parse_qsl, unquote

import botocore.session
from botocore.exceptions import UnknownServiceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.front_door.messages import Request

# Signing names that differ from the folder of botocore's service model (needed only for services addressed by path).
_MODEL_NAMES = {"email": "sesv2", "execute-api": "apigatewaymanagementapi"}

_S3_OBJECT_SUBRESOURCES = {
    "acl": "ObjectAcl",
    "tagging": "ObjectTagging",
    "retention": "ObjectRetention",
    "legal-hold": "ObjectLegalHold",
    "attributes": "ObjectAttributes",
}
_S3_BUCKET_SUBRESOURCES = {
    "policy": "BucketPolicy",
    "lifecycle": "BucketLifecycleConfiguration",
    "encryption": "BucketEncryption",
    "versioning": "BucketVersioning",
    "notification": "BucketNotificationConfiguration",
    "publicAccessBlock": "PublicAccessBlock",
    "ownershipControls": "BucketOwnershipControls",
    "tagging": "BucketTagging",
    "acl": "BucketAcl",
    "location": "BucketLocation",
    "cors": "BucketCors",
    "logging": "BucketLogging",
    "replication": "BucketReplication",
    "website": "BucketWebsite",
    "object-lock": "ObjectLockConfiguration",
}
_S3_VERBS = {"GET": "Get", "HEAD": "Head", "PUT": "Put", "DELETE": "Delete"}
UNKNOWN = "Unknown"


def operation_name(service: str, request: Request) -> str:
    """Give AWS's name of the operation, such as SendCommand; `Unknown` when it cannot be told."""
    if service == "s3":
        return _s3_operation(request)
    target = request.headers.get("x-amz-target")
    if target:
        return target.rpartition(".")[2]
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return next(
            (value for name, value in parse_qsl(request.body.decode("utf-8", "replace")) if name == "Action"), UNKNOWN
        )
    if service == "sts":  # the query protocol, whose parameters may also stand in the address
        return next((value for name, value in parse_qsl(request.query) if name == "Action"), UNKNOWN)
    return _modelled_operation(service, request)


def resource_of(service: str, operation: str, request: Request) -> str:
    """Give what a request is about, as RequestFacts tells it; empty where that is not told."""
    if service == "s3":
        return unquote(request.path)
    if operation == "AssumeRole":
        return dict(parse_qsl(request.body.decode("utf-8", "replace"))).get("RoleArn", "")
    if operation == "SendCommand":
        try:
            return ",".join(json.loads(request.body)["InstanceIds"])
        except (ValueError, KeyError, TypeError):  # malformed: the service itself says so
            return ""
    return ""


def split_bucket_and_key(path: str) -> tuple[str, str]:
    """Split a path-style S3 path into bucket and key, both decoded; either may be empty."""
    bucket, _, key = path.removeprefix("/").partition("/")
    return unquote(bucket), unquote(key)


def _s3_operation(request: Request) -> str:
    bucket, key = split_bucket_and_key(request.path)
    query = parse_qs(request.query, keep_blank_values=True)
    if not bucket:
        return "ListBuckets"
    if not key:
        return _s3_bucket_operation(request, query)
    if "uploadId" in query or "uploads" in query:
        return _s3_multipart_operation(request.method, query)
    subresource = next((name for name in _S3_OBJECT_SUBRESOURCES if name in query), None)
    if subresource is not None:
        return _S3_VERBS.get(request.method, UNKNOWN) + _S3_OBJECT_SUBRESOURCES[subresource]
    if request.method == "PUT" and "x-amz-copy-source" in request.headers:
        return "CopyObject"
    return _S3_VERBS[request.method] + "Object" if request.method in _S3_VERBS else UNKNOWN


def _s3_bucket_operation(request: Request, query: Mapping[str, list[str]]) -> str:
    if request.method == "POST":
        return "DeleteObjects" if "delete" in query else "PostObject"
    subresource = next((name for name in _S3_BUCKET_SUBRESOURCES if name in query), None)
    if subresource is not None:
        return _S3_VERBS.get(request.method, UNKNOWN) + _S3_BUCKET_SUBRESOURCES[subresource]
    if request.method == "GET":
        listings = {"versions": "ListObjectVersions", "uploads": "ListMultipartUploads", "list-type": "ListObjectsV2"}
        return next((name for parameter, name in listings.items() if parameter in query), "ListObjects")
    return {"PUT": "CreateBucket", "DELETE": "DeleteBucket", "HEAD": "HeadBucket"}.get(request.method, UNKNOWN)


def _s3_multipart_operation(method: str, query: Mapping[str, list[str]]) -> str:
    if "uploads" in query:
        return "CreateMultipartUpload"
    verbs = {
        "PUT": "UploadPart",
        "POST": "CompleteMultipartUpload",
        "DELETE": "AbortMultipartUpload",
        "GET": "ListParts",
    }
    return verbs.get(method, UNKNOWN)


def _modelled_operation(service: str, request: Request) -> str:
    """Ask botocore's model which operation a path is: Lambda, Scheduler and Security Hub are addressed so."""
    for method, pattern, name in _routes(service):
        if method == request.method and pattern.fullmatch(request.path):
            return name
    return UNKNOWN


@lru_cache(maxsize=64)
def _routes(service: str) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    try:
        model = botocore.session.get_session().get_service_model(_MODEL_NAMES.get(service, service))
    except UnknownServiceError:
        return ()
    routes = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        path = http["requestUri"].partition("?")[0]
        pattern = re.sub(r"\\\{[^/{}]*?\\\+\\\}", ".+", re.escape(path))
        pattern = re.sub(r"\\\{[^/{}]*?\\\}", "[^/]+", pattern)
        routes.append((http["method"], re.compile(pattern + "/?"), name))
    # The route with the most literal text first: `/functions/x/versions` is also an instance of
    # `/functions/{name}/{other}`.
    return tuple(sorted(routes, key=lambda route: -len(route[1].pattern.replace("[^/]+", ""))))
