"""Systems Manager's verbs: sent as asked, refused without quoting a signature, found again by comment."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from botocore.exceptions import ClientError

from fleetdx import ssm
from fleetdx.entrypoint import translate
from fleetdx.errors import DocumentChanged, DocumentMissing, ServiceThrottled
from tests.fakes.aws_errors import client_error
from tests.fakes.ec2 import node
from tests.fakes.runs import invocation
from tests.fakes.ssm import FakeSsm

LIMITS = ssm.CommandLimits("50", "100%", 600)
NEW, OLD = "a" * 64, "b" * 64
QUOTING = "Value 'X-Amz-Signature=secret' at 'parameters' failed"


def send(client: FakeSsm, comment: str = "fleetdx run 0000-00", hashes: tuple[str, ...] = ()) -> str:
    document = ssm.ScanDocument("fleetdx-scan", hashes)
    return ssm.send(client, document, ["i-1"], {"BundleQuery": "secret"}, LIMITS, comment)  # type: ignore[arg-type]


def another_text(known: str) -> ClientError:
    """What SSM answers where its document has another hash."""
    return client_error("InvalidDocument", "SendCommand", message=f"document hash {known} does not match Sha256.")


def test_command_is_sent_as_asked() -> None:
    """Limits, parameters and comment reach SSM in its own shapes."""
    client = FakeSsm()
    assert send(client) == "command-1"
    assert client.sent == [
        {
            "DocumentName": "fleetdx-scan",
            "DocumentVersion": "$DEFAULT",
            "InstanceIds": ["i-1"],
            "Parameters": {"BundleQuery": ["secret"]},
            "TimeoutSeconds": 600,
            "MaxConcurrency": "50",
            "MaxErrors": "100%",
            "Comment": "fleetdx run 0000-00",
        }
    ]


def test_a_command_names_the_text_that_its_document_may_have() -> None:
    """The hash that the central stack knows goes with the command, for SSM to compare."""
    client = FakeSsm()
    send(client, hashes=(NEW,))
    assert (client.sent[0]["DocumentHash"], client.sent[0]["DocumentHashType"]) == (NEW, "Sha256")


def test_while_stacks_are_upgraded_the_text_before_is_tried_too() -> None:
    """Where the newer text has not come yet, the command goes out with the older one's hash, once."""
    client = FakeSsm()
    client.refusals = [another_text(NEW)]
    assert send(client, hashes=(NEW, OLD)) == "command-1"
    assert [sent["DocumentHash"] for sent in client.sent] == [OLD]


def test_a_document_with_another_text_is_told_as_changed() -> None:
    """SSM refuses each hash that is known: the document is changed, not missing, and nothing was sent."""
    client = FakeSsm()
    client.refusals = [another_text(NEW), another_text(OLD)]
    with pytest.raises(DocumentChanged):
        send(client, hashes=(NEW, OLD))
    assert client.sent == []


def test_another_refusal_is_not_tried_with_the_text_before() -> None:
    """A throttle has nothing to do with the text: the function's Retry repeats it."""
    client = FakeSsm()
    client.refusals = [client_error("ThrottlingException", "SendCommand")]
    with pytest.raises(ClientError, match="ThrottlingException"):
        send(client, hashes=(NEW, OLD))
    assert client.sent == []


@pytest.mark.parametrize("code", ["InvalidDocument", "InvalidDocumentVersion", "InvalidParameters"])
def test_refused_document_is_told_without_its_parameters(code: str) -> None:
    """A missing document or refused parameters are DocumentMissing, without AWS's text."""
    client = FakeSsm()
    client.refusals = [client_error(code, "SendCommand", message=QUOTING)]
    with pytest.raises(DocumentMissing) as refused:
        send(client)
    assert str(refused.value) == f"SendCommand with fleetdx-scan: {code}"


@pytest.mark.parametrize("code", ["ValidationException", "ThrottlingException"])
def test_other_refusals_keep_their_code_and_lose_their_text(code: str) -> None:
    """Any other error can be told apart by its code, but its text, which can quote signatures, is gone."""
    client = FakeSsm()
    client.refusals = [client_error(code, "SendCommand", message=QUOTING)]
    with pytest.raises(ClientError) as refused:
        send(client)
    assert refused.value.response["Error"]["Code"] == code
    assert "secret" not in str(refused.value)
    assert isinstance(translate(refused.value), ServiceThrottled) == (code == "ThrottlingException")


def test_command_is_found_by_its_comment() -> None:
    """Among the commands since the claim, the one with exactly this comment is found, on whatever page."""
    client = FakeSsm()
    start = dt.datetime.now(dt.UTC)
    for number in range(5):
        send(client, ssm.comment_of("run", f"000{number}-00"))
    send(client, ssm.comment_of("run-2", "0005-00"))
    found: Any = [ssm.find_command(client, "run", f"000{n}-00", start) for n in (0, 4, 5)]  # type: ignore[arg-type]
    assert found == ["command-1", "command-5", None]


def test_older_commands_are_not_looked_at() -> None:
    """The listing starts five minutes before the claim, for clocks that differ."""
    client = FakeSsm()
    send(client)
    now = dt.datetime.now(dt.UTC)
    near, far = now + dt.timedelta(minutes=4), now + dt.timedelta(minutes=6)
    assert ssm.find_command(client, "run", "0000-00", near) == "command-1"  # type: ignore[arg-type]
    assert ssm.find_command(client, "run", "0000-00", far) is None  # type: ignore[arg-type]


def test_lists_turn_their_pages() -> None:
    """Nodes and invocations are read to the last page, with step outputs only where asked for."""
    client = FakeSsm([node(f"i-{number}") for number in range(120)])
    client.invocations["command-1"] = [invocation(f"i-{number}", "line") for number in range(5)]
    assert len(list(ssm.managed_nodes(client))) == 120  # type: ignore[arg-type]
    with_steps, without = (list(ssm.invocations(client, "command-1", details=it)) for it in (True, False))  # type: ignore[arg-type]
    assert [len(with_steps), len(without)] == [5, 5]
    assert all("CommandPlugins" in one for one in with_steps)
    assert not any("CommandPlugins" in one for one in without)
