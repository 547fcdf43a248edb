"""What stands in a function's log: who worked on what, how long, and an error's class; never what it was given."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from fleetdx.entrypoint import entrypoint
from fleetdx.errors import FleetdxError
from fleetdx.log import BOUND_KEYS, FUNCTION_LOGGERS, JsonFormatter

if TYPE_CHECKING:
    from collections.abc import Iterator

PAYLOAD = "a-payload-that-nobody-may-read"
EVENT = {
    "run": "20261123T021500Z-3fa9c1",
    "account": "333333333333",
    "region": "us-east-1",
    "batch": 3,
    "request": {"checks": [PAYLOAD]},
    "instances": [PAYLOAD],
    PAYLOAD: PAYLOAD,
}
ALWAYS = {"time", "level", "logger", "message"}
REFUSAL = ClientError({"Error": {"Code": "ValidationException", "Message": PAYLOAD}}, "SendCommand")
ERRORS = [FleetdxError(PAYLOAD), REFUSAL, ValueError(PAYLOAD)]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    parent, stream = logging.getLogger(FUNCTION_LOGGERS), io.StringIO()
    before, handler = parent.handlers[:], logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    parent.handlers = [handler]
    yield stream
    parent.handlers = before


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def working_on(answer: object) -> Any:
    """A function's entry point that gives an answer, or raises it."""

    def handler(event: dict[str, Any], _context: object) -> object:
        assert event == EVENT
        if isinstance(answer, Exception):
            raise answer
        return answer

    handler.__module__ = "functions.send_command.handler"
    return entrypoint(handler)


def test_a_function_logs_what_it_worked_on_and_how_long(written: io.StringIO) -> None:
    """Neither its event nor its answer is in the line, but for run, account, region and batch."""
    assert working_on({"answer": PAYLOAD})(EVENT, None) == {"answer": PAYLOAD}
    [line] = lines(written)
    assert set(line) == ALWAYS | set(BOUND_KEYS) | {"duration_ms"}
    assert {key: line[key] for key in BOUND_KEYS} == {key: EVENT[key] for key in BOUND_KEYS}
    assert PAYLOAD not in written.getvalue()


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_is_logged_by_its_class(written: io.StringIO, error: Exception) -> None:
    """Its text, which can quote what AWS or a host was told, is not in the line."""
    with pytest.raises(type(error)):
        working_on(error)(EVENT, None)
    [line] = lines(written)
    assert set(line) == ALWAYS | set(BOUND_KEYS) | {"error"}
    assert line["error"] == type(error).__name__
    assert PAYLOAD not in written.getvalue()
