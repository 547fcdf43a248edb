"""Files of runs and sweeps, each by a ticket; and what is read of coverage and waivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from console.answers import answer, body_of, context_of, read
from console.problems import Problem, not_found
from console.reading import coverage, run_files, waivers
from console.security import NOTHING_POLICY, REPORT_POLICY

if TYPE_CHECKING:
    from starlette.requests import Request

    from console.context import Context


async def run_link(request: Request) -> Response:
    """An address under which a file of a run can be opened once, within a minute."""
    names = request.path_params
    await body_of(request)
    key = run_files.run_key(names["run"], names["name"])
    return await _link(request, key, names["run"], names["name"])


async def sweep_link(request: Request) -> Response:
    """The same of a coverage sweep."""
    names = request.path_params
    await body_of(request)
    key = run_files.sweep_key(names["sweep"], names["name"])
    return await _link(request, key, names["sweep"], names["name"])


async def _link(request: Request, key: str, of: str, name: str) -> Response:
    context = context_of(request)
    if not await run_in_threadpool(lambda: any(one.key == key for one in context.deployment.data.keys(key))):
        raise not_found(f"{name} of {of}")
    return answer(context, {"url": f"/files/{context.tickets.issue(key, name)}/{name}"})


async def file(request: Request) -> Response:
    """A file by its ticket, which is used up."""
    context, names = context_of(request), request.path_params
    if request.method == "HEAD":
        # A ticket opens once; whoever only asks whether it would must not use it up.
        raise Problem(405, "MethodNotAllowed", "That method is not taken here.")
    ticket = context.tickets.redeem(names["ticket"], names["name"])
    if ticket is None:
        raise not_found("That address, which works once and for a minute,")
    body = await run_in_threadpool(context.deployment.data.get, ticket.key)
    return Response(body, headers=headers_of(ticket.key, ticket.name))


def headers_of(key: str, name: str) -> dict[str, str]:
    """How a file is shown: a page in a sandbox without an origin, everything else only as a download."""
    kind = run_files.type_of(name)
    if kind == run_files.HTML:
        return {"Content-Type": kind, "Content-Security-Policy": REPORT_POLICY, "Content-Disposition": "inline"}
    of = key.split("/")[-2]
    return {
        "Content-Type": kind,
        "Content-Security-Policy": NOTHING_POLICY,
        "Content-Disposition": f'attachment; filename="{of}-{name}"',
    }


async def sweeps(request: Request) -> Response:
    """The coverage sweeps."""
    return await read(request, _sweeps)


def _sweeps(context: Context) -> dict[str, Any]:
    return coverage.document(context)


async def register(request: Request) -> Response:
    """The register of exemptions and waivers."""
    return await read(request, waivers.document)
