"""Contract of the KMS seam with moto 5.2.5: what moto does by itself, and that what it signs is what openssl reads."""

from __future__ import annotations

import base64
import hashlib
import inspect
import json
import subprocess
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.kms.models import Key
from moto.kms.responses import KmsResponse

from emulator.seams import kms
from tools.sources import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MADE_UP = {"region_name": "ap-northeast-2", "aws_access_key_id": "made-up", "aws_secret_access_key": "made-up"}
SIGNER = "arn:aws:iam::123456789012:role/approvers/*"
MESSAGE = b"#!/bin/sh\necho checks\n"
DIGEST = hashlib.sha256(MESSAGE).digest()


def new_key(client: Any) -> str:
    created = client.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    return str(created["KeyMetadata"]["Arn"])


def sign(client: Any, key: str, message: bytes, kind: str) -> bytes:
    asked = {"KeyId": key, "MessageType": kind, "SigningAlgorithm": "ECDSA_SHA_256"}
    signature: bytes = client.sign(**asked, Message=message)["Signature"]
    return signature


def is_good(client: Any, key: str, signature: bytes, directory: Path) -> bool:
    """Whether openssl takes a signature of the message, with the key as KMS gives it."""
    public = base64.b64encode(client.get_public_key(KeyId=key)["PublicKey"]).decode()
    pem = f"-----BEGIN PUBLIC KEY-----\n{public}\n-----END PUBLIC KEY-----\n"
    for name, content in {"key": pem.encode(), "signature": signature, "message": MESSAGE}.items():
        (directory / name).write_bytes(content)
    asked = ["openssl", "dgst", "-sha256", "-verify", "key", "-signature", "signature", "message"]
    return subprocess.run(asked, cwd=directory, check=False, capture_output=True).returncode == 0


@pytest.fixture
def client() -> Iterator[Any]:
    with mock_aws():
        uninstall = kms.install()
        yield boto3.client("kms", **MADE_UP)
        uninstall()


# What moto does by itself.


def test_moto_by_itself_takes_a_digest_for_a_message(tmp_path: Path) -> None:
    """By itself moto signs the hash of a digest, which no verifier of the message takes."""
    with mock_aws():
        plain = boto3.client("kms", **MADE_UP)
        key = new_key(plain)
        assert is_good(plain, key, sign(plain, key, MESSAGE, "RAW"), tmp_path)
        assert not is_good(plain, key, sign(plain, key, DIGEST, "DIGEST"), tmp_path)


def test_moto_by_itself_makes_no_such_key_of_a_template() -> None:
    """By itself moto cannot read a policy that a template writes as a mapping, and knows nothing of KeySpec there."""
    with mock_aws(), pytest.raises(TypeError, match="JSON object must be str"):
        key_of_template()
    assert "KeySpec" not in inspect.getsource(Key.create_from_cloudformation_json)


def key_of_template() -> dict[str, Any]:
    stacks = boto3.client("cloudformation", **MADE_UP)
    stacks.create_stack(
        StackName="bundle-key",
        TemplateBody=(TEMPLATES / "bundle_key.yaml").read_text(encoding="utf-8"),
        Parameters=[{"ParameterKey": "SignerArnPattern", "ParameterValue": SIGNER}],
    )
    (output,) = stacks.describe_stacks(StackName="bundle-key")["Stacks"][0]["Outputs"]
    client = boto3.client("kms", **MADE_UP)
    described: dict[str, Any] = client.describe_key(KeyId=output["OutputValue"])["KeyMetadata"]
    return described


# What it does with the seam.


@pytest.mark.parametrize(("message", "kind"), [(DIGEST, "DIGEST"), (MESSAGE, "RAW")])
def test_openssl_reads_what_it_signs(client: Any, tmp_path: Path, message: bytes, kind: str) -> None:
    """A digest and the message itself give a signature of the message, by that key and no other."""
    key, other = new_key(client), new_key(client)
    assert is_good(client, key, sign(client, key, message, kind), tmp_path)
    assert not is_good(client, other, sign(client, key, message, kind), tmp_path)


def test_the_template_makes_a_key_that_signs_for_its_signers_alone(client: Any) -> None:
    """P-256, to sign and verify; whoever is not a signer is denied, whatever other policies allow."""
    key = key_of_template()
    policy = json.loads(client.get_key_policy(KeyId=key["Arn"], PolicyName="default")["Policy"])
    assert (key["KeySpec"], key["KeyUsage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")
    (denied,) = (statement for statement in policy["Statement"] if statement["Effect"] == "Deny")
    assert (denied["Principal"], denied["Action"]) == ("*", "kms:Sign")
    assert denied["Condition"] == {"ArnNotLike": {"aws:PrincipalArn": SIGNER}}


@pytest.mark.parametrize(
    ("message", "kind", "algorithm"),
    [
        (DIGEST[:-1], "DIGEST", "ECDSA_SHA_256"),
        (MESSAGE * 300, "RAW", "ECDSA_SHA_256"),
        (DIGEST, "DIGEST", "ECDSA_SHA_384"),
    ],
)
def test_refuses_what_kms_refuses(client: Any, message: bytes, kind: str, algorithm: str) -> None:
    """Digests of another length, messages over 4,096 bytes and algorithms of other curves are refused."""
    with pytest.raises(ClientError, match="ValidationException"):
        client.sign(KeyId=new_key(client), Message=message, MessageType=kind, SigningAlgorithm=algorithm)


def test_uninstalling_puts_everything_back() -> None:
    """After uninstall moto is as it was."""
    before = vars(KmsResponse)["sign"], vars(Key)["create_from_cloudformation_json"]
    kms.install()()
    assert (vars(KmsResponse)["sign"], vars(Key)["create_from_cloudformation_json"]) == before
