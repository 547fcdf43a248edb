"""Who is asked, what may be done, and what the form to start a scan is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from console.answers import answer, body_of, context_of, read
from console.problems import Problem
from console.reading import organization, requests
from console.reading.schema import schema_in
from fleetdx.models import LANGUAGES

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from console.context import Context
    from fleetdx.models import Language


def language_of(request: Request) -> Language:
    """The language asked for; English where none is. Raises Problem for one that is not spoken."""
    language = request.query_params.get("language", "en")
    if language not in LANGUAGES:
        raise Problem(400, "UnknownLanguage", f"Known are {', '.join(LANGUAGES)}.")
    return language


async def session(request: Request) -> Response:
    """What is shown, and what may be done."""
    return await read(request, _session)


def _session(context: Context) -> dict[str, Any]:
    return {
        "place": context.place,
        "account": context.account,
        "region": context.deployment.home_region,
        "regions": list(context.deployment.regions),
        "may_start": context.may_start,
        "version": context.version,
    }


async def schema(request: Request) -> Response:
    """The scan request's schema in a language."""
    return answer(context_of(request), schema_in(language_of(request)))


async def organization_tree(request: Request) -> Response:
    """The organization."""
    return await read(request, organization.document)


async def check(request: Request) -> Response:
    """The faults of a request, or what it would take; nothing is started."""
    language, document = language_of(request), requested(await body_of(request))
    return await read(request, lambda context: requests.check(context, document, language))


def requested(body: Any) -> Any:  # noqa: ANN401 - not validated yet
    """The scan request in a body. Raises Problem where it holds none, or more than that."""
    if not isinstance(body, dict) or set(body) != {"request"}:
        raise Problem(400, "NotARequest", 'The body has to be {"request": ...} and nothing else.')
    return body["request"]
