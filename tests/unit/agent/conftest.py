"""What the agent's tests share: the rendered document, a bundle store with an intake over real HTTP, pretend hosts."""

from __future__ import annotations

import base64
import email.parser
import email.policy
import gzip
import hashlib
import http.server
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import psutil
import pytest
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID

from emulator.agent.document import Document, parse
from emulator.agent.host import Host
from emulator.agent.runner import StepResult, StepStatus, run_document
from emulator.seams.ssm import find_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TEMPLATE = Path(__file__).parents[3] / "templates" / "member_region.yaml"
SCAN_ID = "20261123T190000Z-abc123/111122223333/ap-northeast-2/0001-01"
COMMAND_ID = "0f1e2d3c-0000-4000-8000-000000000001"


@dataclass
class Store:
    """The scripts bucket and the intake bucket, as hosts meet them.

    Attributes:
        bundles: Served at `/scripts/<name>`; any other name is 404.
        answer: HTTP status given to uploads.
        uploads: Form fields of each upload, in order; `file` last, as bytes.
        queries: Query strings of the downloads.
        command_lines: Those of every process on this machine while a request was answered, as `ps` shows them.
    """

    url: str = ""
    bundles: dict[str, bytes] = field(default_factory=dict)
    answer: int = 204
    uploads: list[dict[str, Any]] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    command_lines: list[str] = field(default_factory=list)

    def look_around(self) -> None:
        """Note what a list of processes shows now."""
        for process in psutil.process_iter(["cmdline"]):
            self.command_lines.append(" ".join(process.info["cmdline"] or ()))

    def add(self, script: str) -> str:
        """Put a bundle in; its name is its hash, which is returned."""
        digest = hashlib.sha256(script.encode()).hexdigest()
        self.bundles[digest] = script.encode()
        return digest


def _handler(store: Store) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            store.queries.append(query)
            store.look_around()
            body = store.bundles.get(path.removeprefix("/bucket/scripts/"))
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
            message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
            fields: dict[str, Any] = {}
            for part in message.iter_parts():
                name = str(part.get_param("name", header="content-disposition"))
                content = part.get_payload(decode=True)
                fields[name] = content if name == "file" else content.decode().removesuffix("\r\n")
            store.uploads.append(fields)
            store.look_around()
            self.send_response(store.answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


@pytest.fixture(scope="session")
def _server() -> Iterator[tuple[http.server.ThreadingHTTPServer, Store]]:
    store = Store()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(store))
    store.url = f"http://127.0.0.1:{server.server_address[1]}/bucket"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server, store
    server.shutdown()
    server.server_close()


@pytest.fixture
def store(_server: tuple[http.server.ThreadingHTTPServer, Store]) -> Store:
    """The buckets, empty."""
    kept = _server[1]
    kept.bundles.clear()
    kept.uploads.clear()
    kept.queries.clear()
    kept.command_lines.clear()
    kept.answer = 204
    return kept


def render(scripts_url: str, intake_url: str) -> dict[str, Any]:
    """The document's content as CloudFormation creates it."""
    with mock_aws():
        settings = {"region_name": "us-east-1", "aws_access_key_id": "made-up", "aws_secret_access_key": "made-up"}
        boto3.client("cloudformation", **settings).create_stack(
            StackName="member-region",
            TemplateBody=TEMPLATE.read_text(encoding="utf-8"),
            Parameters=[
                {"ParameterKey": "ScriptsUrl", "ParameterValue": scripts_url},
                {"ParameterKey": "IntakeUrl", "ParameterValue": intake_url},
            ],
        )
        return dict(find_document(DEFAULT_ACCOUNT_ID, "us-east-1", "fleetdx-scan", "$DEFAULT"))


@pytest.fixture(scope="session")
def scan_document(_server: tuple[http.server.ThreadingHTTPServer, Store]) -> Document:
    """The scan document, pointing at the store."""
    url = _server[1].url
    return parse(render(f"{url}/scripts/", url))


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """An online Linux host whose /run is an empty directory."""
    run_directory = tmp_path / "run"
    run_directory.mkdir()
    return Host("i-0123456789abcdef0", "111122223333", "ap-northeast-2", run_directory)


@pytest.fixture
def values(store: Store) -> dict[str, str]:
    """Values that the document takes, for a bundle that passes."""
    return {
        "BundleHash": store.add(BUNDLE),
        "BundleQuery": "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2F20261123&X-Amz-Signature=" + "a" * 64,
        "Profile": "kisa_unix_2026",
        "ScanId": SCAN_ID,
        "UploadPolicy": "eyJleHBpcmF0aW9uIjoi" * 20,
        "UploadSignature": "b" * 64,
        "UploadCredential": "ASIAIOSFODNN7EXAMPLE/20261123/ap-northeast-2/s3/aws4_request",
        "UploadDate": "20261123T190000Z",
        "UploadToken": "IQoJb3JpZ2luX2VjE/+" * 40 + "==",
    }


def packed(script: str) -> str:
    """A bundle's inline part as SendCommand puts it into a command."""
    return base64.b64encode(gzip.compress(script.encode(), 9, mtime=0)).decode()


@dataclass
class Scan:
    """What came of a document on a host."""

    status: StepStatus
    steps: dict[str, StepResult]

    def lines(self, step: str) -> list[str]:
        """What a step printed."""
        return self.steps[step].stdout.splitlines()

    def reasons(self) -> dict[str, str]:
        """The reason code of each step that failed."""
        return {
            name: line.split(":")[1].strip()
            for name in self.steps
            for line in self.lines(name)
            if line.startswith("fleetdx: ")
        }


@pytest.fixture
def scan(scan_document: Document, values: dict[str, str]) -> Callable[..., Scan]:
    """Runs the scan document on a host; keywords replace values, or leave them out where they are None."""

    def run(
        on: Host, cancelled: threading.Event | None = None, command_id: str = COMMAND_ID, **changed: str | None
    ) -> Scan:
        steps: dict[str, StepResult] = {}
        given = {name: [value] for name, value in {**values, **changed}.items() if value is not None}
        bound = scan_document.bind(given)
        status = run_document(
            scan_document,
            on,
            bound,
            command_id,
            cancelled or threading.Event(),
            lambda result: steps.__setitem__(result.name, result),
        )
        return Scan(status, steps)

    return run


BUNDLE = """\
# A bundle as small as can be: it prints what it was given and writes three verdicts.
only= verdicts=
arguments=$*
while [ $# -gt 0 ]; do
  case $1 in
    --profile) profile=$2 ;;
    --verdicts) verdicts=$2 ;;
    --only) only="$only $2" ;;
  esac
  shift 2
done
printf 'pfm\\n' >"$verdicts"
printf '{"schema":1,"profile":"%s","only":"%s","arguments":"%s"}\\n' "$profile" "$only" "$arguments"
"""
