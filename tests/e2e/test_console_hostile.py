"""Random and hostile requests to every route of the console, over real HTTP.

None gives a fault of the server, a file from outside, or an act without the token.
"""

from __future__ import annotations

import json
import re
import socket
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.answers import MOST_BODY_BYTES
from console.app import ROUTES
from tests.console_server import Served, served
from tests.embedded import Embedded, embedded
from tests.leaks import KEY_PATTERN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EXAMPLES = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
OUTSIDE = (
    "/etc/passwd", "../package.json", "../../README.md", "..%2f..%2fREADME.md", "%2e%2e/%2e%2e/pyproject.toml",
    "..%5c..%5cREADME.md", "....//....//README.md", "%252e%252e%252fREADME.md", "/proc/self/environ", "..;/README.md",
    "%00", "report.html%00.csv", "..", ".", "~root", "file:///etc/passwd", "config/current.json",
    "../../config/current.json", "runs/x/request.json", "node_modules/typescript/package.json", "../app.py", ".npmrc",
    "\\..\\..\\README.md",
)  # fmt: skip
FROM_OUTSIDE = re.compile(rb"root:x:0|\[build-system\]|fleetdx-console|def make_app|omit-lockfile|# fleetdx")
METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get", "X", "CONNECT")


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with embedded(tmp_path_factory.mktemp("cloud")) as started:
        yield started


@pytest.fixture(scope="module")
def console(aws: Embedded) -> Iterator[Served]:
    with served(aws.deployment) as running:
        yield running


@pytest.fixture(scope="module")
def real(aws: Embedded) -> dict[str, list[str]]:
    """Names that exist: of a run that has ended, its host and its execution."""
    name, _ = aws.instance_named("hot-wallet-signer-1")
    ended = aws.scan({"instances": [name]}, checks=["U-01"])
    account, region, instance = name.split("/")
    return {
        "run": [ended.run.id], "account": [account], "region": [region], "instance": [instance],
        "sweep": [ended.run.id], "arn": [ended.run.execution], "name": ["scan_fleet", "report.html"],
        "ticket": ["x"], "path": ["style.css"],
    }  # fmt: skip


def raw(console: Served, request: bytes, *, is_all: bool = False) -> tuple[int, bytes]:
    """Send bytes as they are, and maybe that nothing else comes; the answer's status (0 for none) and all of it."""
    with socket.create_connection(("127.0.0.1", console.port), timeout=30) as connection:
        answer = b""
        try:
            connection.sendall(request)
            if is_all:
                connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65_536):
                answer += part
        except (ConnectionResetError, BrokenPipeError):
            # What was too large to be read is answered, and the connection closed, before all of it was sent.
            assert answer or len(request) > MOST_BODY_BYTES
    found = re.match(rb"HTTP/1\.1 ([0-9]{3})", answer)
    return (int(found[1]) if found else 0), answer


def request_of(method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return (
        "\r\n".join([*lines, f"Content-Length: {len(body)}", "Connection: close", "", ""]).encode("latin-1", "replace")
        + body
    )


def own(console: Served, **more: str) -> dict[str, str]:
    """The headers of our own page."""
    sent = {"Host": console.host, "Authorization": f"Bearer {console.token}", "Content-Type": "application/json"}
    return {**sent, **more}


WHOLE: dict[str, Any] = {"scope": {"organization": True}}
SEGMENT = st.one_of(st.sampled_from(OUTSIDE), st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=30))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=8), one, max_size=3),
    max_leaves=6,
)
BODIES = st.one_of(
    st.binary(max_size=60),
    JSON.map(json.dumps).map(str.encode),
    JSON.map(lambda one: json.dumps({"request": one}).encode()),
    JSON.map(lambda one: json.dumps({"request": {**WHOLE, "dry_run": one, "tags": one}}).encode()),
    st.sampled_from([b"[" * 60_000, b'{"request": ' * 9_000, b'{"request": NaN}', b'"' + b"a" * 70_000 + b'"']),
    st.just(json.dumps({"request": {**WHOLE, "regions": ["xx-nowhere-1"]}}).encode()),
)  # fmt: skip
QUERIES = st.one_of(
    st.just(""),
    st.sampled_from(["?language=fr", "?limit=99999999999999999999", "?offset=-1", "?after=x", "?next=x", "?status=x",
                     "?limit=%d9%a3", "?language=ko&language=en", "?search=%ff%fe", "?profile=../../x", "?limit=1e9"]),
    st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=20).map(lambda text: f"?{text}"),
)  # fmt: skip


@st.composite
def asked(draw: st.DrawFn, names: Mapping[str, list[str]]) -> tuple[str, str]:
    """A method, mostly the route's own, and the path of a route, with names that exist and names that should not."""
    route = draw(st.sampled_from(ROUTES))
    own_methods = st.sampled_from(sorted(route.methods or {"GET"}))

    def filled(found: re.Match[str]) -> str:
        kind = found[1].partition(":")[0]
        return draw(st.one_of(st.sampled_from(names.get(kind, ["x"])), SEGMENT))

    method = draw(st.one_of(own_methods, own_methods, own_methods, st.sampled_from(METHODS)))
    return method, re.sub(r"\{([^}]+)\}", filled, route.path) + draw(QUERIES)


def check(console: Served, aws: Embedded, status: int, answer: bytes) -> None:
    """What no answer may be: a fault, something from outside, a secret."""
    assert status < 500 or status == 502, answer[:2_000]
    assert status != 502 or b'"name":"Fault"' not in answer
    assert FROM_OUTSIDE.search(answer) is None, answer[:2_000]
    assert KEY_PATTERN.search(answer) is None
    assert console.token.encode() not in answer
    assert b"Traceback" not in answer


def started(aws: Embedded) -> int:
    """How many executions of the machines that act there are."""
    client = aws.deployment.session.client("stepfunctions")
    machines = (aws.deployment.scan_fleet, aws.deployment.stop_scan, aws.deployment.report_coverage)
    return sum(len(client.list_executions(stateMachineArn=machine)["executions"]) for machine in machines)


def test_random_requests_of_our_page_are_answered(aws: Embedded, console: Served, real: dict[str, list[str]]) -> None:
    """Whatever path, query, method and body our own page might send: an answer below 500, JSON where it is refused."""

    @EXAMPLES
    @given(asked(real), BODIES)
    def hold(request: tuple[str, str], body: bytes) -> None:
        method, path = request
        if method == "POST" and path.partition("?")[0] == "/api/runs" and b"organization" in body:
            path = "/api/requests/check"  # a valid start is no hostile request, and takes a minute
        status, answer = raw(console, request_of(method, path, own(console), body if method != "GET" else b""))
        assert status or len(body) > MOST_BODY_BYTES
        check(console, aws, status, answer)

    hold()


def test_nothing_acts_without_the_token(aws: Embedded, console: Served, real: dict[str, list[str]]) -> None:
    """Whatever Authorization, Host, Origin or Sec-Fetch-Site say that is not ours: nothing is told or started."""
    before = started(aws)
    names = (
        "Authorization",
        "Host",
        "Origin",
        "Sec-Fetch-Site",
        "Cookie",
        "X-Forwarded-Host",
        "X-HTTP-Method-Override",
    )
    values = st.one_of(
        st.sampled_from(["", "null", "evil.example", "http://evil.example", "cross-site", "same-site", "Bearer ",
                         "Bearer x", "127.0.0.1", "localhost", f"Bearer {'x' * 43}", "Basic dDp0"]),
        st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30),
    )  # fmt: skip
    request = json.dumps({"request": {"scope": {"organization": True}}}).encode()

    @EXAMPLES
    @given(
        st.sampled_from(["/api/runs", f"/api/runs/{real['run'][0]}/stop", "/api/session"]),
        st.dictionaries(st.sampled_from(names), values, min_size=1),
    )
    def hold(path: str, spoilt: dict[str, str]) -> None:
        headers = own(console)
        if not set(spoilt) & {"Authorization", "Host", "Origin", "Sec-Fetch-Site"}:
            headers.pop("Authorization")
        elif "Authorization" not in spoilt and spoilt.get("Sec-Fetch-Site") in {None, "none"}:
            spoilt["Authorization"] = "Bearer almost"
        status, answer = raw(console, request_of("POST", path, {**headers, **spoilt}, request))
        assert status in {400, 401, 403, 405, 421}, answer
        check(console, aws, status, answer)

    hold()
    assert started(aws) == before


@pytest.mark.parametrize("way", OUTSIDE)
def test_no_file_from_outside_is_served(aws: Embedded, console: Served, real: dict[str, list[str]], way: str) -> None:
    """Neither below the page, nor among packages, nor as a file of a run or a sweep, with the token and without it."""
    run = real["run"][0]
    for path in (f"/{way}", f"/packages/{way}", f"/packages/preact/{way}", f"/modules/{way}", f"/files/x/{way}"):
        for headers in (own(console), {"Host": console.host}):
            status, answer = raw(console, request_of("GET", path, headers))
            assert status in {400, 404}, (path, answer)
            check(console, aws, status, answer)
    for path in (
        f"/api/runs/{run}/files/{way}/link",
        f"/api/runs/{way}/files/report.html/link",
        f"/api/coverage/{way}/files/{way}/link",
    ):
        status, answer = raw(console, request_of("POST", path, own(console), b"{}"))
        assert status in {400, 404, 405}, (path, answer)
        check(console, aws, status, answer)


@settings(EXAMPLES, max_examples=60)
@given(st.binary(max_size=200))
def test_bytes_that_are_no_request_are_answered_or_dropped(aws: Embedded, console: Served, garbage: bytes) -> None:
    """Whatever comes in over the wire, the server stays, and tells nothing."""
    status, answer = raw(console, garbage + b"\r\n\r\n", is_all=True)
    assert status in {0, 400, 404, 421}, answer
    check(console, aws, status, answer)


def test_a_body_that_is_too_large_is_not_read(console: Served) -> None:
    """64 KB are more than a request can need; what says it is something else than JSON is not read either."""
    assert console.ask("/api/requests/check", b'"' + b"a" * 70_000 + b'"').status == 413
    assert console.ask("/api/requests/check", b"{}", Content_Type="text/plain").status == 415
    assert console.ask("/api/requests/check", b"{}", Content_Type="application/x-www-form-urlencoded").status == 415
    assert console.ask("/api/requests/check", b"{").status == 400
    assert console.ask("/api/requests/check", {"request": {}, "more": 1}).status == 400


def test_every_answer_has_its_headers(console: Served, real: dict[str, list[str]]) -> None:
    """Also refusals and what is not there: no sniffing, no referrer, no framing, nothing kept, and a policy."""
    for path, token in (
        ("/", ""),
        ("/api/session", console.token),
        ("/api/session", ""),
        ("/nothing", ""),
        ("/api/nothing", console.token),
    ):
        answer = console.ask(path, Authorization=f"Bearer {token}" if token else "")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "set-cookie" not in answer.headers
        assert "access-control-allow-origin" not in answer.headers
        assert "server" not in answer.headers
