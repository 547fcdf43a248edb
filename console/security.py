"""Who may ask the console: decided from a request's headers before anything else is done with it. Pure.

The token proves that the page was opened from the address that the command printed. No cookie is ever set, so a browser
sends nothing by itself that would let another site act. A page of another site cannot send the token, and one whose
name was pointed at this machine (DNS rebinding) does not have our name in Host.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from console.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

API: Final = "/api/"
OWN_SITES: Final = frozenset({"same-origin", "none"})
"""Sec-Fetch-Site of our page, and of an address that a person typed; other ports of this machine are `same-site`."""


@dataclass(frozen=True)
class Door:
    """What opens the console.

    Attributes:
        token: Every request to /api/ carries it.
        hosts: The names under which it is served, as a Host header has them, for instance `127.0.0.1:8137`.
    """

    token: str
    hosts: frozenset[str]


@dataclass(frozen=True)
class Asked:
    """What of a request decides; each header as often as it was sent."""

    path: str
    host: Sequence[str]
    origin: Sequence[str] = ()
    fetch_site: Sequence[str] = ()
    authorization: Sequence[str] = ()


def hosts_of(bound: str, port: int) -> frozenset[str]:
    """The Host headers that mean a server bound to an address and port."""
    names = {"127.0.0.1", "localhost", "[::1]", f"[{bound}]" if ":" in bound else bound}
    return frozenset(f"{name}:{port}".lower() for name in names)


def refusal(door: Door, asked: Asked) -> Problem | None:
    """Why a request is not answered; None where it is."""
    if len(asked.host) != 1 or asked.host[0].lower() not in door.hosts:
        return Problem(421, "WrongHost", "The console is not served under that name; use the address it printed.")
    own = f"http://{asked.host[0].lower()}"
    if any(origin.lower() != own for origin in asked.origin):
        return Problem(403, "OtherOrigin", "Another site may not ask the console.")
    if any(site.lower() not in OWN_SITES for site in asked.fetch_site):
        return Problem(403, "OtherOrigin", "Another site may not lead to the console; open its address by hand.")
    if asked.path.startswith(API) and not is_authorized(door.token, asked.authorization):
        return Problem(401, "TokenMissing", "The token is absent or wrong; open the address that the command printed.")
    return None


def is_authorized(token: str, authorization: Sequence[str]) -> bool:
    """Whether exactly one Authorization header carries the token; takes the same time however wrong it is."""
    if len(authorization) != 1:
        return False
    scheme, _, given = authorization[0].partition(" ")
    same = hmac.compare_digest(given.encode("utf-8", "surrogateescape"), token.encode())
    return scheme.lower() == "bearer" and same


PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
NOTHING_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
REPORT_POLICY: Final = (
    "sandbox allow-scripts allow-popups; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""A report is one file with its styles and scripts inside; in a sandbox it has no origin, so it cannot ask the API."""

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
}
"""On every answer that does not say otherwise."""


def page_policy(script_hashes: Sequence[str]) -> str:
    """The Content-Security-Policy of the page.

    Args:
        script_hashes: Of its inline scripts (the import map alone), as `sha256-...`.
    """
    return PAGE_POLICY.format(scripts="".join(f" '{one}'" for one in script_hashes))
