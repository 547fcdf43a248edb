"""One run over the whole embedded organization, and everything that must be true of what it leaves."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from fleetdx import keys
from fleetdx.cli.outputs import collect
from fleetdx.models import LEDGER_STATES
from tests.embedded import embedded
from tests.leaks import WholeRun, issued_in, leaks, places_to_search

if TYPE_CHECKING:
    from collections.abc import Iterator

MAXIMUM_PAYLOAD = 32_768
MAXIMUM_EVENTS = 2_500


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeRun]:
    with embedded(tmp_path_factory.mktemp("emulator")) as aws:
        ended = aws.scan({"organization": True})
        yield WholeRun(aws, ended, collect(aws.deployment, ended.run, tmp_path_factory.mktemp("out")))


def histories(whole: WholeRun) -> dict[str, dict[str, Any]]:
    """The saved executions by name."""
    return {path.stem: json.loads(path.read_bytes()) for path in (whole.directory / "executions").glob("*.json")}


@pytest.mark.reaches("verified")
def test_the_run_is_complete(whole: WholeRun) -> None:
    """The example organization has no gap: every running Linux instance has a verified result."""
    assert whole.ended.summary["status"] == "complete"
    assert whole.ended.summary["gaps"] == []
    scanned = [line for line in whole.ended.ledger if line["kind"] == "instance" and line["state"] == "scanned"]
    assert {line["reason"] for line in scanned} == {"verified"}


def test_the_ledger_counts_what_ec2_says_exists(whole: WholeRun) -> None:
    """In each active account and region the ledger has exactly EC2's instances, each once."""
    organization = whole.aws.cloud.organization
    told = Counter((line["account"], line["region"], line["instance"]) for line in whole.ended.ledger)
    assert set(told.values()) == {1}
    for account in organization.accounts:
        for region in organization.regions if account.status == "ACTIVE" else ():
            ec2 = whole.aws.cloud.operator_session(account.id, region).client("ec2")
            exist = {
                instance["InstanceId"]
                for reservation in ec2.describe_instances()["Reservations"]
                for instance in reservation["Instances"]
            }
            lines = [line for line in whole.ended.ledger if (line["account"], line["region"]) == (account.id, region)]
            assert {line["instance"] for line in lines if line["kind"] == "instance"} == exist
            assert [line["instances"] for line in lines if line["kind"] == "account_region"] == [len(exist)]


@pytest.mark.reaches("entered", "account_suspended")
def test_every_account_and_region_is_named(whole: WholeRun) -> None:
    """The management account is entered and the suspended one is told by name; neither is lost."""
    places = {
        (line["account_name"], line["region"]): (line["state"], line["reason"])
        for line in whole.ended.ledger
        if line["kind"] == "account_region"
    }
    organization = whole.aws.cloud.organization
    assert len(places) == len(organization.accounts) * len(organization.regions)
    assert places["management", "us-east-1"] == ("scanned", "entered")
    assert places["nft-market-closed", "us-east-1"] == ("unsupported", "account_suspended")


def test_every_line_says_where_it_comes_from(whole: WholeRun) -> None:
    """Ledger and result lines name account, region, instance, AMI, run, profile, bundle hash and time."""
    names = {"account", "region", "instance", "ami", "run", "profile", "bundle", "at"}
    results = [json.loads(line) for line in (whole.directory / "results.jsonl").read_bytes().splitlines()]
    assert results
    for line in [*whole.ended.ledger, *results]:
        assert names <= set(line)
        assert line["run"] == whole.ended.run.id
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", line["at"])
    assert all(line["ami"] and line["bundle"] for line in results)
    assert all(line["state"] in LEDGER_STATES for line in whole.ended.ledger)


def test_every_account_region_is_an_execution_of_its_own(whole: WholeRun) -> None:
    """Each carries run, account and region in its name and has ended well, and so has that of each of its batches."""
    names = {
        f"{whole.ended.run.id}-{account.id}-{region}"
        for account in whole.aws.cloud.organization.accounts
        if account.status == "ACTIVE"
        for region in whole.aws.cloud.organization.regions
    }
    saved = histories(whole)
    batches = {
        f"{whole.ended.run.id}-{line['account']}-{line['region']}-0"
        for line in whole.ended.ledger
        if line["state"] == "scanned" and line["instance"]
    }
    assert batches
    assert set(saved) == {whole.ended.run.id, *names, *batches}
    assert {one["execution"]["status"] for one in saved.values()} == {"SUCCEEDED"}


def test_states_stay_small(whole: WholeRun) -> None:
    """No input or output of a state is above 32 KB, and no history above 2,500 events."""
    for saved in histories(whole).values():
        assert len(saved["events"]) < MAXIMUM_EVENTS
        for event in saved["events"]:
            for details in event.values():
                if isinstance(details, dict):
                    assert all(len(str(value)) < MAXIMUM_PAYLOAD for value in details.values())


def test_no_secret_rests_anywhere(whole: WholeRun) -> None:
    """The very keys, tokens and signatures issued in the run stand in no state, log, object or output file."""
    secrets, places = issued_in(whole), places_to_search(whole)
    commands = 5
    assert len(secrets) > commands * 4
    assert len(places) > 60
    assert any(place.endswith("functions.log") and body for place, body in places.items())
    assert leaks(places, secrets) == []


def test_the_search_for_secrets_finds_a_planted_one(whole: WholeRun) -> None:
    """Each kind of secret is found when it is put into a history, so the search above can fail."""
    secrets = issued_in(whole)
    for secret in secrets:
        assert leaks({"planted": b'{"output": "' + secret + b'"}'}, secrets) == ["planted"]
    assert leaks({"planted": b"https://x/?X-Amz-Signature=00"}, set()) == ["planted"]


def test_nothing_is_left_on_a_host(whole: WholeRun) -> None:
    """After the run no host has the scan's directory or lock."""
    for name in whole.aws.cloud.fleet.names():
        instance = name.rsplit("/", 1)[1]
        run_directory = whole.aws.cloud.fleet.directory / instance / "run"
        assert run_directory.is_dir()
        assert list(run_directory.iterdir()) == []


def test_metrics_count_calls_transitions_and_invocations(whole: WholeRun) -> None:
    """metrics.json says what the run cost: one command a batch, no call for each instance."""
    metrics = json.loads((whole.directory / "metrics.json").read_bytes())
    calls = metrics["aws_calls"]["control_plane"]
    assert calls["ssm:SendCommand"]["calls"] == 5
    assert calls["ec2:DescribeInstances"]["calls"] == 10
    assert metrics["lambda_invocations"] == sum(one["invocations"] for one in metrics["functions"].values())
    assert metrics["state_transitions"] > metrics["lambda_invocations"]


# What the signatures that hosts are given allow, tried with the real ones of this run.


class Form(NamedTuple):
    """The signed form of one batch and where it is posted."""

    url: str
    fields: dict[str, str]
    prefix: str


def form_of(whole: WholeRun) -> Form:
    account, region = "333333333333", "us-east-1"
    ssm = whole.aws.cloud.operator_session(account, region).client("ssm")
    parameters = {name: values[0] for name, values in ssm.list_commands()["Commands"][0]["Parameters"].items()}
    fields = {
        "policy": parameters["UploadPolicy"],
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": parameters["UploadCredential"],
        "x-amz-date": parameters["UploadDate"],
        "x-amz-security-token": parameters["UploadToken"],
        "x-amz-signature": parameters["UploadSignature"],
    }
    url = f"{whole.aws.cloud.url}/{whole.aws.cloud.central.intake_bucket}"
    return Form(url, fields, f"runs/{parameters['ScanId']}/")


def post(form: Form, key: str, body: bytes) -> int:
    """Post a file with curl, as a host does; returns the HTTP status."""
    options = [f"-F{name}={value}" for name, value in {"key": key, **form.fields}.items()]
    command = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", *options, "-F", "file=@-", form.url]
    return int(subprocess.run(command, input=body, capture_output=True, check=True).stdout)


def test_the_form_writes_below_its_prefix(whole: WholeRun) -> None:
    """The control: the form of the run is still good for its own prefix."""
    form = form_of(whole)
    assert post(form, f"{form.prefix}i-00000000000000000/control.json.gz", b"x") in {200, 201, 204}


def test_the_form_writes_nowhere_else(whole: WholeRun) -> None:
    """A key outside the batch's prefix is refused: another run's, another account's, and one that climbs."""
    form = form_of(whole)
    batch = form.prefix.rstrip("/").rsplit("/", 1)[0]
    for key in ("runs/other", f"{batch}/0001-00/x", "scripts/x", f"x/{form.prefix}x"):
        assert post(form, key, b"x") == 403


def test_the_form_takes_no_oversized_body(whole: WholeRun) -> None:
    """A body over the signed limit is refused, one at the limit is taken."""
    form = form_of(whole)
    assert post(form, f"{form.prefix}full", b"x" * 1_000_000) in {200, 201, 204}
    assert post(form, f"{form.prefix}over", b"x" * 1_000_001) == 400


def get(url: str) -> int:
    """Get a URL with curl; returns the HTTP status."""
    command = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", url]
    return int(subprocess.run(command, capture_output=True, check=True).stdout)


def test_the_download_reads_its_bundle_alone_and_for_an_hour(whole: WholeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    """The presigned query reads the one bundle; not another key, and nothing after an hour. The form expires too."""
    ssm = whole.aws.cloud.operator_session("333333333333", "us-east-1").client("ssm")
    parameters = ssm.list_commands()["Commands"][0]["Parameters"]
    query, bundle = parameters["BundleQuery"][0], parameters["BundleHash"][0]
    bucket = f"{whole.aws.cloud.url}/{whole.aws.cloud.central.data_bucket}"
    assert get(f"{bucket}/{keys.bundle(bundle)}?{query}") == 200
    assert get(f"{bucket}/{keys.catalog(bundle)}?{query}") == 403
    form = form_of(whole)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=3_601)
    monkeypatch.setattr(whole.aws.cloud.store, "clock", lambda: later)
    # S3 tells an expired session before an expired signature: 400 ExpiredToken.
    assert get(f"{bucket}/{keys.bundle(bundle)}?{query}") in {400, 403}
    assert post(form, f"{form.prefix}late", b"x") in {400, 403}
