"""What the codes of ledgers and sweeps mean, and what helps: for pages that tell them in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.answers import answer, context_of
from fleetdx.coverage.texts import all_texts
from fleetdx.reasons import reasons

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


async def listed(request: Request) -> Response:
    """Every documented reason by its code, and every cause of an instance that is not managed; in both languages."""
    told = {code: {"cause": one["cause"], "remedy": one["remedy"]} for code, one in reasons().items()}
    causes = {code: {"title": one["title"], "meaning": one["meaning"]} for code, one in all_texts()["causes"].items()}
    return answer(context_of(request), {"reasons": told, "causes": causes})
