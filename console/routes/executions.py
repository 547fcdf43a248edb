"""Executions of state machines: their lists, one in full, and a watch over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from console.answers import answered, context_of, encoded, read
from console.reading import children, executions
from console.routes.runs import LARGEST, number

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response

    from console.context import Context


async def machines(request: Request) -> Response:
    """The stack's state machines."""
    return await read(
        request,
        lambda context: {
            "machines": [{"name": name, "arn": arn} for name, arn in executions.machines(context.deployment).items()]
        },
    )


async def listed(request: Request) -> Response:
    """A page of a machine's executions."""
    name, given = request.path_params["name"], request.query_params
    status, token = given.get("status") or None, given.get("next") or None
    return await read(request, lambda context: executions.page_of(context.deployment, name, status, token))


async def one(request: Request) -> Response:
    """An execution with everything that belongs to it."""
    arn = executions.checked_arn(request.path_params["arn"])
    return await read(request, lambda context: executions.whole(context.deployment, arn))


async def watch(request: Request) -> Response:
    """Tell what is new in an execution, until it has ended."""
    arn = executions.checked_arn(request.path_params["arn"])
    after = number(request.query_params.get("after"), "after", 0, LARGEST)
    context = context_of(request)
    first = await run_in_threadpool(_look, context, arn, after)
    return EventSourceResponse(_news(context, arn, first), ping=15)


class _News(dict[str, Any]):
    """The execution, its children, and its events after the last one told."""


def _look(context: Context, arn: str, after: int) -> _News:
    client = context.deployment.session.client("stepfunctions")
    # Asked before the history: what ends in between is told as running now and as ended at the next look.
    described = executions.described_or_none(client, arn)
    if described is None:
        # Kept with its run, it has ended: there is nothing to wait for.
        kept = executions.whole(context.deployment, arn)
        events = [event for event in kept["events"] if event["id"] > after]
        return _News(execution=kept["execution"], events=events, last=after, children=kept["children"])
    events = executions.events_after(client, arn, after)
    return _News(
        execution=described,
        events=events,
        last=events[-1]["id"] if events else after,
        children=children.of(context.deployment, described, events),
    )


async def _news(context: Context, arn: str, news: _News) -> AsyncIterator[ServerSentEvent]:
    told = ""
    while True:
        if news["events"]:
            yield ServerSentEvent(encoded(context, {"events": news["events"]}), event="events")
        state = encoded(context, {"execution": news["execution"], "children": news["children"]})
        if state != told:
            told = state
            yield ServerSentEvent(state, event="execution")
        if executions.is_over(news["execution"]):
            yield ServerSentEvent("{}", event="end")
            return
        await anyio.sleep(context.seconds_between_looks)
        try:
            news = await run_in_threadpool(_look, context, arn, news["last"])
        except Exception as error:  # noqa: BLE001 - whatever it is, the page is told
            yield ServerSentEvent(bytes(answered(context, error).body).decode(), event="problem")
            return
