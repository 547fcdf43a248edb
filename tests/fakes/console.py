"""The console served for a browser, and its page in one."""

from __future__ import annotations

from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Self, cast
from urllib.parse import urlsplit

from tests import console_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleetdx.cli.deployments import Deployment

MILLISECONDS = 20_000
"""How long a page may take for anything, on a machine that does other things as well."""


class NamelessSession:
    """A session without credentials, whose calls answer with an account's number."""

    def get_credentials(self) -> None:
        """None."""

    def client(self, _: str) -> Any:
        """A client that says whose account this is."""
        return SimpleNamespace(get_caller_identity=lambda: {"Account": "222222222222"})


def lone_deployment() -> Deployment:
    """A deployment that knows who it is and nothing else: enough for what the page does by itself."""
    alone = SimpleNamespace(session=NamelessSession(), home_region="ap-northeast-2", regions=["ap-northeast-2"])
    return cast("Deployment", alone)


@contextmanager
def served(deployment: Deployment, *, may_start: bool = True) -> Iterator[str]:
    """Serve the console over a deployment; gives the address that opens it, token included."""
    with console_server.served(deployment, may_start=may_start, pause=0.5) as server:
        yield server.address


class ConsolePage:
    """The console's page in a browser, and everything it said and asked for."""

    def __init__(self, browser: Any, address: str, **options: Any) -> None:
        self.address = address
        self.context = browser.new_context(**{"locale": "en-US", "viewport": {"width": 1280, "height": 900}, **options})
        self.context.set_default_timeout(MILLISECONDS)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(address)
        self.settle()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def visit(self, place: str) -> None:
        """Go to an address within the page, such as `#/runs`, and wait until it shows what it has."""
        self.page.evaluate("(place) => { location.hash = place }", place)
        self.settle()

    def settle(self) -> None:
        """Wait until the page has a title and nothing in it is loading any more."""
        self.page.wait_for_function(
            "() => document.querySelector('main h1') && !document.querySelector('main .loading')"
        )

    def foreign_requests(self) -> list[str]:
        """Every request to another host than the console's own."""
        own = urlsplit(self.address).netloc
        return [url for url in self.asked if urlsplit(url).scheme != "data" and urlsplit(url).netloc != own]

    def is_too_wide(self) -> bool:
        """Whether the page has to be scrolled sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))
