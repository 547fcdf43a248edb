"""An inline command through the API, on hosts that S3 is closed to: the parts' answers together are a whole scan's."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from emulator.faults.hosts.table import HOST_FAULTS
from fleetdx.bundles import current_bundle, read_catalog
from fleetdx.digest import parse_digest
from fleetdx.keys import bundle as bundle_key
from tests.faulty_fleet import HEALTHY, faulty_fleet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faulty_fleet import FaultyFleet

PROFILE = "kisa_unix_2026"
CLOSED = ("no_path_to_s3", "no_download_tool")
ALL = (*CLOSED, HEALTHY)
SCAN_ID = "20261123T190000Z-abc123/{account}/{region}/000{part}-00"
MOST_SECONDS = 120


class Told(NamedTuple):
    """What a host answered to one part: a verdict a check, and its result."""

    verdicts: dict[str, str]
    document: dict[str, Any]


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyFleet]:
    with faulty_fleet(tmp_path_factory.mktemp("inline"), CLOSED) as started:
        for name in CLOSED:
            started.aws.cloud.fleet.break_host(started.ids[name], name)
        yield started


@pytest.fixture(scope="module")
def told(fleet: FaultyFleet) -> dict[str, list[Told]]:
    """By host, what it answered to each part of the profile."""
    data = fleet.aws.deployment.data
    catalog = read_catalog(data, current_bundle(data))
    answers: dict[str, list[Told]] = {name: [] for name in ALL}
    for number, part in enumerate(catalog["inline"][PROFILE]):
        script = data.get(bundle_key(part["bundle"]))
        found = run(fleet, number, script, part["checks"])
        for name in ALL:
            digest = parse_digest(found[name]["Run"], catalog["profiles"][PROFILE]["checks"])
            sent = base64.b64decode(found[name]["Send"], validate=True)
            assert (digest.bundle, digest.result) == (part["bundle"], hashlib.sha256(sent).hexdigest())
            answers[name].append(Told(dict(digest.verdicts), json.loads(gzip.decompress(sent))))
    return answers


def run(fleet: FaultyFleet, number: int, script: bytes, checks: list[str]) -> dict[str, dict[str, str]]:
    """Send one part to every host in one command: by host, what its steps Run and Send printed."""
    account, region = fleet.account_region
    client = fleet.aws.cloud.operator_session(account, region).client("ssm")
    parameters = {
        "Delivery": "inline",
        "InlineBundle": base64.b64encode(gzip.compress(script, 9, mtime=0)).decode(),
        "BundleHash": hashlib.sha256(script).hexdigest(),
        "Profile": PROFILE,
        "Checks": ",".join(checks),
        "ScanId": SCAN_ID.format(account=account, region=region, part=number),
        "TimeLimitSeconds": "60",
    }
    command = client.send_command(
        DocumentName="fleetdx-scan",
        InstanceIds=[fleet.ids[name] for name in ALL],
        Parameters={name: [value] for name, value in parameters.items()},
    )["Command"]["CommandId"]
    until = time.monotonic() + MOST_SECONDS
    while True:
        listed = client.list_command_invocations(CommandId=command, Details=True)["CommandInvocations"]
        if all(one["Status"] not in {"Pending", "InProgress"} for one in listed):
            break
        assert time.monotonic() < until, listed
        time.sleep(0.2)
    assert {one["InstanceId"]: one["Status"] for one in listed} == {fleet.ids[name]: "Success" for name in ALL}

    def printed(name: str, step: str) -> str:
        ids = {"CommandId": command, "InstanceId": fleet.ids[name]}
        return str(client.get_command_invocation(**ids, PluginName=step)["StandardOutputContent"])

    # Of the step Run a list of invocations has the whole line; of Send it has not.
    outputs = {one["InstanceId"]: one["CommandPlugins"][2]["Output"] for one in listed}
    return {name: {"Run": outputs[fleet.ids[name]], "Send": printed(name, "Send")} for name in ALL}


def test_every_check_has_one_verdict_and_one_result(fleet: FaultyFleet, told: dict[str, list[Told]]) -> None:
    """The parts' verdicts are those of the whole profile, each told once, with a result that says the same."""
    data = fleet.aws.deployment.data
    checks = read_catalog(data, current_bundle(data))["profiles"][PROFILE]["checks"]
    for answers in told.values():
        assert [check for answer in answers for check in answer.verdicts] == checks
        for answer in answers:
            assert {one["check"]: one["verdict"] for one in answer.document["results"]} == answer.verdicts


def test_a_closed_network_changes_no_verdict(told: dict[str, list[Told]]) -> None:
    """Hosts without a path to S3, and without a tool to ask it, come to what a healthy one comes to."""
    assert set(CLOSED) <= set(HOST_FAULTS)
    verdicts = {name: [answer.verdicts for answer in answers] for name, answers in told.items()}
    assert {name for name, answers in verdicts.items() if answers != verdicts[HEALTHY]} == set()


def test_nothing_went_to_s3_and_nothing_is_left(fleet: FaultyFleet, told: dict[str, list[Told]]) -> None:
    """The intake is empty, and no host has a file or a process of the scan."""
    assert told
    _, region = fleet.account_region
    s3 = fleet.aws.cloud.operator_session(fleet.aws.cloud.organization.hub.id, region).client("s3")
    assert s3.list_objects_v2(Bucket=fleet.aws.cloud.central.intake_bucket)["KeyCount"] == 0
    assert fleet.nothing_is_left()
