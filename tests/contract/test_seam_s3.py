"""Contract of the S3 seam and of the front door's S3 with moto 5.2.5, over real HTTP with boto3 and curl.

The first part pins moto's own behavior, so that an upgrade that changes it is noticed; the rest is ours.
"""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws
from moto.s3.models import S3Backend
from moto.s3.responses import S3Response
from moto.server import ThreadedMotoServer

from emulator.front_door.authenticator import Authenticator
from emulator.front_door.credentials import CredentialStore, IssuedCredentials
from emulator.front_door.metering import Meter
from emulator.front_door.server import FrontDoor
from emulator.seams import s3, sts
from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

CENTRAL, MEMBER = "111122223333", "444455556666"
PREFIX = "runs/1/"
LIBRARY = boto3.Session(region_name="us-east-1")  # one: each new session reads megabytes of JSON
NASTY_KEYS = [
    "a b+c/ü~@.txt",
    "a//b",
    "../../etc/passwd",
    ".",
    "x" * 1024,
    "per%2Fcent",
    "question?mark&x=1",
    "tab\there",
    "한글",
]


def client_for(url: str, credentials: IssuedCredentials) -> Any:
    config = Config(signature_version="s3v4", s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
    return LIBRARY.client("s3", endpoint_url=url, config=config, **credentials.for_boto3())


def curl(*arguments: str) -> tuple[int, str]:
    """Run the real curl; gives the HTTP status and the body."""
    done = subprocess.run(
        ["curl", "-sS", "-w", "\n%{http_code}", *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    body, _, status = done.stdout.rpartition("\n")
    return int(status), body


class Cloud:
    """A served embedded S3 on a directory, with an operator, an uploader that may only put, and boto3 clients."""

    def __init__(self, directory: Path) -> None:
        with mock_aws():
            pass  # resets every backend
        self.store = CredentialStore()
        sessions = sts.RoleSessions(self.store)
        self._uninstall = [sts.install(sessions), s3.install(directory)]
        self.meter = Meter()
        self._door = FrontDoor(Authenticator(self.store), self.meter)
        self.url = self._door.start()
        self._clients: dict[str, Any] = {}
        self.operator = self.store.mint_operator(CENTRAL, "operator")
        self.s3 = self.client(self.operator)
        for bucket in ("data", "intake"):
            self.s3.create_bucket(Bucket=bucket)
        self.uploader = sessions.mint_for_role(self._role("uploader", "s3:PutObject", f"intake/{PREFIX}*"), "uploader")
        self.reader = sessions.mint_for_role(self._role("reader", "s3:GetObject", "data/scripts/*"), "reader")

    def client(self, credentials: IssuedCredentials) -> Any:
        key = credentials.access_key_id
        if key not in self._clients:
            self._clients[key] = client_for(self.url, credentials)
        return self._clients[key]

    def _role(self, name: str, action: str, resource: str) -> str:
        iam = LIBRARY.client("iam", endpoint_url=self.url, **self.operator.for_boto3())
        principal = {"Service": "lambda.amazonaws.com"}
        trust = {
            "Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"},
        }
        arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        allow = {"Effect": "Allow", "Action": action, "Resource": f"arn:aws:s3:::{resource}"}
        iam.put_role_policy(
            RoleName=name, PolicyName="only", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allow]})
        )
        iam.close()
        return arn

    def form(self, *, expires: int = 600, most: int = 100) -> dict[str, str]:
        """The fields of a form that lets a host put one small object under the prefix."""
        conditions: list[Any] = [["starts-with", "$key", PREFIX], ["content-length-range", 1, most]]
        post = self.client(self.uploader).generate_presigned_post(
            "intake", PREFIX + "${filename}", Conditions=conditions, ExpiresIn=expires
        )
        fields: dict[str, str] = post["fields"]
        return {**fields, "key": PREFIX + "a.gz"}

    def post(self, fields: Mapping[str, str], body: str = "body", bucket: str = "intake") -> tuple[int, str]:
        arguments = [argument for name, value in fields.items() for argument in ("--form-string", f"{name}={value}")]
        return curl(*arguments, "--form-string", f"file={body}", f"{self.url}/{bucket}")

    def url_of(self, credentials: IssuedCredentials, call: str, bucket: str, key: str, expires: int = 600) -> str:
        parameters = {"Bucket": bucket, "Key": key}
        url: str = self.client(credentials).generate_presigned_url(call, Params=parameters, ExpiresIn=expires)
        return url

    def keys(self, bucket: str = "intake") -> list[str]:
        return [found["Key"] for found in self.s3.list_objects_v2(Bucket=bucket).get("Contents", [])]

    def close(self) -> None:
        for client in self._clients.values():
            client.close()
        self._door.stop()
        for uninstall in self._uninstall:
            uninstall()


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    """An embedded S3 with two buckets, on an empty directory."""
    cloud = Cloud(tmp_path / "s3")
    yield cloud
    cloud.close()


# What moto 5.2.5 does by itself


def test_moto_is_the_version_these_contracts_were_written_for() -> None:
    """An upgrade of moto is a decision: read this file again."""
    assert version("moto") == "5.2.5"


def test_moto_alone_believes_anybody() -> None:
    """By itself, moto 5.2.5 serves an expired URL of an unknown key and stores a form without any policy."""
    with mock_aws():
        pass
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    url = f"http://127.0.0.1:{server.get_host_and_port()[1]}"
    stranger = client_for(url, CredentialStore().mint_operator(CENTRAL, "stranger"))
    stranger.create_bucket(Bucket="intake")
    stranger.put_object(Bucket="intake", Key="x", Body=b"secret")
    presigned = stranger.generate_presigned_url("get_object", Params={"Bucket": "intake", "Key": "x"}, ExpiresIn=1)

    expired = presigned.replace("X-Amz-Date=20", "X-Amz-Date=19")
    posted = curl("--form-string", "key=y", "--form-string", "file=z", f"{url}/intake")

    assert curl(expired) == (200, "secret")
    assert posted[0] == 204
    assert stranger.get_object(Bucket="intake", Key="y")["Body"].read() == b"z"
    stranger.close()
    server.stop()


def slow_writes() -> Patches:
    """Make the moment between looking for a key and writing it long enough to be hit."""
    patches = Patches()
    put_object = S3Backend.put_object

    def put_object_slowly(self: Any, *args: Any, **kwargs: Any) -> Any:
        time.sleep(0.05)
        return put_object(self, *args, **kwargs)

    patches.replace(S3Backend, "put_object", put_object_slowly)
    return patches


def claim_at_once(client: Any, key: str) -> list[str]:
    """Eight threads write one key if it is not there; gives their answers, the winners' numbers first."""
    barrier = threading.Barrier(8)

    def claim(number: int) -> str:
        barrier.wait()
        try:
            client.put_object(Bucket="data", Key=key, Body=str(number).encode(), IfNoneMatch="*")
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            return f"{status} {error.response['Error']['Code']}"
        return str(number)

    with ThreadPoolExecutor(8) as pool:
        return sorted(pool.map(claim, range(8)), key=len)


def test_moto_alone_lets_several_conditional_writes_win() -> None:
    """By itself, moto 5.2.5 knows If-None-Match, but only between writes that do not meet."""
    with mock_aws():
        alone = LIBRARY.client("s3", aws_access_key_id="x", aws_secret_access_key="y")
        alone.create_bucket(Bucket="data")
        alone.put_object(Bucket="data", Key="claim", Body=b"1", IfNoneMatch="*")
        with pytest.raises(ClientError, match="PreconditionFailed"):
            alone.put_object(Bucket="data", Key="claim", Body=b"2", IfNoneMatch="*")
        slowly = slow_writes()
        answers = claim_at_once(alone, "claims/1")
        slowly.undo()
        alone.close()

    assert answers.count("412 PreconditionFailed") < 7


# Presigned URLs


def test_presigned_get_serves_exactly_its_object(cloud: Cloud) -> None:
    """A URL signed by the reader gives the object to curl; counted as a host's call."""
    cloud.s3.put_object(Bucket="data", Key="scripts/abc", Body=b"#!/bin/sh\n")
    cloud.meter.reset()

    assert curl(cloud.url_of(cloud.reader, "get_object", "data", "scripts/abc")) == (200, "#!/bin/sh\n")
    assert cloud.meter.snapshot()["hosts"] == {"s3:GetObject": {"calls": 1, "bytes_in": 0, "bytes_out": 10}}


@pytest.mark.parametrize("key", NASTY_KEYS)
def test_presigned_urls_work_for_any_key(cloud: Cloud, key: str) -> None:
    """Put and get by URL agree with boto3 about the key, whatever its characters."""
    target = ["--path-as-is", "--globoff"]
    put = cloud.url_of(cloud.operator, "put_object", "data", key)

    assert curl(*target, "-X", "PUT", "--data-binary", "body", "-H", "Content-Type:", put)[0] == 200
    assert cloud.s3.get_object(Bucket="data", Key=key)["Body"].read() == b"body"
    assert cloud.keys("data") == [key]
    assert curl(*target, cloud.url_of(cloud.operator, "get_object", "data", key)) == (200, "body")


def test_expired_url_is_refused(cloud: Cloud) -> None:
    """A URL of one second is refused after it."""
    cloud.s3.put_object(Bucket="data", Key="scripts/abc", Body=b"x")
    url = cloud.url_of(cloud.reader, "get_object", "data", "scripts/abc", expires=1)
    time.sleep(1.1)

    status, body = curl(url)

    assert status == 403
    assert "<Code>AccessDenied</Code>" in body
    assert "Request has expired" in body


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("scripts/abc", "scripts/abd", "SignatureDoesNotMatch"),
        ("/data/", "/intake/", "SignatureDoesNotMatch"),
        ("X-Amz-Expires=600", "X-Amz-Expires=601", "SignatureDoesNotMatch"),
        ("X-Amz-Expires=600", "X-Amz-Expires=604801", "AuthorizationQueryParametersError"),
        ("?", "?response-content-type=text%2Fhtml&", "SignatureDoesNotMatch"),
        ("?", "?versionId=null&", "SignatureDoesNotMatch"),
    ],
)
def test_tampered_url_is_refused(cloud: Cloud, old: str, new: str, code: str) -> None:
    """Another key, bucket, expiry or parameter makes the URL worthless."""
    url = cloud.url_of(cloud.reader, "get_object", "data", "scripts/abc")

    status, body = curl(url.replace(old, new, 1))

    assert status in {400, 403}
    assert f"<Code>{code}</Code>" in body


def test_url_is_for_its_method_only(cloud: Cloud) -> None:
    """A URL to get does not put or delete."""
    url = cloud.url_of(cloud.reader, "get_object", "data", "scripts/abc")

    assert curl("-X", "PUT", "-d", "x", url)[0] == 403
    assert curl("-X", "DELETE", url)[0] == 403


def test_signer_can_do_nothing_else(cloud: Cloud) -> None:
    """What the signing role may not do, its well-signed URL may not do."""
    cloud.s3.put_object(Bucket="intake", Key=PREFIX + "x", Body=b"x")

    for credentials, call, bucket, key in (
        (cloud.uploader, "get_object", "intake", PREFIX + "x"),
        (cloud.uploader, "delete_object", "intake", PREFIX + "x"),
        (cloud.uploader, "put_object", "intake", "elsewhere/x"),
        (cloud.uploader, "put_object", "data", PREFIX + "x"),
        (cloud.reader, "get_object", "intake", PREFIX + "x"),
        (cloud.reader, "put_object", "data", "scripts/x"),
    ):
        method = {"get_object": "GET", "put_object": "PUT", "delete_object": "DELETE"}[call]
        status, body = curl("-X", method, cloud.url_of(credentials, call, bucket, key))
        assert status == 403
        assert "is not authorized to perform" in body


def test_url_for_another_region_is_refused(cloud: Cloud) -> None:
    """A URL or form signed for a region the bucket is not in is refused, as on AWS."""
    constraint = {"LocationConstraint": "ap-northeast-2"}
    seoul = LIBRARY.client(
        "s3",
        endpoint_url=cloud.url,
        region_name="ap-northeast-2",
        config=cloud.s3.meta.config,
        **cloud.operator.for_boto3(),
    )
    seoul.create_bucket(Bucket="seoul", CreateBucketConfiguration=constraint)
    seoul.put_object(Bucket="seoul", Key="x", Body=b"x")
    right = seoul.generate_presigned_url("get_object", Params={"Bucket": "seoul", "Key": "x"})
    seoul.close()

    assert curl(right) == (200, "x")
    status, body = curl(right.replace("ap-northeast-2", "us-east-1"))
    assert (status, "SignatureDoesNotMatch" in body) == (403, True)
    status, body = curl(cloud.url_of(cloud.operator, "get_object", "seoul", "x"))
    assert (status, "expecting 'ap-northeast-2'" in body) == (400, True)


def test_anonymous_requests_are_refused(cloud: Cloud) -> None:
    """Without a signature nothing is served, moto's own pages neither."""
    for path in ("/", "/data", "/data/scripts/abc", "/moto-api/", "/moto-api/data.json", "/latest/meta-data/"):
        status, body = curl(cloud.url + path)
        assert status == 403
        assert "<Code>AccessDenied</Code>" in body
    assert curl("-X", "POST", cloud.url + "/moto-api/reset")[0] == 403


# POST forms


def test_right_form_stores_its_object(cloud: Cloud) -> None:
    """A form with a key under the prefix is stored under that key, by a role that may put only there."""
    status, body = cloud.post(cloud.form())

    assert (status, body) == (204, "")
    assert cloud.s3.get_object(Bucket="intake", Key=PREFIX + "a.gz")["Body"].read() == b"body"
    assert cloud.meter.snapshot()["hosts"]["s3:PostObject"]["calls"] == 1


def test_form_sends_files_as_curl_does(cloud: Cloud, tmp_path: Path) -> None:
    """A binary file of a megabyte arrives as it is."""
    content = os.urandom(1_200_000)
    (tmp_path / "result.json.gz").write_bytes(content)
    fields = cloud.form(most=2_000_000)
    arguments = [argument for name, value in fields.items() for argument in ("--form-string", f"{name}={value}")]

    assert curl(*arguments, "-F", f"file=@{tmp_path}/result.json.gz", f"{cloud.url}/intake")[0] == 204
    assert cloud.s3.get_object(Bucket="intake", Key=PREFIX + "a.gz")["Body"].read() == content


@pytest.mark.parametrize("name", [key for key in NASTY_KEYS if "\t" not in key and len(key) < 900])
def test_form_stores_under_the_exact_key(cloud: Cloud, name: str) -> None:
    """The stored key is the field's value, character by character."""
    assert cloud.post({**cloud.form(), "key": PREFIX + name})[0] == 204
    assert cloud.keys() == [PREFIX + name]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"key": "runs/2/a.gz"}, "AccessDenied"),
        ({"x-amz-signature": "0" * 64}, "SignatureDoesNotMatch"),
        ({"x-amz-meta-note": "more"}, "AccessDenied"),
        ({"acl": "public-read"}, "AccessDenied"),
        ({"x-amz-security-token": "AAAA"}, "InvalidToken"),
        ({"success_action_status": "200"}, "AccessDenied"),
    ],
)
def test_changed_form_is_refused(cloud: Cloud, change: Mapping[str, str], code: str) -> None:
    """A key outside the prefix, a wrong signature or token, and any extra field store nothing."""
    status, body = cloud.post({**cloud.form(), **change})

    assert status in {400, 403}
    assert f"<Code>{code}</Code>" in body
    assert cloud.keys() == []


def test_form_without_its_token_is_refused(cloud: Cloud) -> None:
    """A form signed by a session needs the session's token."""
    fields = cloud.form()
    del fields["x-amz-security-token"]

    assert "<Code>InvalidToken</Code>" in cloud.post(fields)[1]
    assert cloud.keys() == []


def test_oversized_file_is_refused(cloud: Cloud) -> None:
    """A file above content-length-range stores nothing, an empty one neither."""
    assert "<Code>EntityTooLarge</Code>" in cloud.post(cloud.form(), body="x" * 101)[1]
    assert "<Code>EntityTooSmall</Code>" in cloud.post(cloud.form(), body="")[1]
    assert cloud.keys() == []


def test_expired_form_is_refused(cloud: Cloud) -> None:
    """A form of one second is refused after it."""
    fields = cloud.form(expires=1)
    time.sleep(1.1)

    assert "Policy expired" in cloud.post(fields)[1]
    assert cloud.keys() == []


def test_form_is_for_one_bucket(cloud: Cloud) -> None:
    """The same form sent to another bucket stores nothing there."""
    assert cloud.post(cloud.form(), bucket="data")[0] == 403
    assert cloud.keys("data") == []


def test_form_credentials_cannot_put(cloud: Cloud) -> None:
    """What stands in a form does not make a PUT: neither as a query nor as a header."""
    fields = cloud.form()
    query = "&".join(f"{name.title()}={value}" for name, value in fields.items())
    target = f"{cloud.url}/intake/{PREFIX}a.gz"

    assert curl("-X", "PUT", "-d", "x", f"{target}?{query.replace('+', '%2B')}")[0] == 400
    authorization = (
        f"AWS4-HMAC-SHA256 Credential={fields['x-amz-credential']}, SignedHeaders=host, "
        f"Signature={fields['x-amz-signature']}"
    )
    headers = [f"Authorization: {authorization}", f"x-amz-date: {fields['x-amz-date']}"]
    headers.append(f"x-amz-security-token: {fields['x-amz-security-token']}")
    assert curl("-X", "PUT", "-d", "x", *(part for header in headers for part in ("-H", header)), target)[0] == 403
    assert cloud.keys() == []


def test_headers_of_the_host_do_not_reach_the_object(cloud: Cloud) -> None:
    """A header sent beside a form changes nothing about what is stored."""
    fields = cloud.form()
    arguments = [argument for name, value in fields.items() for argument in ("--form-string", f"{name}={value}")]
    headers = ["-H", "x-amz-meta-a: b", "-H", "x-amz-copy-source: /data/x", "-H", "Cache-Control: no-store"]

    assert curl(*arguments, *headers, "--form-string", "file=body", f"{cloud.url}/intake")[0] == 204
    found = cloud.s3.get_object(Bucket="intake", Key=PREFIX + "a.gz")
    assert found["Body"].read() == b"body"
    assert found["Metadata"] == {}
    assert "CacheControl" not in found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_forms_and_urls_do_no_harm(cloud: Cloud, data: st.DataObject) -> None:
    """One changed character in a form or a URL, over the wire: refused, or a key the policy allows anyway."""
    letter = data.draw(st.sampled_from("A0z=%&+/"))
    if data.draw(st.booleans()):
        fields = cloud.form()
        name = data.draw(st.sampled_from(sorted(fields)))
        position = data.draw(st.integers(0, len(fields[name]) - 1))
        fields[name] = fields[name][:position] + letter + fields[name][position + 1 :]
        cloud.post(fields)
    else:
        url = cloud.url_of(cloud.uploader, "put_object", "intake", PREFIX + "a.gz")
        target = url.removeprefix(cloud.url)
        position = data.draw(st.integers(1, len(target) - 1))
        curl(
            "--globoff", "--path-as-is", "-X", "PUT", f"{cloud.url}{target[:position]}{letter}{target[position + 1 :]}"
        )

    assert all(key.startswith(PREFIX) for key in cloud.keys("intake"))
    assert cloud.keys("data") == []


# Conditional writes


def test_one_of_many_conditional_writes_wins(cloud: Cloud) -> None:
    """Of simultaneous If-None-Match writes exactly one is stored, and the others get 412."""
    slowly = slow_writes()
    answers = claim_at_once(cloud.s3, "claims/1")
    slowly.undo()

    assert answers[1:] == ["412 PreconditionFailed"] * 7
    assert cloud.s3.get_object(Bucket="data", Key="claims/1")["Body"].read().decode() == answers[0]


def test_conditional_write_after_delete_succeeds(cloud: Cloud) -> None:
    """A key that is gone may be claimed again."""
    cloud.s3.put_object(Bucket="data", Key="claim", Body=b"1", IfNoneMatch="*")
    cloud.s3.delete_object(Bucket="data", Key="claim")

    assert cloud.s3.put_object(Bucket="data", Key="claim", Body=b"2", IfNoneMatch="*")


# On disk


def restarted(cloud: Cloud, directory: Path) -> Cloud:
    cloud.close()
    return Cloud(directory)


@pytest.mark.parametrize("key", NASTY_KEYS)
def test_objects_survive_a_restart(tmp_path: Path, key: str) -> None:
    """Body, headers, metadata, tags, ETag and time are the same after all memory is gone."""
    cloud = Cloud(tmp_path / "s3")
    cloud.s3.put_object(
        Bucket="data",
        Key=key,
        Body=b"\x00\r\n\xff",
        ContentType="application/gzip",
        ContentEncoding="gzip",
        Metadata={"run": "1", "my_key": "v"},
        Tagging="a=b",
    )
    before = cloud.s3.get_object(Bucket="data", Key=key)
    before_body = before["Body"].read()

    cloud = restarted(cloud, tmp_path / "s3")

    after = cloud.s3.get_object(Bucket="data", Key=key)
    assert after["Body"].read() == before_body == b"\x00\r\n\xff"
    for field in ("ContentType", "ContentEncoding", "Metadata", "ETag", "LastModified"):
        assert after[field] == before[field]
    assert cloud.s3.get_object_tagging(Bucket="data", Key=key)["TagSet"] == [{"Key": "a", "Value": "b"}]
    cloud.close()


def test_every_way_of_writing_and_deleting_reaches_the_disk(tmp_path: Path) -> None:
    """Form, copy, multipart upload and overwriting are kept; every way of deleting removes."""
    cloud = Cloud(tmp_path / "s3")
    client = cloud.s3
    cloud.post(cloud.form())
    client.put_object(Bucket="data", Key="twice", Body=b"old")
    client.put_object(Bucket="data", Key="twice", Body=b"new")
    client.copy_object(Bucket="data", Key="copy", CopySource={"Bucket": "data", "Key": "twice"})
    upload = client.create_multipart_upload(Bucket="data", Key="parts", ContentType="text/plain")["UploadId"]
    part = client.upload_part(Bucket="data", Key="parts", UploadId=upload, PartNumber=1, Body=b"part")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    client.complete_multipart_upload(Bucket="data", Key="parts", UploadId=upload, MultipartUpload=parts)
    for key in ("gone/1", "gone/2", "gone/3"):
        client.put_object(Bucket="data", Key=key, Body=b"x")
    client.delete_object(Bucket="data", Key="gone/1")
    client.delete_objects(Bucket="data", Delete={"Objects": [{"Key": "gone/2"}, {"Key": "gone/3"}]})

    cloud = restarted(cloud, tmp_path / "s3")

    assert cloud.keys() == [PREFIX + "a.gz"]
    bodies = {key: cloud.s3.get_object(Bucket="data", Key=key)["Body"].read() for key in cloud.keys("data")}
    assert bodies == {"copy": b"new", "parts": b"part", "twice": b"new"}
    cloud.close()


def test_deleted_bucket_leaves_nothing(cloud: Cloud, tmp_path: Path) -> None:
    """A bucket that is emptied and deleted is empty when it is created again."""
    cloud.s3.put_object(Bucket="data", Key="x", Body=b"x")
    cloud.s3.delete_object(Bucket="data", Key="x")
    cloud.s3.delete_bucket(Bucket="data")
    assert not (tmp_path / "s3" / "data").exists()

    cloud.s3.create_bucket(Bucket="data")
    assert cloud.keys("data") == []


def test_only_the_owner_reads_the_directory(cloud: Cloud, tmp_path: Path) -> None:
    """Folders are 0700 and files 0600, whatever the umask."""
    cloud.s3.put_object(Bucket="data", Key="x", Body=b"x")

    for path in [tmp_path / "s3", *(tmp_path / "s3").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_damaged_file_is_set_aside(cloud: Cloud, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A file cut short by somebody else is told by its path and set aside; the other objects are there."""
    cloud.s3.put_object(Bucket="data", Key="x", Body=b"some body")
    (file,) = (tmp_path / "s3" / "data").iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    cloud.s3.put_object(Bucket="data", Key="y", Body=b"whole")

    read = [stored.key for stored in s3.ObjectDirectory(tmp_path / "s3").read_bucket("data")]

    assert read == ["y"]
    assert file.name in caplog.text
    assert file.with_name(f"{file.name}.damaged").exists()
    assert not file.exists()


def test_killed_process_leaves_whole_objects(tmp_path: Path) -> None:
    """A writer killed while it overwrites one object leaves one whole version of it, and no litter."""
    program = textwrap.dedent("""
        import itertools, pathlib, sys
        from emulator.seams.s3 import ObjectDirectory, StoredObject
        directory = ObjectDirectory(pathlib.Path(sys.argv[1]))
        for number in itertools.count():
            body = bytes([number % 251]) * 2_000_000
            directory.write(StoredObject("data", "k", "e", "2026-11-23T00:00:00", "STANDARD", {}, {}, body=body))
            print(flush=True)
    """)
    writer = subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "s3")], stdout=subprocess.PIPE)
    with writer:
        assert writer.stdout is not None
        for _ in range(5):
            writer.stdout.readline()
        writer.send_signal(signal.SIGKILL)

    (kept,) = s3.ObjectDirectory(tmp_path / "s3").read_bucket("data")

    assert len(kept.body) == 2_000_000
    assert len(set(kept.body)) == 1
    assert len(list((tmp_path / "s3" / "data").iterdir())) == 1


def test_other_account_writes_into_a_central_bucket(cloud: Cloud) -> None:
    """An object put by another account lands in the owner's bucket and on disk."""
    cloud.client(cloud.store.mint_operator(MEMBER, "operator")).put_object(Bucket="data", Key="x", Body=b"from member")

    assert cloud.s3.get_object(Bucket="data", Key="x")["Body"].read() == b"from member"


def test_uninstall_gives_moto_back(tmp_path: Path) -> None:
    """What the seam replaced is put back exactly."""
    before = S3Response._key_response
    uninstall = s3.install(tmp_path)
    assert S3Response._key_response is not before
    uninstall()
    assert S3Response._key_response is before


def test_door_is_on_loopback(cloud: Cloud) -> None:
    """The URL every client gets is of this machine only."""
    assert urlsplit(cloud.url).hostname == "127.0.0.1"
