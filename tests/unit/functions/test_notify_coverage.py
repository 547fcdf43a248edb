"""Slack hears of changes only, once."""

from __future__ import annotations

from typing import Any

from fleetdx import keys
from functions.notify_coverage import handler
from tests.fakes.coverage import SWEEP, change, changed, line, summary
from tests.fakes.s3 import bucket, fake
from tests.fakes.sweeps import OPENED

EVENT: Any = dict(OPENED)


def told(changes: Any, *tries: Any) -> tuple[list[Any], Any]:
    data = bucket()
    data.put_json(keys.coverage_out(SWEEP, "summary.json"), dict(summary([line(1, "no_profile")], changes=changes)))
    return [handler.run(EVENT, data, send)["notification"] for send in tries], data


def test_a_change_is_told_once() -> None:
    """A second try repeats what the first has recorded."""
    texts: list[str] = []
    news = changed(newly_unmanaged=[change(1, "managed", "no_profile")])

    def send(text: str) -> bool:
        texts.append(text)
        return True

    outcomes, data = told(news, send, send)
    assert (outcomes, len(texts)) == (["sent", "sent"], 1)
    assert data.get_json(keys.coverage_notification(SWEEP))["text"] == texts[0]
    assert f"s3://data/coverage/sweeps/{SWEEP}/coverage.html" in texts[0]


def test_where_nothing_changed_nobody_is_told() -> None:
    """Nothing is sent, claimed or recorded."""
    outcomes, data = told(changed(), lambda _: True)
    assert outcomes == ["not_news"]
    assert fake(data).written == [keys.coverage_out(SWEEP, "summary.json")]


def test_without_webhook_the_text_is_recorded() -> None:
    """What would have been told lies in the sweep's records."""
    outcomes, data = told(changed(newly_unmanaged=[change(1, "managed", "no_profile")]), None)
    assert outcomes == ["not_configured"]
    assert "no instance profile" in data.get_json(keys.coverage_notification(SWEEP))["text"].lower()
