"""Who may ask the console, by the headers of a request."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.security import Asked, Door, hosts_of, is_authorized, page_policy, refusal
from console.static import inline_hashes

PATIENTLY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TOKEN = "a-token-of-32-characters-at-least"
HOST = "127.0.0.1:8137"
DOOR = Door(TOKEN, hosts_of("127.0.0.1", 8137))


def asked(path: str = "/api/session", **headers: Any) -> Asked:
    return Asked(path, **{"host": [HOST], "authorization": [f"Bearer {TOKEN}"], **headers})


def status_of(request: Asked) -> int | None:
    problem = refusal(DOOR, request)
    return None if problem is None else problem.status


def test_our_own_page_is_let_in() -> None:
    """A request under one of the bound names, with the token, from our own page."""
    for host in (HOST, "localhost:8137", "LOCALHOST:8137", "[::1]:8137"):
        assert status_of(asked(host=[host], origin=[f"http://{host}"], fetch_site=["same-origin"])) is None


@pytest.mark.parametrize(
    "hosts",
    [[], [HOST, HOST], ["127.0.0.1"], ["127.0.0.1:80"], ["evil.example:8137"], ["127.0.0.1.evil.example:8137"], [""]],
)
def test_another_name_is_refused(hosts: list[str]) -> None:
    """A name that was pointed at this machine (DNS rebinding) is not ours; nor is none, nor several."""
    assert status_of(asked(host=hosts)) == 421
    assert status_of(asked("/", host=hosts)) == 421


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "https://127.0.0.1:8137", "http://127.0.0.1:80", "http://localhost:8137", ""],
)
def test_another_origin_is_refused(origin: str) -> None:
    """A page of another site, of a sandbox, or of this machine under another name may not even ask for the page."""
    assert status_of(asked(origin=[origin])) == 403
    assert status_of(asked("/", origin=[origin])) == 403
    assert status_of(asked(origin=[f"http://{HOST}", origin])) == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "unknown", ""])
def test_another_site_is_refused(site: str) -> None:
    """Browsers say where a request comes from; another port of this machine is `same-site`, and not us."""
    assert status_of(asked(fetch_site=[site])) == 403
    assert status_of(asked("/files/ticket/report.html", fetch_site=[site])) == 403


def test_an_address_typed_by_hand_opens_the_page() -> None:
    """The page and its files need no token, which is in the address's fragment and not sent."""
    assert status_of(asked("/", authorization=[], fetch_site=["none"])) is None
    assert status_of(asked("/modules/main.js", authorization=[])) is None


@PATIENTLY
@given(st.lists(st.text(max_size=60), max_size=3))
def test_nothing_but_the_token_opens_the_api(headers: list[str]) -> None:
    """Whatever stands in Authorization, however often: only the token itself, once, is taken."""
    assert status_of(asked(authorization=headers)) == 401
    assert not is_authorized(TOKEN, headers)


@pytest.mark.parametrize(
    "header",
    ["", TOKEN, f"Basic {TOKEN}", f"Bearer  {TOKEN}", f"Bearer {TOKEN} ", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}x"],
)
def test_almost_the_token_is_not_the_token(header: str) -> None:
    """A token that is cut, longer, bare or of another scheme is wrong."""
    assert status_of(asked(authorization=[header])) == 401


def test_a_bound_address_is_a_name_too() -> None:
    """With --host another address of this machine is served under its own name, and not under any."""
    door = Door(TOKEN, hosts_of("192.0.2.7", 80))
    assert refusal(door, asked(host=["192.0.2.7:80"])) is None
    assert refusal(door, asked(host=["192.0.2.8:80"])) is not None
    assert "[2001:db8::1]:80" in hosts_of("2001:db8::1", 80)


def test_the_policy_lets_the_import_map_in_and_nothing_else_inline() -> None:
    """The hash is of what stands between the tags, to the letter; a script with a source has none."""
    page = b'<script type="importmap">\n{"imports": {}}\n</script><script type="module" src="modules/main.js"></script>'
    [found] = inline_hashes(page)
    assert found == "sha256-wBjgJ1q49INf4XJc48CRHMrPhgBsUuiOyhCsPoUMBwo="
    assert f"script-src 'self' '{found}';" in page_policy([found])
    assert "unsafe" not in page_policy([found])
