"""What hosts are given is signed by botocore, offline, for one object and one prefix and nothing else."""

from __future__ import annotations

import base64
import datetime as dt
import json
from typing import Any
from urllib.parse import parse_qs

import boto3
import pytest

from fleetdx.errors import Misconfigured
from fleetdx.sessions import new_core_session
from fleetdx.signing import sign_download, sign_upload

KEY = "scripts/" + "ab" * 32
PREFIX = "runs/20261123T021500Z-3fa9c1/111122223333/ap-northeast-2/0000-00/"
REGIONS = ["ap-northeast-2", "us-east-1", "eu-west-1"]


def session(region: str) -> boto3.session.Session:
    return boto3.session.Session("ASIAIOSFODNN7EXAMPLE", "secret", "token/+=", region, new_core_session())


@pytest.mark.parametrize("region", REGIONS)
def test_download_is_a_query_for_the_documents_url(region: str) -> None:
    """Only the query leaves; it is SigV4 for an hour, in us-east-1 too, and covers the host alone."""
    url = f"https://data.s3.{region}.amazonaws.com/{KEY}"
    query = sign_download(session(region), "data", KEY, url)
    fields = parse_qs(query, strict_parsing=True)
    assert query.startswith("X-Amz-Algorithm=AWS4-HMAC-SHA256&")
    assert "data" not in query
    assert fields["X-Amz-Expires"] == ["3600"]
    assert fields["X-Amz-SignedHeaders"] == ["host"]
    assert fields["X-Amz-Security-Token"] == ["token/+="]
    assert fields["X-Amz-Credential"][0].endswith(f"/{region}/s3/aws4_request")
    assert "secret" not in query


@pytest.mark.parametrize(
    "url",
    [
        f"https://data.s3.eu-west-1.amazonaws.com/{KEY}",
        f"https://other.s3.ap-northeast-2.amazonaws.com/{KEY}",
        f"https://s3.ap-northeast-2.amazonaws.com/data/{KEY}",
        f"http://data.s3.ap-northeast-2.amazonaws.com/{KEY}",
        f"https://data.s3.ap-northeast-2.amazonaws.com/{KEY}x",
        "",
    ],
)
def test_signature_for_another_url_than_the_documents_is_refused(url: str) -> None:
    """A host would get a 403 that explains nothing: the contradiction is told here, without the signature."""
    with pytest.raises(Misconfigured, match="signatures are made for") as refused:
        sign_download(session("ap-northeast-2"), "data", KEY, url)
    assert "X-Amz" not in str(refused.value)


@pytest.mark.parametrize("region", REGIONS)
def test_upload_form_fixes_prefix_size_and_time(region: str) -> None:
    """The policy lets hosts write below the prefix, up to the size, for an hour, and holds no other condition."""
    before = dt.datetime.now(dt.UTC)
    form = sign_upload(session(region), "intake", PREFIX, 1_000_000)
    policy: dict[str, Any] = json.loads(base64.b64decode(form.policy))
    conditions = policy["conditions"]
    assert ["starts-with", "$key", PREFIX] in conditions
    assert ["content-length-range", 1, 1_000_000] in conditions
    assert {"bucket": "intake"} in conditions
    signed = {key: value for one in conditions if isinstance(one, dict) for key, value in one.items()}
    assert signed == {
        "bucket": "intake",
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": form.credential,
        "x-amz-date": form.date,
        "x-amz-security-token": form.token,
    }
    assert len(conditions) == len(signed) + 2
    left = dt.datetime.fromisoformat(policy["expiration"]) - before
    assert dt.timedelta(seconds=3_595) < left <= dt.timedelta(seconds=3_605)


def test_form_has_what_the_document_takes() -> None:
    """Each field has the form that the document's parameters allow."""
    form = sign_upload(session("us-east-1"), "intake", PREFIX, 1)
    assert len(form.signature) == 64
    assert form.credential.split("/")[2:] == ["us-east-1", "s3", "aws4_request"]
    assert form.date.endswith("Z")
    assert form.token == "token/+="
