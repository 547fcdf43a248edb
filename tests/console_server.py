"""A console over a deployment, served on a free port of loopback, and a browser's part in plain HTTP."""

from __future__ import annotations

import http.client
import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from console.serve import Wanted, address_of, context_for, listening, server_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from console.context import Context
    from fleetdx.cli.deployments import Deployment

SECONDS = 60


class Answered(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Served:
    """A console that listens.

    Attributes:
        context: Of the running application.
        port: On 127.0.0.1.
        seen: Every body that was answered through `ask` and `stream`, to be searched for secrets.
    """

    context: Context
    port: int
    seen: list[bytes]

    @property
    def host(self) -> str:
        """What the Host header has to be."""
        return f"127.0.0.1:{self.port}"

    @property
    def token(self) -> str:
        """What the page was given."""
        return self.context.door.token

    @property
    def address(self) -> str:
        """What opens the page in a browser."""
        return address_of("127.0.0.1", self.port, self.token)

    def ask(self, path: str, body: Any = None, method: str | None = None, **headers: str) -> Answered:
        """One request as our page makes it; headers replace its own, an empty one leaves it out."""
        sent = {"Authorization": f"Bearer {self.token}", "Host": self.host}
        if body is not None:
            sent["Content-Type"] = "application/json"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        encoded = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        wanted = {name: value for name, value in sent.items() if value}
        with self._connection() as connection:
            connection.request(method or ("GET" if body is None else "POST"), path, encoded, wanted)
            answer = connection.getresponse()
            content = answer.read()
        self.seen.append(content)
        return Answered(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content)

    def get(self, path: str) -> Any:
        """The document behind a path, which has to be there."""
        answer = self.ask(path)
        assert answer.status == 200, (path, answer)
        return answer.document

    def stream(self, path: str) -> Iterator[tuple[str, Any]]:
        """The events of a watch, each with its name and document, until the server ends it."""
        with self._connection() as connection:
            connection.request("GET", path, headers={"Authorization": f"Bearer {self.token}", "Host": self.host})
            answer = connection.getresponse()
            assert answer.status == 200, (path, answer.read())
            assert answer.headers["Content-Type"].startswith("text/event-stream")
            name = ""
            for line in answer:
                self.seen.append(line)
                text = line.decode().rstrip("\r\n")
                if text.startswith("event: "):
                    name = text.removeprefix("event: ")
                elif text.startswith("data: "):
                    yield name, json.loads(text.removeprefix("data: "))

    @contextmanager
    def _connection(self) -> Iterator[http.client.HTTPConnection]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            yield connection
        finally:
            connection.close()


@contextmanager
def served(deployment: Deployment, *, may_start: bool = True, pause: float = 0.1) -> Iterator[Served]:
    """Serve a deployment, and end it again.

    Args:
        deployment: What is shown.
        may_start: Whether scans may be started.
        pause: Seconds between two looks of a watch.
    """
    listener = listening("127.0.0.1", 0)
    port = listener.getsockname()[1]
    context = context_for(deployment, Wanted("127.0.0.1", port, "embedded", may_start), port)
    context.seconds_between_looks = pause
    server = server_of(context)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="console")
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield Served(context, port, [])
    finally:
        server.should_exit = True
        thread.join(SECONDS)
        listener.close()
