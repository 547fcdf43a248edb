"""Signatures that hosts are given: read one bundle, write below one batch's prefix, for an hour at most.

Each is made with a role that can do nothing else, and none of it is returned to a state machine: send_command puts it
into the parameters of the command and forgets it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.config import Config

from fleetdx.errors import Misconfigured
from fleetdx.requests import SIGNATURE_SECONDS

if TYPE_CHECKING:
    import boto3

# boto3 1.44.5 still presigns with SigV2 in us-east-1, and for the global host elsewhere, unless told otherwise.
PRESIGN_CONFIG = Config(
    signature_version="s3v4", s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"}
)


@dataclass(frozen=True)
class UploadForm:
    """The signed fields of an S3 POST form, without key and file, as parameters of the document."""

    policy: str
    signature: str
    credential: str
    date: str
    token: str


def sign_download(session: boto3.session.Session, bucket: str, key: str, expected_url: str) -> str:
    """The query string that lets a host read one object.

    Args:
        session: A session of the role that may only read bundles.
        bucket: The data bucket.
        key: The bundle's key.
        expected_url: The URL that the document will put before the query; the signature covers its host.

    Raises:
        Misconfigured: The signed URL is not the document's.
    """
    client = session.client("s3", config=PRESIGN_CONFIG)
    url = client.generate_presigned_url(
        "get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=SIGNATURE_SECONDS
    )
    parts = urlsplit(url)
    signed = f"{parts.scheme}://{parts.netloc}{parts.path}"
    if signed != expected_url:
        raise Misconfigured(f"the document fetches from {expected_url}, but signatures are made for {signed}")
    return parts.query


def sign_upload(session: boto3.session.Session, bucket: str, prefix: str, maximum_bytes: int) -> UploadForm:
    """The signed form that lets hosts write below a prefix, and nothing else.

    Args:
        session: A session of the role that may only write to the intake.
        bucket: The intake bucket.
        prefix: Keys have to start with it.
        maximum_bytes: The largest body that S3 will take.
    """
    client = session.client("s3", config=PRESIGN_CONFIG)
    form: dict[str, Any] = client.generate_presigned_post(
        bucket,
        f"{prefix}${{filename}}",
        Conditions=[["content-length-range", 1, maximum_bytes]],
        ExpiresIn=SIGNATURE_SECONDS,
    )
    fields = form["fields"]
    return UploadForm(
        policy=fields["policy"],
        signature=fields["x-amz-signature"],
        credential=fields["x-amz-credential"],
        date=fields["x-amz-date"],
        token=fields.get("x-amz-security-token", ""),
    )
