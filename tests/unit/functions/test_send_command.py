"""A batch gets exactly one command, whatever crashes in between, and its signatures go nowhere else."""

from __future__ import annotations

import base64
import datetime as dt
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from fleetdx import keys
from fleetdx.batches import AttemptPlan, write_plan
from fleetdx.errors import (
    BundleNotSigned,
    DocumentMissing,
    InstancesUnknown,
    RecordMissing,
    RunStopped,
    ServiceUnavailable,
)
from fleetdx.signatures import Signer as SignatureMaker
from fleetdx.signatures import sign_bundle
from functions.send_command import handler
from tests.fakes.aws_errors import client_error
from tests.fakes.ec2 import instance_id
from tests.fakes.runs import (
    ACCOUNT,
    BUNDLE,
    PROFILE_NAME,
    REGION,
    RUN,
    TARGET,
    batch_state,
    open_run,
)
from tests.fakes.s3 import bucket, fake
from tests.fakes.sending import EVENT, SENDING, Signer, prepared, send
from tests.fakes.ssm import FakeSsm

CLAIM = keys.command_claim(RUN, ACCOUNT, REGION, "0001-00")


def test_command_goes_to_the_batch_with_the_documents_parameters() -> None:
    """One command to the batch's instances, with every parameter as text."""
    client = FakeSsm()
    answer = send(prepared(checks=["a", "b"], execution_timeout_seconds=120), client)
    (sent,) = client.sent
    assert sent["InstanceIds"] == [instance_id(51)]
    assert sent["Comment"] == f"fleetdx {RUN} 0001-00"
    assert {name: value for name, (value,) in sent["Parameters"].items()} == {
        "BundleHash": BUNDLE,
        "BundleQuery": "X-Amz-Signature=secret",
        "Profile": PROFILE_NAME,
        "Checks": "a,b",
        "ScanId": f"{RUN}/{ACCOUNT}/{REGION}/0001-00",
        "UploadPolicy": "cG9saWN5",
        "UploadSignature": "secret",
        "UploadCredential": "credential",
        "UploadDate": "date",
        "UploadToken": "token",
        "TimeLimitSeconds": "120",
        "ResultSizeLimit": "1000000",
    }
    assert (answer["id"], answer["batch"], answer["instances"], answer["wait_seconds"]) == (
        "command-1",
        "0001-00",
        1,
        15,
    )


def test_whole_profile_is_all_checks() -> None:
    """No selection is told to the document as such."""
    client = FakeSsm()
    send(prepared(), client)
    assert client.sent[0]["Parameters"]["Checks"] == ["all"]


def test_deadline_is_the_sum_of_the_time_limits() -> None:
    """By then every invocation must have ended: delivery, execution and the other steps, and SSM's word of it."""
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)
    answer = send(prepared(delivery_timeout_seconds=60, execution_timeout_seconds=40), FakeSsm())
    left = dt.datetime.fromisoformat(answer["deadline"]) - before
    assert dt.timedelta(seconds=400 + 120) <= left <= dt.timedelta(seconds=403 + 120)


def test_second_call_finds_the_first_command() -> None:
    """Run twice, sent once, signed once."""
    data, client, sign = prepared(), FakeSsm(), Signer()
    first, second = send(data, client, sign), send(data, client, sign)
    assert (first["id"], second["id"]) == ("command-1", "command-1")
    assert (len(client.sent), sign.times) == (1, 1)


def test_crash_between_claim_and_send_sends_once() -> None:
    """The first try claimed and died before sending: after several look-ups one sends, and the next finds it."""
    data, client = prepared(), FakeSsm()

    def crash() -> handler.Signatures:
        raise MemoryError

    with pytest.raises(MemoryError):
        send(data, client, crash)
    for _ in range(handler.LOOKUPS_BEFORE_REPEATING - 1):
        with pytest.raises(ServiceUnavailable, match="does not list its command yet"):
            send(data, client)
    assert [send(data, client)["id"], send(data, client)["id"]] == ["command-1", "command-1"]
    assert len(client.sent) == 1


def test_crash_between_send_and_answer_finds_it() -> None:
    """SSM took the command and its answer was lost: the next try finds it by its comment."""
    data, client = prepared(), FakeSsm()
    client.lost_answers = [client_error("InternalServerError", "SendCommand", 500)]
    with pytest.raises(ClientError):
        send(data, client)
    assert send(data, client)["id"] == "command-1"
    assert len(client.sent) == 1


def test_throttled_send_is_sent_by_the_next_try() -> None:
    """A throttle releases the claim, since nothing was sent; the Retry sends at once."""
    data, client = prepared(), FakeSsm()
    client.refusals = [client_error("ThrottlingException", "SendCommand")]
    with pytest.raises(ClientError, match="ThrottlingException"):
        send(data, client)
    assert send(data, client)["id"] == "command-1"


def test_other_batches_and_attempts_are_other_commands() -> None:
    """Each batch and each attempt has a claim of its own."""
    data, client = prepared(), FakeSsm()
    write_plan(data, TARGET, batch_state(1, 1), AttemptPlan([instance_id(51)], {}, {}))
    for number, attempt in ((0, 0), (1, 0), (1, 1)):
        batch = batch_state(number, attempt, 1)
        send(data, client, event={**EVENT, "batch": batch})
    assert [len(one["InstanceIds"]) for one in client.sent] == [50, 1, 1]
    assert len({one["Comment"] for one in client.sent}) == 3


def test_missing_document_is_told_without_signatures() -> None:
    """A region without the document is DocumentMissing; no signature leaves."""
    client = FakeSsm()
    client.refusals = [client_error("InvalidDocument", "SendCommand", message="secret")]
    with pytest.raises(DocumentMissing) as refused:
        send(prepared(), client)
    assert "secret" not in str(refused.value)


SIGNED = handler.Sending(SENDING.document, signed_bundles=True)


def test_where_bundles_are_signed_a_command_brings_the_signature() -> None:
    """Hosts get the signature of the very script that they are to run."""
    data, client = prepared(), FakeSsm()
    sign_bundle(data, BUNDLE, {BUNDLE, "other"}, SignatureMaker("key", lambda digest: f"signature of {digest}"))
    send(data, client, sending=SIGNED)
    assert client.sent[0]["Parameters"]["BundleSignature"] == [f"signature of {BUNDLE}"]


def test_where_bundles_are_signed_nothing_is_sent_without_a_signature() -> None:
    """An unsigned bundle, or one of which this script alone is unsigned, goes to nobody."""
    data, client = prepared(), FakeSsm()
    with pytest.raises(BundleNotSigned):
        send(data, client, sending=SIGNED)
    data = prepared()
    sign_bundle(data, BUNDLE, {"other"}, SignatureMaker("key", lambda digest: digest))
    with pytest.raises(BundleNotSigned):
        send(data, client, sending=SIGNED)
    assert client.sent == []


def test_no_record_no_command() -> None:
    """Without request or inventory nothing is claimed and nothing is sent."""
    data, client = bucket(), FakeSsm()
    with pytest.raises(RecordMissing):
        send(data, client)
    open_run(data)
    with pytest.raises(RecordMissing):
        send(data, client)
    assert client.sent == []
    assert CLAIM not in fake(data).written


def test_no_signature_rests_with_us() -> None:
    """Neither the state machine's output nor anything in the bucket holds a signature."""
    data = prepared()
    answer = send(data, FakeSsm())
    stored = b"".join(fake(data).objects.values())
    assert "secret" not in json.dumps(answer)
    assert b"secret" not in stored
    assert b"token" not in stored


def test_signatures_are_made_for_the_batchs_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lambda's own signing covers this bundle and this batch's prefix alone, with one role each."""
    settings = {
        "AWS_REGION": REGION,
        "DATA_BUCKET": "data",
        "INTAKE_BUCKET": "intake",
        "SCRIPTS_URL": f"https://data.s3.{REGION}.amazonaws.com/scripts/",
        "BUNDLE_READER_ROLE_ARN": "arn:aws:iam::1:role/reader",
        "RESULT_WRITER_ROLE_ARN": "arn:aws:iam::1:role/writer",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    asked: list[Any] = []

    def assumed(role: Any, region: str, _: object) -> Any:
        asked.append((role.arn, role.session_name, role.seconds))
        return handler.own_session()

    monkeypatch.setattr(handler, "assume", assumed)
    signed = handler.signatures_for(EVENT)  # type: ignore[arg-type]
    assert asked == [(f"arn:aws:iam::1:role/{name}", f"{RUN}-0001-00", 3600) for name in ("reader", "writer")]
    policy = json.loads(base64.b64decode(signed.upload.policy))
    assert ["starts-with", "$key", f"runs/{RUN}/{ACCOUNT}/{REGION}/0001-00/"] in policy["conditions"]
    assert signed.download_query.startswith("X-Amz-Algorithm=AWS4-HMAC-SHA256")


class ForgetfulSsm(FakeSsm):
    """Refuses a whole command for one instance that it does not know, as AWS does with InvalidInstanceId."""

    def send_command(self, **arguments: Any) -> dict[str, Any]:
        known = {node["InstanceId"] for node in self.nodes}
        if not set(arguments["InstanceIds"]) <= known:
            raise client_error("InvalidInstanceId", "SendCommand")
        return super().send_command(**arguments)


def test_an_instance_that_has_gone_costs_only_itself() -> None:
    """Where SSM no longer knows one instance of the batch, the command goes to the others."""
    nodes = [{"InstanceId": instance_id(number)} for number in range(1, 50)]
    client = ForgetfulSsm(nodes)
    answer = send(
        prepared(50),
        client,
        event={**EVENT, "batch": batch_state()},
    )
    (sent,) = client.sent
    assert sent["InstanceIds"] == [node["InstanceId"] for node in nodes]
    assert answer["instances"] == 49
    assert answer["wait_seconds"] == 15 + 49 // 3  # the more hosts, the later the slowest of them


def test_a_batch_of_which_nothing_is_left_is_told() -> None:
    """Where SSM knows none of the batch's instances any more, nothing is sent and the error says so."""
    client = ForgetfulSsm([])
    with pytest.raises(InstancesUnknown):
        send(prepared(), client)
    assert client.sent == []


@pytest.mark.reaches("stopped_by_operator")
def test_a_stopped_run_sends_nothing() -> None:
    """After the operator's stop no command goes out, and the error carries the reason that the ledger tells."""
    data, client = prepared(), FakeSsm()
    data.put_json(keys.stop_mark(RUN), {"by": "execution", "at": "now"})
    with pytest.raises(RunStopped) as refused:
        send(data, client)
    assert refused.value.reason == "stopped_by_operator"
    assert client.sent == []


def test_a_stop_still_finds_what_was_sent() -> None:
    """A batch whose command is out already is followed, so that its results are not lost."""
    data, client = prepared(), FakeSsm()
    assert send(data, client)["id"] == "command-1"
    data.put_json(keys.stop_mark(RUN), {"by": "execution", "at": "now"})
    assert send(data, client)["id"] == "command-1"
