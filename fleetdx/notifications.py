"""Tell Slack something once, or record that it is unsent.

Slack cannot be asked whether it has a message, so each is claimed first; after a crash in between it is told as
`unsent` and never silently twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from fleetdx.claims import claim
from fleetdx.errors import RecordMissing

if TYPE_CHECKING:
    from collections.abc import Callable

    from fleetdx.storage import Bucket

Notification = Literal["sent", "unsent", "not_configured"]


class Keys(NamedTuple):
    """Where a message is claimed, and where it is recorded with its fate."""

    claim: str
    record: str


def tell_once(data: Bucket, keys: Keys, text: str, send: Callable[[str], bool] | None) -> Notification:
    """Send a text unless an earlier try may have, and record it.

    Args:
        data: The data bucket.
        keys: Claim and record of this message.
        text: What is told, in Slack's mrkdwn.
        send: Sends a text and says whether Slack took it; None where no webhook is configured.
    """
    if send is None:
        told: Notification = "not_configured"
    elif claim(data, keys.claim) is not None:
        told = recorded(data, keys.record)
    else:
        told = "sent" if send(text) else "unsent"
    data.put_json(keys.record, {"notification": told, "text": text})
    return told


def recorded(data: Bucket, key: str) -> Notification:
    """What an earlier try has recorded; `unsent` where it ended between its claim and its record."""
    try:
        told: Notification = data.get_json(key)["notification"]
    except RecordMissing:
        return "unsent"
    return told
