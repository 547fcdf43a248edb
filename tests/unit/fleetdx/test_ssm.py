"""Systems Manager's verbs: sent as asked, refused without quoting a signature, found again by comment."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from botocore.exceptions import ClientError

from fleetdx import ssm
from fleetdx.entrypoint import translate
from fleetdx.errors import DocumentMissing, ServiceThrottled
from tests.fakes.aws_errors import client_error
from tests.fakes.ec2 import node
from tests.fakes.runs import invocation
from tests.fakes.ssm import FakeSsm

LIMITS = ssm.CommandLimits("50", "100%", 600)
QUOTING = "Value 'X-Amz-Signature=secret' at 'parameters' failed"


def send(client: FakeSsm, comment: str = "fleetdx run 0000-00") -> str:
    return ssm.send(client, "fleetdx-scan", ["i-1"], {"BundleQuery": "secret"}, LIMITS, comment)  # type: ignore[arg-type]


def test_command_is_sent_as_asked() -> None:
    """Limits, parameters and comment reach SSM in its own shapes."""
    client = FakeSsm()
    assert send(client) == "command-1"
    assert client.sent == [
        {
            "DocumentName": "fleetdx-scan",
            "InstanceIds": ["i-1"],
            "Parameters": {"BundleQuery": ["secret"]},
            "TimeoutSeconds": 600,
            "MaxConcurrency": "50",
            "MaxErrors": "100%",
            "Comment": "fleetdx run 0000-00",
        }
    ]


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
