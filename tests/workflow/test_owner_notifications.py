"""Owners are told of a run over real HTTP, after the central channel, with the function's own rights."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fleetdx import keys
from fleetdx.organizations import units_above
from tests.embedded import embedded
from tests.fakes.slack import loopback_slack

if TYPE_CHECKING:
    import pytest


def test_owners_are_told_of_their_own_accounts(tmp_path_factory: pytest.TempPathFactory) -> None:
    """By account and by unit, each its own; the channel of an owner that the run did not look at stays silent."""
    with embedded(tmp_path_factory.mktemp("emulator")) as aws, loopback_slack() as trading, loopback_slack(500) as unit:
        hub, data = aws.deployment.session, aws.deployment.data
        host, identifier = aws.instance_named("market-data-relay-1")
        account = host.partition("/")[0]
        parent = min(one for one in units_above(hub.client("organizations"), account) if one.startswith("ou-"))
        for name, slack in (("trading", trading), ("unit", unit), ("elsewhere", trading)):
            hub.client("ssm").put_parameter(Name=f"/fleetdx/slack/{name}", Value=slack.url, Type="SecureString")
        routes = [
            {"id": "trading", "accounts": [account]},
            {"id": "unit", "organizational_units": [parent], "language": "ko"},
            {"id": "elsewhere", "accounts": [aws.cloud.organization.management.id]},
        ]
        told = [{**one, "webhook_parameter": f"/fleetdx/slack/{one['id']}"} for one in routes]
        data.put(keys.NOTIFICATION_ROUTES, json.dumps({"schema": 1, "routes": told}).encode())
        ended = aws.scan({"instances": [host]}, checks=["U-06"])
        (text,) = (json.loads(post)["text"] for post in trading.posts)
        assert "1 of 1 instances scanned" in text
        assert account in text.splitlines()[-1]
        assert identifier not in text  # a first look is no news
        assert [json.loads(post)["text"].splitlines()[0] for post in unit.posts] == 2 * [
            f"fleetdx 점검 `{ended.run.id}` (kisa_unix_2026): *점검 완료*"
        ]
        records = {
            one["id"]: data.get_json(keys.owner_notification(ended.run.id, 0, one["id"]))["notification"]
            for one in routes[:2]
        }
        assert records == {"trading": "sent", "unit": "sent"}
        assert data.get_json(keys.notification(ended.run.id, 0))["notification"] == "not_configured"
