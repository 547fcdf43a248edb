"""Hosts: in one run, and over the runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.answers import read
from console.reading import hosts
from console.routes.session import language_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

DEFAULT_PROFILE = "kisa_unix_2026"


def host_of(request: Request) -> hosts.Host:
    """The host that an address names. Raises Problem where it names none."""
    names = request.path_params
    return hosts.Host(names["account"], names["region"], names["instance"])


async def in_run(request: Request) -> Response:
    """A host in one run."""
    host, run, language = host_of(request), request.path_params["run"], language_of(request)
    return await read(request, lambda context: hosts.in_run(context, run, host, language))


async def over_time(request: Request) -> Response:
    """A host over the runs."""
    host, profile = host_of(request), request.query_params.get("profile") or DEFAULT_PROFILE
    return await read(request, lambda context: hosts.over_time(context, host, profile))
