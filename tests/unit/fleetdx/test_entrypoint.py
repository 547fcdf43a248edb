"""AWS's errors leave a function under names that the state machines know, and quote nothing."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ParamValidationError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from fleetdx.entrypoint import DENIED_CODES, SIGNATURE_CODES, THROTTLE_CODES, entrypoint, translate
from fleetdx.errors import (
    AccessDenied,
    DeniedByServiceControlPolicy,
    FleetdxError,
    MemberRoleDenied,
    ServiceThrottled,
    ServiceUnavailable,
    reason_of,
)
from fleetdx.log import FUNCTION_LOGGERS, JsonFormatter
from tests.fakes.aws_errors import client_error

if TYPE_CHECKING:
    from collections.abc import Iterator

EVENT = {"run": "20261123T021500Z-3fa9c1", "account": "111122223333", "signature": "secret"}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the functions log."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger(FUNCTION_LOGGERS)
    before, propagate = logger.handlers[:], logger.propagate
    logger.handlers, logger.propagate = [handler], False
    yield stream
    logger.handlers, logger.propagate = before, propagate


def call(error: Exception) -> Any:
    def handler(event: dict[str, Any], context: object) -> dict[str, str]:
        raise error

    handler.__module__ = "functions.some_function.handler"
    return entrypoint(handler)(EVENT, None)


@pytest.mark.reaches("denied_by_service_control_policy")
@pytest.mark.parametrize("code", sorted(DENIED_CODES))
def test_a_service_control_policy_is_told_apart(code: str) -> None:
    """AWS tells by its text alone that the organization denies a call; what leaves names the call, not the text."""
    text = (
        "User: arn:aws:sts::111122223333:assumed-role/x is not authorized to perform: iam:AttachRolePolicy on "
        "resource: role web with an explicit deny in a service control policy"
    )
    ours = translate(client_error(code, "AttachRolePolicy", 403, text))
    assert isinstance(ours, DeniedByServiceControlPolicy)
    assert (str(ours), ours.reason) == (f"AttachRolePolicy: {code}", "denied_by_service_control_policy")


@pytest.mark.parametrize(
    ("code", "status", "ours"),
    [
        *((code, 400, ServiceThrottled) for code in sorted(THROTTLE_CODES)),
        ("SlowDown", 503, ServiceThrottled),
        *((code, 403, ServiceUnavailable) for code in sorted(SIGNATURE_CODES)),
        *((code, 403, AccessDenied) for code in sorted(DENIED_CODES)),
        ("InternalError", 500, ServiceUnavailable),
        ("ServiceUnavailable", 503, ServiceUnavailable),
        ("", 502, ServiceUnavailable),
    ],
)
def test_common_errors_become_ours(code: str, status: int, ours: type[FleetdxError]) -> None:
    """Throttles, denials and AWS's own faults have our names; the sentence is operation and code alone."""
    told = translate(client_error(code, "GetObject", status, "secret"))
    assert type(told) is ours
    assert str(told) == f"GetObject: {code}"


@pytest.mark.parametrize("code", ["ValidationException", "InvalidInstanceId", "NoSuchBucket"])
def test_particular_errors_stay(code: str) -> None:
    """What one call alone can mean is left to whoever made it."""
    assert translate(client_error(code, "GetObject")) is None


def test_response_without_parts_is_nothing_known() -> None:
    """An error without code and status translates to nothing."""
    assert translate(ClientError({}, "GetObject")) is None


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (client_error("Throttling", "GetObject", message="secret"), ServiceThrottled),
        (client_error("NoSuchBucket", "GetObject", message="text"), ClientError),
        (EndpointConnectionError(endpoint_url="https://secret"), ServiceUnavailable),
        (ConnectTimeoutError(endpoint_url="https://secret"), ServiceUnavailable),
        (ReadTimeoutError(endpoint_url="https://secret"), ServiceUnavailable),
        (ResponseParserError("secret"), ServiceUnavailable),
        (UnicodeDecodeError("utf-8", b"secret", 0, 1, "no text"), ServiceUnavailable),
        (MemberRoleDenied("no"), MemberRoleDenied),
        (KeyError("run"), KeyError),
    ],
)
def test_class_that_leaves_is_the_asl_name(error: Exception, raised: type[Exception], log: io.StringIO) -> None:
    """The state machine matches the class: ours stay, AWS's become ours, everything else passes unchanged."""
    with pytest.raises(raised) as left:
        call(error)
    assert type(left.value) is raised
    assert "secret" not in str(left.value) + log.getvalue()


def test_call_that_we_made_wrongly_is_not_blamed_on_aws(log: io.StringIO) -> None:
    """A call that botocore refuses to send fails the same way again: it is no missing answer to be retried."""
    with pytest.raises(FleetdxError) as left:
        call(ParamValidationError(report="secret"))
    assert type(left.value) is FleetdxError
    assert "secret" not in str(left.value) + log.getvalue()


def test_log_names_run_and_account_alone(log: io.StringIO) -> None:
    """One JSON line a call with the bound facts; nothing else of the event is ever logged."""

    def handler(event: dict[str, Any], context: object) -> dict[str, str]:
        return {"answer": "yes"}

    handler.__module__ = "functions.some_function.handler"
    assert entrypoint(handler)(EVENT, None) == {"answer": "yes"}
    line = json.loads(log.getvalue())
    assert (line["run"], line["account"], line["message"]) == (EVENT["run"], EVENT["account"], "done")
    assert line["logger"].endswith("some_function")
    assert line["duration_ms"] >= 0
    assert "secret" not in log.getvalue()


@pytest.mark.parametrize("event", [None, [], "text", {}, {"run": ["x"]}])
def test_event_of_any_shape_reaches_the_handler(event: Any, log: io.StringIO) -> None:
    """Logging never fails on an odd event; what is wrong with it is the handler's to say."""

    def handler(event: dict[str, Any], context: object) -> dict[str, str]:
        return {}

    handler.__module__ = "functions.some_function.handler"
    assert entrypoint(handler)(event, None) == {}


@pytest.mark.parametrize("error", FleetdxError.__subclasses__())
def test_every_error_has_a_reason_code_by_its_name(error: type[FleetdxError]) -> None:
    """A caught error's name leads back to its reason code."""
    assert reason_of(error.__name__) == error.reason


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("States.Timeout", "timed_out"),
        ("Sandbox.Timedout", "timed_out"),
        ("States.DataLimitExceeded", "unexpected"),
        ("", "unexpected"),
    ],
)
def test_names_of_step_functions_have_reasons(name: str, reason: str) -> None:
    """A time limit is told as such; what nobody knows is unexpected."""
    assert reason_of(name) == reason
