"""SendCommand: send one command to the up to 50 instances of a batch, by S3 with signatures that can do nothing else.

The signatures live in this function's memory and in SSM's parameters; the state machine learns the command's id. An
inline command carries a part of the bundle itself, and nothing that opens S3.
Raises MemberRoleDenied, DocumentMissing, DocumentChanged, InstancesUnknown, BundleMissing, BundleNotSigned, RunStopped
and Misconfigured (not worth a retry), ServiceThrottled and ServiceUnavailable (worth one: a claim and a look-up keep a
batch from being sent twice).
"""

from __future__ import annotations

import base64
import datetime as dt
import functools
import gzip
from dataclasses import asdict
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from botocore.exceptions import ClientError

from fleetdx import keys, ssm
from fleetdx.accounts import RoleToAssume, assume, member_session
from fleetdx.batches import BatchState, batch_name, command_name, read_inventory, read_plan
from fleetdx.bundles import profile_of, read_catalog, read_part
from fleetdx.claims import claim, count_lookup, release
from fleetdx.delivery import inline_parts
from fleetdx.entrypoint import entrypoint
from fleetdx.errors import BundleMissing, InstancesUnknown, RecordMissing, RunStopped, ServiceUnavailable
from fleetdx.events import TargetEvent
from fleetdx.evidence import MAXIMUM_RESULT_BYTES
from fleetdx.requests import SIGNATURE_SECONDS, command_seconds
from fleetdx.sessions import ONCE, own_session
from fleetdx.settings import setting
from fleetdx.signatures import signature_of
from fleetdx.signing import UploadForm, sign_download, sign_upload
from fleetdx.storage import Bucket

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_ssm.client import SSMClient

    from fleetdx.requests import ScanRequest

FIRST_WAIT_SECONDS = 15
INSTANCES_A_SECOND = 3
"""The more hosts, the later the slowest of them: to ask before it can have ended costs a call and three transitions."""
GRACE_SECONDS = 120
"""SSM ends an invocation that nothing is heard of when all time limits are over: its own word comes before ours."""
LOOKUPS_BEFORE_REPEATING = 4
SERVER_FAULT = 500  # from this HTTP status on nobody knows whether the call took effect


class Input(TargetEvent):
    """One batch of one account-region."""

    batch: BatchState


class Output(TypedDict):
    """The command; `deadline` (RFC 3339) is when every invocation must have ended."""

    id: str
    batch: str
    instances: int
    deadline: str
    wait_seconds: int


class Sending(NamedTuple):
    """What the central stack says of commands: the document that they run, and whether they bring signed bundles."""

    document: ssm.ScanDocument
    signed_bundles: bool = False


class Signatures(NamedTuple):
    """What lets the hosts of one batch fetch the bundle and put their results."""

    download_query: str
    upload: UploadForm


def parameters_of(event: Input, request: ScanRequest, data: Bucket, sign: Callable[[], Signatures]) -> dict[str, str]:
    """The document's parameters; templates/member_region.yaml says what each may be.

    Raises:
        BundleMissing: The delivery is inline, and the bundle has no such part.
    """
    batch = event["batch"]
    travels = _inline(event, request, data) if batch["delivery"] == "inline" else _by_s3(event, request, sign())
    return {
        "Profile": event["profile"],
        "ScanId": f"{event['run']}/{event['account']}/{event['region']}/{batch_name(batch)}",
        "TimeLimitSeconds": str(request["execution_timeout_seconds"]),
        "ResultSizeLimit": str(MAXIMUM_RESULT_BYTES),
        **travels,
    }


def _by_s3(event: Input, request: ScanRequest, signatures: Signatures) -> dict[str, str]:
    return {
        "BundleHash": event["bundle"],
        "BundleQuery": signatures.download_query,
        "Checks": ",".join(request["checks"]) or "all",
        **{f"Upload{name.capitalize()}": value for name, value in asdict(signatures.upload).items()},
    }


def _inline(event: Input, request: ScanRequest, data: Bucket) -> dict[str, str]:
    catalog = read_catalog(data, event["bundle"])
    checks = request["checks"] or profile_of(catalog, event["profile"])["checks"]
    parts = inline_parts(catalog, event["profile"], checks)
    number = event["batch"]["part"]
    if number >= len(parts):
        bundle = event["bundle"]
        raise BundleMissing(f"bundle {bundle} has no inline part {number} of {event['profile']}: publish it anew")
    packed = gzip.compress(read_part(data, parts[number]["bundle"]), compresslevel=9, mtime=0)
    return {
        "Delivery": "inline",
        "BundleHash": parts[number]["bundle"],
        "InlineBundle": base64.b64encode(packed).decode(),
        "Checks": ",".join(parts[number]["checks"]),
    }


def run(event: Input, data: Bucket, member_ssm: SSMClient, sending: Sending, sign: Callable[[], Signatures]) -> Output:
    """Send the batch's command, or find the one that an earlier try of this function sent."""
    request: ScanRequest = data.get_json(keys.request(event["run"]))["request"]
    batch = command_name(event["batch"])
    instances = read_plan(data, event, event["batch"], read_inventory(data, event)).instances
    claimed = keys.command_claim(event["run"], event["account"], event["region"], batch)
    command = _sent_earlier(data, claimed, member_ssm, event["run"], batch)
    if command is None:
        limits = ssm.CommandLimits(
            request["max_concurrency"], request["max_errors"], request["delivery_timeout_seconds"]
        )
        parameters = parameters_of(event, request, data, sign)
        if sending.signed_bundles:
            parameters["BundleSignature"] = signature_of(data, event["bundle"], parameters["BundleHash"])
        refuse_if_stopped(data, event["run"])
        comment = ssm.comment_of(event["run"], batch)
        send = functools.partial(
            ssm.send, member_ssm, sending.document, parameters=parameters, limits=limits, comment=comment
        )
        try:
            command, instances = _send_to_known(send, instances, member_ssm)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] < SERVER_FAULT:
                release(data, claimed)
            raise
    seconds = command_seconds(request, len(instances)) + GRACE_SECONDS
    deadline = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
    return {
        "id": command,
        "batch": batch,
        "instances": len(instances),
        "deadline": deadline.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "wait_seconds": FIRST_WAIT_SECONDS + len(instances) // INSTANCES_A_SECOND,
    }


def refuse_if_stopped(data: Bucket, run: str) -> None:
    """Send nothing for a run that the operator has stopped.

    A stop that comes after this look finds the claim, and waits for the command that follows it.

    Raises:
        RunStopped: It was stopped.
    """
    try:
        data.get(keys.stop_mark(run))
    except RecordMissing:
        return
    raise RunStopped(f"run {run} was stopped by the operator; nothing was sent")


def _sent_earlier(data: Bucket, claimed: str, member_ssm: SSMClient, run: str, batch: str) -> str | None:
    """The command that an earlier try sent; None where this try is to send it.

    Raises:
        ServiceUnavailable: An earlier try may have sent it, and SSM, which lists late, does not show it yet. Only after
            several look-ups, as far apart as the Retry puts them, is it taken for never sent.
    """
    earlier = claim(data, claimed)
    if earlier is None:
        return None
    found = ssm.find_command(member_ssm, run, batch, earlier)
    if found is None and count_lookup(data, claimed) < LOOKUPS_BEFORE_REPEATING:
        raise ServiceUnavailable(f"batch {batch} is claimed, and SSM does not list its command yet")
    return found


def _send_to_known(
    send: Callable[[list[str]], str], instances: list[str], member_ssm: SSMClient
) -> tuple[str, list[str]]:
    """Send to the instances that SSM has not lost since they were discovered: one that has gone costs only itself.

    Returns:
        The command's id and whom it went to.

    Raises:
        InstancesUnknown: None of them is known any more.
    """
    try:
        return send(instances), instances
    except InstancesUnknown:
        known = {node["InstanceId"] for node in ssm.managed_nodes(member_ssm)}
        left = [instance for instance in instances if instance in known]
        if not left:
            raise
        return send(left), left


def sending_of_stack() -> Sending:
    """What the central stack says: a member account has no say in which text its document may have."""
    hashes = setting("DOCUMENT_HASHES")
    document = ssm.ScanDocument(setting("DOCUMENT_NAME"), () if hashes == "none" else tuple(hashes.split(",")))
    return Sending(document, setting("BUNDLE_SIGNATURES") == "required")


def signatures_for(event: Input) -> Signatures:
    """Sign with the two roles that exist for nothing else.

    Raises:
        MemberRoleDenied: One of them does not trust this function.
        Misconfigured: The document's addresses are not those that are signed.
    """
    own = own_session()
    region = setting("AWS_REGION")
    sts = own.client("sts")
    batch = batch_name(event["batch"])

    def signer(name: str) -> RoleToAssume:
        return RoleToAssume(setting(name), f"{event['run']}-{batch}", seconds=SIGNATURE_SECONDS)

    download = assume(signer("BUNDLE_READER_ROLE_ARN"), region, sts)
    upload = assume(signer("RESULT_WRITER_ROLE_ARN"), region, sts)
    url = f"{setting('SCRIPTS_URL')}{event['bundle']}"
    prefix = keys.intake_prefix(event["run"], event["account"], event["region"], batch)
    return Signatures(
        sign_download(download, setting("DATA_BUCKET"), keys.bundle(event["bundle"]), url),
        sign_upload(upload, setting("INTAKE_BUCKET"), prefix, MAXIMUM_RESULT_BYTES),
    )


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    member = member_session(event, "send-command", "scan")
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"))
    return run(event, data, member.client("ssm", config=ONCE), sending_of_stack(), lambda: signatures_for(event))
