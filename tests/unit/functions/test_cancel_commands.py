"""What a stopped run has outstanding is cancelled, and what may still come is waited for."""

from __future__ import annotations

from typing import Any

from fleetdx import keys
from fleetdx.claims import claim, release
from functions.cancel_commands import handler
from tests.fakes.runs import ACCOUNT, REGION, RUN, TARGET
from tests.fakes.s3 import bucket
from tests.fakes.ssm import FakeSsm

EVENT: Any = {**TARGET, "cancelled": {"looks": 0, "commands": 0}}


def claimed(*batches: str) -> Any:
    data = bucket()
    for batch in batches:
        claim(data, keys.command_claim(RUN, ACCOUNT, REGION, batch))
    return data


def sent(*batches: str, run: str = RUN) -> FakeSsm:
    client = FakeSsm()
    for batch in batches:
        client.send_command(Comment=f"fleetdx {run} {batch}")
    return client


def test_commands_that_have_not_ended_are_cancelled() -> None:
    """A command that has ended, or is another run's, is left alone."""
    client = sent("0000-00", "0001-00")
    client.send_command(Comment="fleetdx 20261123T021600Z-3fa9c2 0000-00")
    client.statuses["command-1"] = "Success"
    answer = handler.run(EVENT, claimed("0000-00", "0001-00"), client)  # type: ignore[arg-type]
    assert client.statuses == {"command-1": "Success", "command-2": "Cancelling"}
    assert answer == {"looks": 1, "commands": 1, "settled": True}


def test_a_claim_without_a_command_is_waited_for() -> None:
    """A function that had won its claim may still send: look again, but not for a claim that was given back."""
    data, client = claimed("0000-00", "0001-00", "0002-00"), sent("0000-00")
    release(data, keys.command_claim(RUN, ACCOUNT, REGION, "0002-00"))
    first: Any = handler.run(EVENT, data, client)  # type: ignore[arg-type]
    assert first == {"looks": 1, "commands": 1, "settled": False}
    client.send_command(Comment=f"fleetdx {RUN} 0001-00")
    second = handler.run({**EVENT, "cancelled": first}, data, client)  # type: ignore[arg-type]
    assert second == {"looks": 2, "commands": 2, "settled": True}


def test_a_claim_whose_command_never_comes_ends_the_looking() -> None:
    """After as many looks as SendCommand's function can live, nothing can come any more."""
    event = {**EVENT, "cancelled": {"looks": handler.LOOKS - 1, "commands": 0}}
    assert handler.run(event, claimed("0000-00"), FakeSsm())["settled"]  # type: ignore[arg-type]
