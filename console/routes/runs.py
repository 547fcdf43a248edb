"""Runs: their list, one in full, its ledger, a watch over it; and to start and to stop one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import anyio
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from console.answers import answered, body_of, context_of, encoded, read
from console.problems import Problem
from console.reading import ledger as ledgers
from console.reading import requests, run_list, runs
from console.routes.session import requested

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response

    from console.context import Context

MOST_LINES: Final = 1_000
LARGEST: Final = 10_000_000


def may_act(context: Context) -> None:
    """Refuse what changes something where the console only reads.

    Raises:
        Problem: It was not started with --allow-start.
    """
    if not context.may_start:
        raise Problem(
            403, "ReadOnly", "The console only reads here; start it with --allow-start to start and stop scans."
        )


async def listed(request: Request) -> Response:
    """The newest runs."""
    return await read(request, lambda context: {"runs": run_list.rows(context)})


async def start(request: Request) -> Response:
    """Start a run."""
    may_act(context_of(request))
    document = requested(await body_of(request))
    return await read(request, lambda context: requests.start(context, document), 201)


async def stop(request: Request) -> Response:
    """Stop a run, whoever started it."""
    may_act(context_of(request))
    await body_of(request)
    run = request.path_params["run"]
    return await read(request, lambda context: runs.stop(context, run), 202)


async def one(request: Request) -> Response:
    """One run in full."""
    run = request.path_params["run"]
    return await read(request, lambda context: runs.document(context, run))


async def ledger(request: Request) -> Response:
    """A part of a run's ledger."""
    run, given = request.path_params["run"], request.query_params
    wanted = {name: given.get(name, "") for name in ("state", "account", "region", "search")}
    offset = number(given.get("offset"), "offset", 0, LARGEST)
    limit = number(given.get("limit"), "limit", 100, MOST_LINES)
    return await read(request, lambda context: ledgers.part(context, run, wanted, offset, limit))


def number(text: str | None, name: str, otherwise: int, largest: int) -> int:
    """A number of a query. Raises Problem where it is none from 0 to the largest."""
    if text is None or text == "":
        return otherwise
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(largest)) and int(text) <= largest):
        raise Problem(400, "NotANumber", f"{name} has to be a number from 0 to {largest:,}.")
    return int(text)


async def watch(request: Request) -> Response:
    """Tell a run whenever it has changed, until it has ended."""
    context, run = context_of(request), request.path_params["run"]
    first = await run_in_threadpool(runs.document, context, run)
    return EventSourceResponse(_changes(context, run, first), ping=15)


async def _changes(context: Context, run: str, document: dict[str, Any]) -> AsyncIterator[ServerSentEvent]:
    told = ""
    while True:
        text = encoded(context, document)
        if text != told:
            told = text
            yield ServerSentEvent(text, event="run")
        if document["progress"]["phase"] == "ended":
            yield ServerSentEvent("{}", event="end")
            return
        await anyio.sleep(context.seconds_between_looks)
        try:
            document = await run_in_threadpool(runs.document, context, run)
        except Exception as error:  # noqa: BLE001 - whatever it is, the page is told
            yield ServerSentEvent(bytes(answered(context, error).body).decode(), event="problem")
            return
