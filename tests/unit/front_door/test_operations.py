"""Requests are named in AWS's words."""

from __future__ import annotations

import pytest

from emulator.front_door.messages import Request
from emulator.front_door.operations import operation_name, split_bucket_and_key

FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}


@pytest.mark.parametrize(
    ("method", "target", "expected"),
    [
        ("GET", "/", "ListBuckets"),
        ("PUT", "/b", "CreateBucket"),
        ("HEAD", "/b", "HeadBucket"),
        ("DELETE", "/b", "DeleteBucket"),
        ("GET", "/b?list-type=2&prefix=x", "ListObjectsV2"),
        ("GET", "/b", "ListObjects"),
        ("GET", "/b?versions", "ListObjectVersions"),
        ("PUT", "/b?lifecycle", "PutBucketLifecycleConfiguration"),
        ("POST", "/b?delete", "DeleteObjects"),
        ("POST", "/b", "PostObject"),
        ("PUT", "/b/k", "PutObject"),
        ("GET", "/b/k/l?versionId=1", "GetObject"),
        ("HEAD", "/b/k", "HeadObject"),
        ("DELETE", "/b/k", "DeleteObject"),
        ("PUT", "/b/k?tagging", "PutObjectTagging"),
        ("POST", "/b/k?uploads", "CreateMultipartUpload"),
        ("PUT", "/b/k?partNumber=1&uploadId=u", "UploadPart"),
        ("POST", "/b/k?uploadId=u", "CompleteMultipartUpload"),
        ("DELETE", "/b/k?uploadId=u", "AbortMultipartUpload"),
        ("PATCH", "/b/k", "Unknown"),
    ],
)
def test_s3_operation_comes_from_method_path_and_query(method: str, target: str, expected: str) -> None:
    """S3 names nothing; the REST form tells."""
    path, _, query = target.partition("?")
    assert operation_name("s3", Request(method, path, query, {})) == expected


def test_copy_is_told_by_its_header() -> None:
    """A PUT with a source is CopyObject."""
    assert operation_name("s3", Request("PUT", "/b/k", "", {"x-amz-copy-source": "/b/j"})) == "CopyObject"


def test_other_protocols_name_their_operation() -> None:
    """JSON calls name it in a header, query calls in the body, REST calls by their path in AWS's model."""
    assert operation_name("ssm", Request("POST", "/", "", {"x-amz-target": "AmazonSSM.SendCommand"})) == "SendCommand"
    body = b"Version=2011-06-15&Action=AssumeRole&RoleArn=x"
    assert operation_name("sts", Request("POST", "/", "", FORM, body)) == "AssumeRole"
    assert operation_name("sts", Request("POST", "/", "", FORM, b"\xff")) == "Unknown"
    invoke = Request("POST", "/2015-03-31/functions/check_policies/invocations", "", {})
    assert operation_name("lambda", invoke) == "Invoke"
    assert operation_name("lambda", Request("GET", "/2015-03-31/functions/", "", {})) == "ListFunctions"
    assert operation_name("lambda", Request("GET", "/nowhere", "", {})) == "Unknown"
    assert operation_name("no-such-service", Request("GET", "/", "", {})) == "Unknown"


def test_path_splits_into_bucket_and_key() -> None:
    """A key keeps its slashes and loses its encoding."""
    assert split_bucket_and_key("/b/a%20b//c%2Fd") == ("b", "a b//c/d")
    assert split_bucket_and_key("/b") == ("b", "")
    assert split_bucket_and_key("/") == ("", "")
