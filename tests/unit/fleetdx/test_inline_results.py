"""Results are read from outputs one call an instance, and never beyond the budget of a batch."""

from __future__ import annotations

import base64
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from fleetdx.errors import ServiceUnavailable
from fleetdx.inline_results import Budget, read_outputs
from tests.fakes.aws_errors import client_error
from tests.fakes.ssm import FakeSsm

HOSTS = [f"i-{number:08x}" for number in range(1, 7)]
THROTTLED = client_error("ThrottlingException", "GetCommandInvocation")


def client(**outputs: str) -> FakeSsm:
    ssm = FakeSsm()
    ssm.outputs = {("command-1", host, "Send"): base64.b64encode(host.encode()).decode() + "\n" for host in HOSTS}
    ssm.outputs |= {("command-1", host.replace("_", "-"), "Send"): output for host, output in outputs.items()}
    return ssm


def test_each_result_is_what_its_host_printed() -> None:
    """Every output is asked for once, and decoded."""
    ssm = client()
    assert read_outputs(ssm, "command-1", HOSTS) == ({host: host.encode() for host in HOSTS}, "")  # type: ignore[arg-type]
    assert len(ssm.asked) == 6


@pytest.mark.parametrize("output", ["no base64!", "YQ=", "\ud800", "é"])
def test_an_output_that_is_no_base64_is_no_result(output: str) -> None:
    """What a host prints in the place of its result costs that host's evidence alone."""
    bodies, stopped = read_outputs(client(i_00000001=output), "command-1", HOSTS)  # type: ignore[arg-type]
    assert set(bodies) == set(HOSTS[1:])
    assert not stopped


def test_an_output_that_ssm_does_not_know_is_empty() -> None:
    """An invocation that SSM does not show yet is no error: its evidence is not received."""
    assert read_outputs(client(), "command-1", ["i-99999999"]).bodies == {"i-99999999": b""}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "refusal",
    [
        THROTTLED,
        client_error("InternalServerError", "GetCommandInvocation", 500),
        EndpointConnectionError(endpoint_url="x"),
        ServiceUnavailable("GetCommandInvocation: no answer"),
    ],
)
def test_a_refused_call_is_repeated_after_the_others(refusal: Exception) -> None:
    """A throttle, or a missing answer, costs a call and no evidence, as long as the budget lasts."""
    ssm = client()
    ssm.output_refusals = [refusal]
    assert set(read_outputs(ssm, "command-1", HOSTS).bodies) == set(HOSTS)  # type: ignore[arg-type]
    assert [host for _, host, _ in ssm.asked] == [*HOSTS, HOSTS[0]]


def test_reading_stops_when_aws_refuses_again_and_again() -> None:
    """After five refusals nobody is asked any more, and why is said."""
    ssm = client()
    ssm.output_refusals = [THROTTLED] * 9
    bodies, stopped = read_outputs(ssm, "command-1", HOSTS)  # type: ignore[arg-type]
    assert (bodies, len(ssm.asked)) == ({}, 5)
    assert stopped == "The budget for reading outputs was spent after 5 calls, 5 of them refused."


def test_reading_stops_after_so_many_calls() -> None:
    """The budget counts every call."""
    assert len(read_outputs(client(), "command-1", HOSTS, Budget(calls=4)).bodies) == 4  # type: ignore[arg-type]


def test_reading_stops_after_so_long() -> None:
    """The budget counts time."""
    ticks = count(0, 40)
    found = read_outputs(client(), "command-1", HOSTS, clock=lambda: float(next(ticks)))  # type: ignore[arg-type]
    assert len(found.bodies) == 2
    assert "after 2 calls" in found.stopped


def test_a_denied_call_is_not_repeated() -> None:
    """A member whose role does not allow the call is asked once; the verdicts do not depend on it."""
    ssm = client()
    ssm.output_refusals = [client_error("AccessDeniedException", "GetCommandInvocation")] * 9
    found: Any = read_outputs(ssm, "command-1", HOSTS)  # type: ignore[arg-type]
    assert (found, len(ssm.asked)) == (({}, "GetCommandInvocation: AccessDeniedException."), 1)
