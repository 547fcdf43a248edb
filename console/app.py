"""The console as an ASGI application: its routes, and before all of them the door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.routing import Route, Router

from console import static
from console.answers import answered, refused
from console.problems import Problem
from console.routes import executions, files, hosts, reasons, runs, session
from console.security import HEADERS, NOTHING_POLICY, Asked, refusal

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

    from console.context import Context

ROUTES = (
    Route("/api/session", session.session),
    Route("/api/schema", session.schema),
    Route("/api/organization", session.organization_tree),
    Route("/api/reasons", reasons.listed),
    Route("/api/requests/check", session.check, methods=["POST"]),
    Route("/api/runs", runs.listed),
    Route("/api/runs", runs.start, methods=["POST"]),
    Route("/api/runs/{run}", runs.one),
    Route("/api/runs/{run}/stop", runs.stop, methods=["POST"]),
    Route("/api/runs/{run}/watch", runs.watch),
    Route("/api/runs/{run}/ledger", runs.ledger),
    Route("/api/runs/{run}/files/{name}/link", files.run_link, methods=["POST"]),
    Route("/api/runs/{run}/hosts/{account}/{region}/{instance}", hosts.in_run),
    Route("/api/hosts/{account}/{region}/{instance}/history", hosts.over_time),
    Route("/api/machines", executions.machines),
    Route("/api/machines/{name}/executions", executions.listed),
    Route("/api/executions/{arn:path}/watch", executions.watch),
    Route("/api/executions/{arn:path}", executions.one),
    Route("/api/coverage", files.sweeps),
    Route("/api/coverage/{sweep}/files/{name}/link", files.sweep_link, methods=["POST"]),
    Route("/api/waivers", files.register),
    Route("/files/{ticket}/{name}", files.file),
    Route("/packages/{path:path}", static.package_file),
    Route("/", static.page),
    Route("/{path:path}", static.web_file),
)


def make_app(context: Context) -> Console:
    """The application over a context."""
    return Console(context)


def http_problem(error: HTTPException) -> Problem:
    """What the router says of a path or a method that it does not know, as a problem."""
    known = {404: ("NotFound", "There is no such page."), 405: ("MethodNotAllowed", "That method is not taken here.")}
    name, message = known.get(error.status_code, ("BadRequest", "The request cannot be read."))
    return Problem(error.status_code, name, message)


class Console:
    """Lets a request in or not, gives every answer its headers, and leaves no exception without an answer.

    Starlette's own application would answer an exception nobody foresaw with a page of its own; its router does not.

    Attributes:
        context: What the routes work with.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self._router = Router(ROUTES, redirect_slashes=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is no HTTP is not answered."""
        if scope["type"] != "http":
            return
        scope["app"] = self
        begun = False

        async def with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in {**HEADERS, "Content-Security-Policy": NOTHING_POLICY}.items():
                    headers.setdefault(name, value)
            await send(message)

        problem = refusal(self.context.door, _asked(scope))
        if problem is not None:
            await refused(self.context, problem)(scope, receive, with_headers)
            return
        try:
            await self._router(scope, receive, with_headers)
        except HTTPException as error:
            await refused(self.context, http_problem(error))(scope, receive, with_headers)
        except Exception as error:
            if begun:
                raise
            await answered(self.context, error)(scope, receive, with_headers)


def _asked(scope: Scope) -> Asked:
    found: dict[bytes, list[str]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.lower(), []).append(value.decode("latin-1"))
    return Asked(
        scope["path"],
        found.get(b"host", []),
        found.get(b"origin", []),
        found.get(b"sec-fetch-site", []),
        found.get(b"authorization", []),
    )
