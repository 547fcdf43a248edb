"""Slack is told once, or the run's records say that it was not."""

from __future__ import annotations

import contextlib
import json
import socket
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from fleetdx import keys
from fleetdx import slack as fleetdx_slack
from fleetdx.owner_notifications import routes_in
from fleetdx.slack import sender_for, slack_sender
from functions.notify import handler
from tests.fakes.runs import OPENED, PROFILE_NAME, RUN
from tests.fakes.s3 import bucket, fake
from tests.fakes.slack import loopback_slack
from tests.fakes.ssm import FakeSsm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fakes.slack import Slack

EVENT: dict[str, Any] = {
    **OPENED,
    "report": {
        "status": "incomplete",
        "key": f"runs/{RUN}/report.html",
        "instances": 12,
        "scanned": 10,
        "gaps": 2,
        "high": 5,
        "medium": 4,
        "low": 3,
    },
}


SUMMARY: dict[str, Any] = {
    "run": RUN,
    "status": "incomplete",
    "profile": PROFILE_NAME,
    "gaps": [{}, {}],
    "totals": {
        "instances": 12,
        "states": {"scanned": 10, "excluded": 0},
        "findings": {"high": 5, "medium": 4, "low": 3},
        "waived": {"high": 0, "medium": 0, "low": 0},
    },
}


def reported() -> Any:
    """A data bucket with the summary of the run."""
    data = bucket()
    data.put_json(keys.out(RUN, "summary.json"), SUMMARY)
    fake(data).written.clear()
    return data


def tell(data: Any, send: Any, language: Any = "en") -> Any:
    return handler.run(EVENT, data, send, language)  # type: ignore[arg-type]


@pytest.fixture
def slack() -> Iterator[Callable[..., Slack]]:
    """Starts loopback Slacks and stops them."""
    with contextlib.ExitStack() as stack:
        yield lambda *answers: stack.enter_context(loopback_slack(*answers))


def test_without_webhook_the_text_is_recorded() -> None:
    """No Slack is configured: the run's records hold what would have been told."""
    data = reported()
    assert tell(data, None) == {"notification": "not_configured"}
    record = data.get_json(keys.notification(RUN, 0))
    assert record["text"].splitlines() == [
        f"fleetdx scan `{RUN}` ({PROFILE_NAME}) is *incomplete*.",
        "10 of 12 instances scanned, 2 gaps.",
        "Findings: 5 high, 4 medium, 3 low.",
        f"Report: s3://data/runs/{RUN}/report.html",
    ]


def test_routes_that_cannot_be_read_are_told_in_the_central_channel() -> None:
    """No owner is told then, so the channel that is must say so."""
    data, sent = reported(), []
    data.put(keys.NOTIFICATION_ROUTES, b"{")
    routes, unreadable = routes_in(data)
    handler.run(EVENT, data, lambda text: not sent.append(text), "en", unreadable)  # type: ignore[arg-type, func-returns-value]
    assert routes == []
    assert "notification-routes.json cannot be read" in sent[0]
    assert "no owner is told" in sent[0]


def test_dry_run_is_told_as_such() -> None:
    """A dry run found nothing, so its head speaks of scope."""
    event: Any = {**EVENT, "report": {**EVENT["report"], "status": "planned"}}
    told = handler.text_of(event, bucket(), "en")
    assert told.startswith(f"fleetdx dry run `{RUN}`: 12 instances would be in scope.")
    assert "모의 실행" in handler.text_of(event, bucket(), "ko")


def test_message_is_sent_once(slack: Callable[..., Slack]) -> None:
    """The second call repeats what the first recorded, and Slack has one message."""
    server, data = slack(), reported()
    send = slack_sender(server.url)
    assert tell(data, send) == {"notification": "sent"}
    assert tell(data, send) == {"notification": "sent"}
    assert len(server.posts) == 1
    assert b"10 of 12 instances" in server.posts[0]
    assert data.get_json(keys.notification(RUN, 0))["notification"] == "sent"


def test_the_line_end_of_a_parameter_is_no_part_of_the_address(slack: Callable[..., Slack]) -> None:
    """A URL that was typed into `aws ssm put-parameter --value file:///dev/stdin` ends with one."""
    server, ssm = slack(), FakeSsm()
    ssm.parameters["webhook"] = f"{server.url}\n"
    send = sender_for("webhook", lambda: ssm, "fleetdx-notify")  # type: ignore[arg-type,return-value]
    assert send is not None
    assert send("Hello")
    assert len(server.posts) == 1


def test_crash_after_the_claim_is_told_as_unsent(slack: Callable[..., Slack]) -> None:
    """An earlier try claimed and died: whether Slack has it is unknown, so it is not sent again."""
    server, data = slack(), reported()

    def crash(_: str) -> bool:
        raise MemoryError

    with pytest.raises(MemoryError):
        tell(data, crash)
    assert tell(data, slack_sender(server.url)) == {"notification": "unsent"}
    assert server.posts == []


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
def test_refusal_is_unsent(slack: Callable[..., Slack], status: int) -> None:
    """Whatever Slack answers but 200: unsent, posted again only where Slack had a fault, and the text is kept."""
    server, data = slack(status, status, status), reported()
    assert tell(data, slack_sender(server.url)) == {"notification": "unsent"}
    assert len(server.posts) == (3 if status >= 500 else 1)
    assert "10 of 12" in data.get_json(keys.notification(RUN, 0))["text"]


def test_message_is_block_kit_with_a_text_for_notifications(slack: Callable[..., Slack]) -> None:
    """Slack gets the text, its lines as one section, and the place of the report in small; Korean where that is set."""
    server = slack()
    tell(reported(), slack_sender(server.url), "ko")
    post = json.loads(server.posts[0])
    section, context = post["blocks"]
    assert (section["type"], context["type"]) == ("section", "context")
    assert section["text"]["text"].startswith(f"fleetdx 점검 `{RUN}`")
    assert context["elements"][0]["text"] == f"보고서: s3://data/runs/{RUN}/report.html"
    assert post["text"] == f"{section['text']['text']}\n{context['elements'][0]['text']}"


def test_rate_limit_is_waited_for(slack: Callable[..., Slack]) -> None:
    """429 says that Slack did not take it: the SDK posts again as Slack asks."""
    server = slack(429, 200)
    assert slack_sender(server.url)("text")
    assert len(server.posts) == 2


def test_lost_connection_is_not_posted_again(slack: Callable[..., Slack]) -> None:
    """Slack hung up after reading: it may have the message, so it is never posted a second time."""
    server = slack(0)
    assert not slack_sender(server.url)("text")
    assert len(server.posts) == 1


def test_nobody_there_is_unsent() -> None:
    """A closed port is unsent, not a crash."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert not slack_sender(f"http://127.0.0.1:{port}/")("text")


def test_silence_is_unsent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Slack that never answers ends with the time limit, as unsent."""
    short = WebhookClient
    monkeypatch.setattr(fleetdx_slack, "WebhookClient", lambda url, **named: short(url, **{**named, "timeout": 1}))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert not slack_sender(f"http://127.0.0.1:{silent.getsockname()[1]}/")("text")


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "not a url", ""])
def test_address_that_is_none_is_unsent(url: str) -> None:
    """A malformed webhook is unsent, and the run ends well."""
    assert not slack_sender(url)("text")


def test_slacks_own_error_is_unsent(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error class of the SDK is no crash."""

    class Refusing:
        def __init__(self, *_: Any, **__: Any) -> None:
            self.retry_handlers: list[Any] = []

        def send(self, **_: Any) -> None:
            raise SlackApiError("no", {})  # type: ignore[no-untyped-call]

    monkeypatch.setattr(fleetdx_slack, "WebhookClient", Refusing)
    assert not slack_sender("https://slack.invalid/")("text")


def test_claim_comes_before_the_message() -> None:
    """The claim is written first: whoever comes second finds it, whatever became of the first."""
    data = reported()
    seen: list[list[str]] = []

    def send(_: str) -> bool:
        seen.append(list(fake(data).written))
        return True

    tell(data, send)
    assert seen == [[f"runs/{RUN}/claims/notification-00"]]
