"""Answers: JSON without secrets, server-sent events, and every error as JSON with one sentence."""

from __future__ import annotations

import datetime as dt
import json
import logging
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from console.problems import Problem
from console.reading.moments import told
from fleetdx.errors import FleetdxError, InvalidRequest, RecordMissing

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from console.context import Context

MOST_BODY_BYTES: Final = 65_536
log = logging.getLogger("fleetdx.console")


def context_of(request: Request) -> Context:
    """The context that the application was made with."""
    context: Context = request.app.context
    return context


def encoded(context: Context, document: Any) -> str:  # noqa: ANN401 - any JSON
    """A document as it is sent: without secrets, times as RFC 3339, and on one line."""
    plain = json.loads(json.dumps(document, default=plainly))
    return json.dumps(context.redaction.document(plain), separators=(",", ":"))


def plainly(value: object) -> Any:  # noqa: ANN401 - any JSON
    """What boto3 gives and JSON does not know."""
    if isinstance(value, dt.datetime):
        return told(value)
    if isinstance(value, Decimal):
        return float(value)
    return str(value)


def answer(context: Context, document: Any, status: int = 200) -> Response:  # noqa: ANN401 - any JSON
    """A JSON answer."""
    return Response(encoded(context, document), status, media_type="application/json")


def refused(context: Context, problem: Problem) -> Response:
    """The answer to what is not done."""
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}  # noqa: PLR2004 - HTTP's number
    body = encoded(context, problem.document)
    return Response(body, problem.status, headers=headers, media_type="application/json")


async def read(request: Request, work: Callable[[Context], Any], status: int = 200) -> Response:
    """Have something read in a thread of its own, for boto3 blocks, and answer with it."""
    context = context_of(request)
    return answer(context, await run_in_threadpool(work, context), status)


async def body_of(request: Request) -> Any:  # noqa: ANN401 - not validated yet
    """The JSON that a request carries.

    Raises:
        Problem: It is not JSON, says it is not, or is larger than what anybody could want.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(415, "NotJson", "The body has to be JSON, and its Content-Type application/json.")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BODY_BYTES:
            raise Problem(413, "TooLarge", f"At most {MOST_BODY_BYTES:,} bytes are read.")
    try:
        return json.loads(bytes(body), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Problem(400, "NotJson", "The body is not JSON.") from None


def _no_number(name: str) -> Any:  # noqa: ANN401 - raises
    raise ValueError(name)


def problem_of(error: Exception) -> Problem | None:
    """An exception as an answer; None where it is a fault of the console's own."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, FleetdxError):
        return _our_problem(error)
    if isinstance(error, ClientError):
        said = error.response.get("Error", {})
        return Problem(502, str(said.get("Code") or "AwsError"), str(said.get("Message") or "AWS refused the call."))
    if isinstance(error, BotoCoreError):
        return Problem(502, type(error).__name__, f"AWS did not answer: {error}")
    return None


def _our_problem(error: FleetdxError) -> Problem:
    if isinstance(error, InvalidRequest):
        return Problem(422, "InvalidRequest", error.sentence, error.pointer)
    status = 404 if isinstance(error, RecordMissing) else 502
    return Problem(status, "NotFound" if status == 404 else type(error).__name__, f"{error}.")  # noqa: PLR2004 - HTTP's


def answered(context: Context, error: Exception) -> Response:
    """The answer to an exception; one that nobody foresaw is written to standard error with where it came from."""
    problem = problem_of(error)
    if problem is None:
        if isinstance(error, ClientDisconnect):
            return Response(status_code=400)
        log.error("The console has a fault", exc_info=error)
        problem = Problem(500, "Fault", "The console has a fault; its terminal says which.")
    return refused(context, problem)
