"""Signed bundles on the embedded AWS: what an approver's key has signed runs, what the bucket alone says does not."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from emulator.agent.host import DEFAULT_PATH
from emulator.deployment import document_parameters
from emulator.faults.hosts.breaking import programs_without
from fleetdx import keys, releases
from fleetdx.bundles import current_bundle
from fleetdx.signatures import kms_signer, sign_bundle
from tests.embedded import Embedded, embedded
from tools.document_hash import document_content, document_text, sha256_of
from tools.sources import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.embedded import Ended

TRADING, VIRGINIA = "333333333333", "us-east-1"
SEND_COMMAND = "fleetdx-send-command"


@dataclass(frozen=True)
class Signing:
    """An organization whose hosts run signed bundles alone, and the key that they know.

    Attributes:
        aws: The embedded AWS, with the central stack's BundleSignatures "required".
        key: ARN of the key.
        kms: A client in the key's account.
    """

    aws: Embedded
    key: str
    kms: Any

    def actor(self) -> releases.Actor:
        """An approver, who may sign."""
        arn = f"arn:aws:iam::{self.aws.cloud.organization.hub.id}:user/operator"
        return releases.Actor(arn, dt.datetime.now(dt.UTC), kms_signer(self.kms, self.key))

    def bring_document(self, **settings: str) -> None:
        """Deploy another document to the one account and region that is scanned here, and pin it."""
        central = self.aws.cloud.central
        addresses = document_parameters(self.aws.cloud.url, central.data_bucket, central.intake_bucket)
        text = document_text(document_content({**addresses, **settings}))
        ssm = self.aws.cloud.operator_session(TRADING, VIRGINIA).client("ssm")
        ssm.delete_document(Name="fleetdx-scan")
        ssm.create_document(Name="fleetdx-scan", DocumentType="Command", DocumentFormat="JSON", Content=text)
        client = self.aws.deployment.session.client("lambda")
        known = client.get_function_configuration(FunctionName=SEND_COMMAND)["Environment"]["Variables"]
        client.update_function_configuration(
            FunctionName=SEND_COMMAND, Environment={"Variables": {**known, "DOCUMENT_HASHES": sha256_of(text)}}
        )

    def scan(self) -> tuple[Ended, dict[str, Any]]:
        """Scan one instance."""
        name, instance = self.aws.instance_named("market-data-relay-1")
        ended = self.aws.scan({"instances": [name]}, checks=["U-01"])
        return ended, ended.line_of(instance)


def public_key(kms: Any, key: str) -> str:
    """As an operator gives it to the member stacks."""
    return base64.b64encode(kms.get_public_key(KeyId=key)["PublicKey"]).decode()


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signing]:
    with embedded(tmp_path_factory.mktemp("emulator"), parameters={"BundleSignatures": "required"}) as aws:
        session = aws.deployment.session
        signer = f"arn:aws:iam::{aws.cloud.organization.hub.id}:user/operator"
        stacks = session.client("cloudformation")
        stacks.create_stack(
            StackName="fleetdx-bundle-key",
            TemplateBody=(TEMPLATES / "bundle_key.yaml").read_text(encoding="utf-8"),
            Parameters=[{"ParameterKey": "SignerArnPattern", "ParameterValue": signer}],
        )
        (output,) = stacks.describe_stacks(StackName="fleetdx-bundle-key")["Stacks"][0]["Outputs"]
        started = Signing(aws, output["OutputValue"], session.client("kms"))
        started.bring_document(BundlePublicKeys=public_key(started.kms, started.key))
        yield started


def signed(signing: Signing) -> str:
    """The bundle of this checkout, signed as publish and approve do."""
    return releases.sign_current(signing.aws.deployment.data, signing.actor())


@pytest.mark.reaches("bundle_not_signed")
def test_an_unsigned_bundle_is_not_sent(signing: Signing) -> None:
    """Where signatures are required, no command goes out without one."""
    data = signing.aws.deployment.data
    data.delete(keys.signatures(current_bundle(data)))
    _, line = signing.scan()
    assert (line["state"], line["reason"]) == ("scan_failed", "bundle_not_signed")


def test_a_signed_bundle_is_scanned_with(signing: Signing) -> None:
    """KMS signs, the host's openssl checks, and the result is verified as ever."""
    signed(signing)
    ended, line = signing.scan()
    assert (line["state"], line["reason"]) == ("scanned", "verified")
    assert ended.summary["status"] == "complete"


@pytest.mark.parametrize("delivery", ["s3", "inline"])
def test_both_ways_of_delivery_bring_a_signature(signing: Signing, delivery: str) -> None:
    """An inline part has a signature of its own, like the bundle that is fetched."""
    signed(signing)
    name, instance = signing.aws.instance_named("market-data-relay-1")
    ended = signing.aws.scan({"instances": [name]}, checks=["U-01"], delivery=delivery)
    assert ended.line_of(instance)["reason"] == "verified"


@pytest.mark.reaches("bundle_signature_invalid")
def test_who_writes_the_bucket_alone_runs_nothing(signing: Signing) -> None:
    """A bundle that is put beside the others, with catalog, pointer and somebody else's signature, runs on no host."""
    data, own = signing.aws.deployment.data, signed(signing)
    script = data.get(keys.bundle(own)) + b"\ntouch /tmp/changed\n"
    digest = sha256_of(script.decode())
    other = signing.kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
    data.put(keys.bundle(digest), script)
    data.put_json(keys.catalog(digest), {**data.get_json(keys.catalog(own)), "bundle": digest})
    sign_bundle(data, digest, {digest}, kms_signer(signing.kms, other))
    before = data.get(keys.CURRENT_BUNDLE)
    data.put_json(keys.CURRENT_BUNDLE, {"bundle": digest})
    try:
        ended, line = signing.scan()
    finally:
        data.put(keys.CURRENT_BUNDLE, before)
    assert (line["state"], line["reason"]) == ("scan_failed", "bundle_signature_invalid")
    assert ended.summary["status"] == "incomplete"


@pytest.mark.reaches("cannot_verify", "ran_without_verifier")
@pytest.mark.parametrize(
    ("setting", "told"),
    [("refuse", ("scan_failed", "cannot_verify")), ("run", ("scanned", "ran_without_verifier"))],
)
def test_a_host_without_openssl_does_what_the_stack_says(
    signing: Signing, tmp_path: Any, setting: str, told: tuple[str, str]
) -> None:
    """It refuses, as a gap; or it runs, its result counts, and ledger and report say that nobody has checked."""
    signed(signing)
    _, instance = signing.aws.instance_named("market-data-relay-1")
    fleet = signing.aws.cloud.fleet
    (host,) = (host for host in fleet.hosts(TRADING, VIRGINIA) if host.instance_id == instance)
    path = programs_without(["openssl"], host.environment.get("PATH", DEFAULT_PATH), tmp_path / "bin")
    signing.bring_document(BundlePublicKeys=public_key(signing.kms, signing.key), WithoutVerifier=setting)
    fleet.change(instance, environment={**host.environment, "PATH": str(path)})
    try:
        ended, line = signing.scan()
    finally:
        fleet.change(instance, environment=host.environment)
        signing.bring_document(BundlePublicKeys=public_key(signing.kms, signing.key))
    assert (line["state"], line["reason"]) == told
    assert ended.summary["status"] == ("complete" if setting == "run" else "incomplete")
    report = signing.aws.deployment.data.get(f"runs/{ended.run.id}/report.html").decode()
    assert told[1] in report
