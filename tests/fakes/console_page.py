"""The console's page, served by its own server over a deployment that knows who it is and nothing else."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from console.serve import LOOPBACK, Wanted, address_of, context_for, listening, server_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleetdx.cli.deployments import Deployment

SECONDS_TO_END = 20


class NamelessSession:
    """A session without credentials, whose calls answer with an account's number."""

    def get_credentials(self) -> None:
        """None."""

    def client(self, _: str) -> Any:
        """A client that says whose account this is."""
        return SimpleNamespace(get_caller_identity=lambda: {"Account": "222222222222"})


@contextmanager
def console_page() -> Iterator[str]:
    """The address at which the page is open, with its token, while the server runs."""
    alone = SimpleNamespace(session=NamelessSession(), home_region="ap-northeast-2", regions=["ap-northeast-2"])
    with listening(LOOPBACK, 0) as listener:
        port = listener.getsockname()[1]
        context = context_for(cast("Deployment", alone), Wanted(LOOPBACK, port, "embedded", may_start=False), port)
        server = server_of(context)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield address_of(LOOPBACK, port, context.door.token)
        server.should_exit = True
        thread.join(SECONDS_TO_END)
