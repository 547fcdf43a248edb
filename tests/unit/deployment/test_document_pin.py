"""Which hashes of the SSM document are pinned while members go over from one to the next."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from fleetdx.deployment.document_pin import pins_meanwhile, pins_of, rendered_text
from tests.fakes.aws_errors import client_error

NEW, OLD, OLDER = "c" * 64, "b" * 64, "a" * 64


@pytest.mark.parametrize(
    ("coming", "pinned", "value"),
    [
        (NEW, (OLD,), f"{NEW},{OLD}"),
        # Nothing changes: the same hash once.
        (OLD, (OLD,), OLD),
        # A deployment that was stopped on its way goes on.
        (NEW, (NEW, OLD), f"{NEW},{OLD}"),
        (NEW, (OLD, OLDER), f"{NEW},{OLD}"),
        # What was never pinned is not pinned before AWS's spelling of it is known.
        (NEW, (), "none"),
    ],
)
def test_what_members_have_and_what_they_will_have_may_run(coming: str, pinned: tuple[str, ...], value: str) -> None:
    """Two at most, the newer one first, as the central stack's parameter takes them."""
    assert pins_meanwhile(coming, pinned) == value


@pytest.mark.parametrize(
    ("given", "pinned"), [("none", ()), ("", ()), (OLD, (OLD,)), (f"{NEW},{OLD}", (NEW, OLD)), (None, ())]
)
def test_what_a_stack_pins_is_read_from_its_parameter(given: str | None, pinned: tuple[str, ...]) -> None:
    """None where it pins nothing, or is of a release that had no such parameter."""
    parameters = [] if given is None else [{"ParameterKey": "DocumentHashes", "ParameterValue": given}]
    assert pins_of({"Parameters": parameters}) == pinned


def test_only_a_missing_document_is_none() -> None:
    """Whatever else Systems Manager answers is told as it is."""

    def ssm(code: str) -> Any:
        def refuse(**_: Any) -> None:
            raise client_error(code, "GetDocument")

        return SimpleNamespace(get_document=refuse)

    assert rendered_text(ssm("InvalidDocument"), "fleetdx-scan") is None
    with pytest.raises(ClientError):
        rendered_text(ssm("AccessDeniedException"), "fleetdx-scan")
