"""Hosts that reach Systems Manager and nothing else are scanned inline: asked for, found out, or remembered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from fleetdx import keys
from fleetdx.bundles import current_bundle, read_catalog
from fleetdx.delivery import inline_parts, read_memory
from tests.faulty_fleet import BY_S3_ALONE, HEALTHY, FaultyFleet, faulty_fleet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.embedded import Ended

CLOSED = ("no_download_tool", "no_path_to_s3")
SIGNED = ("BundleQuery", "UploadPolicy", "UploadSignature", "UploadCredential", "UploadToken")
PROFILE = "kisa_unix_2026"
WHOLE: dict[str, Any] = {"checks": None, "execution_timeout_seconds": 120}


@pytest.fixture
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyFleet]:
    with faulty_fleet(tmp_path_factory.mktemp("delivery"), BY_S3_ALONE) as started:
        yield started


def told(fleet: FaultyFleet, ended: Ended, name: str) -> tuple[str, str, str | None]:
    """State, reason and delivery of a host."""
    line = ended.line_of(fleet.ids[name])
    return line["state"], line["reason"], line["delivery"]


def deliveries(fleet: FaultyFleet, ended: Ended) -> list[tuple[str, int]]:
    """How each command of the run's batch travelled, and which part it carried, in order."""
    execution = fleet.aws.batch(ended.run, *fleet.account_region)["executionArn"]
    entered = [
        json.loads(event["stateEnteredEventDetails"]["input"])["batch"]
        for event in fleet.aws.history(execution)
        if event["type"] == "TaskStateEntered" and event["stateEnteredEventDetails"]["name"] == "SendCommand"
    ]
    return [(batch["delivery"], batch["part"]) for batch in entered]


def commands(fleet: FaultyFleet, ended: Ended) -> list[dict[str, list[str]]]:
    """The parameters of every command of the run."""
    account, region = fleet.account_region
    client = fleet.aws.cloud.operator_session(account, region).client("ssm")
    pages = client.get_paginator("list_commands").paginate()
    found = [command for page in pages for command in page["Commands"] if ended.run.id in command["Comment"]]
    return [command["Parameters"] for command in found]


def checks_of(fleet: FaultyFleet) -> tuple[list[str], int]:
    """The checks of the profile, and how many inline parts it has."""
    data = fleet.aws.deployment.data
    catalog = read_catalog(data, current_bundle(data))
    checks = catalog["profiles"][PROFILE]["checks"]
    return checks, len(inline_parts(catalog, PROFILE, checks))


def test_without_another_way_a_closed_one_is_a_gap(fleet: FaultyFleet) -> None:
    """By S3 alone a host without a path to it, or without any tool for it, is a gap with its reason."""
    ended = fleet.scan(BY_S3_ALONE, delivery="s3", max_attempts=2)
    assert {name: told(fleet, ended, name)[:2] for name in BY_S3_ALONE} == BY_S3_ALONE
    assert deliveries(fleet, ended) == [("s3", 0), ("s3", 0)]
    assert told(fleet, ended, HEALTHY) == ("scanned", "verified", "s3")
    assert read_memory(fleet.aws.deployment.data, *fleet.account_region) is None


def test_auto_goes_inline_where_s3_is_closed_and_is_complete(fleet: FaultyFleet) -> None:
    """Hosts without a way to S3 go on inline; a host without curl that has another tool does not need to."""
    ended = fleet.scan(BY_S3_ALONE)
    assert ended.summary["status"] == "complete"
    assert {name: told(fleet, ended, name)[2] for name in (*BY_S3_ALONE, HEALTHY)} == {
        **dict.fromkeys(CLOSED, "inline"),
        "no_curl": "s3",
        HEALTHY: "s3",
    }
    assert deliveries(fleet, ended) == [("s3", 0), ("inline", 0)]
    assert all(fleet.verdicts(ended, name) == fleet.verdicts(ended, HEALTHY) != [] for name in CLOSED)
    assert fleet.nothing_is_left()


def test_an_account_region_without_a_way_to_s3_is_remembered(fleet: FaultyFleet) -> None:
    """Where every result came inline, the next run begins inline; a host whose way has opened stays so until then."""
    fleet.aws.cloud.fleet.break_host(fleet.ids[HEALTHY], "no_path_to_s3")
    first = fleet.scan(CLOSED)
    data, place = fleet.aws.deployment.data, fleet.account_region
    memory = read_memory(data, *place)
    assert memory is not None
    assert (memory["delivery"], memory["run"]) == ("inline", first.run.id)
    fleet.aws.cloud.fleet.mend_host(fleet.ids[HEALTHY])
    second = fleet.scan(CLOSED)
    assert deliveries(fleet, second) == [("inline", 0)]
    assert {told(fleet, second, name) for name in (*CLOSED, HEALTHY)} == {("scanned", "verified", "inline")}
    assert read_memory(data, *place) == memory


def test_a_whole_profile_comes_inline_part_by_part_without_a_signature(fleet: FaultyFleet) -> None:
    """Asked for, the whole profile travels in parts; every verdict is that of a scan by S3, and nothing was signed."""
    ended = fleet.scan(CLOSED, delivery="inline", **WHOLE)
    checks, parts = checks_of(fleet)
    assert parts >= 2
    assert deliveries(fleet, ended) == [("inline", number) for number in range(parts)]
    assert {told(fleet, ended, name) for name in (*CLOSED, HEALTHY)} == {("scanned", "verified", "inline")}
    assert {verdict[0] for verdict in fleet.verdicts(ended, HEALTHY)} == set(checks)
    sent = commands(fleet, ended)
    assert len(sent) == parts
    for parameters in sent:
        assert parameters["Delivery"] == ["inline"]
        assert all(parameters.get(name, ["none"]) == ["none"] for name in SIGNED)
    by_s3 = fleet.scan((), delivery="s3", **WHOLE)
    assert judgements(fleet, ended) == judgements(fleet, by_s3)
    assert fleet.nothing_is_left()


def judgements(fleet: FaultyFleet, ended: Ended) -> list[tuple[Any, ...]]:
    """Item, check and verdict of the healthy host, with the bundle that the lines name."""
    return sorted(
        (line["item"], line["check"], line["verdict"], line["bundle"])
        for line in fleet.aws.deployment.data.get_lines(keys.out(ended.run.id, "results.jsonl"))
        if line["instance"] == fleet.ids[HEALTHY]
    )
