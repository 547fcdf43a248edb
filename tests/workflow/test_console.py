"""The console over the embedded AWS: start a scan, watch it to its end, and read all that it has left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from fleetdx import keys
from tests.console_server import Served, served
from tests.embedded import Embedded, embedded, wait_until
from tests.leaks import KEY_PATTERN

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST, BROKEN = "hot-wallet-signer-1", "matching-engine-1"


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with embedded(tmp_path_factory.mktemp("cloud")) as started:
        yield started


@pytest.fixture(scope="module")
def console(aws: Embedded) -> Iterator[Served]:
    with served(aws.deployment) as running:
        yield running


class Watched:
    """A run that was started and watched from the console, and what the watch told."""

    def __init__(self, run: str, hosts: dict[str, str], events: list[tuple[str, Any]]) -> None:
        self.run = run
        self.hosts = hosts
        self.events = events
        self.last = [document for name, document in events if name == "run"][-1]


@pytest.fixture(scope="module")
def watched(aws: Embedded, console: Served) -> Watched:
    """Two hosts are scanned, of which one's scanner crashes."""
    hosts = {name: aws.instance_named(name)[0] for name in (HOST, BROKEN)}
    aws.cloud.fleet.break_host(hosts[BROKEN].rpartition("/")[2], "scanner_crashes")
    request = {"scope": {"instances": list(hosts.values())}, "exports": ["csv"], "checks": ["U-01", "U-18"]}
    checked = console.ask("/api/requests/check", {"request": request}).document
    assert checked["faults"] == []
    assert checked["estimate"]["instances"] == 2
    started = console.ask("/api/runs", {"request": request})
    assert started.status == 201
    run = started.document["run"]
    return Watched(run, hosts, list(console.stream(f"/api/runs/{run}/watch")))


def test_the_session_says_what_is_shown(aws: Embedded, console: Served) -> None:
    """Place, account, regions, and that scans may be started on the embedded AWS."""
    told = console.get("/api/session")
    assert told["place"] == "embedded"
    assert told["account"] == aws.cloud.organization.hub.id
    assert (told["region"], *told["regions"]) == (aws.deployment.home_region, *aws.deployment.regions)
    assert told["may_start"] is True


def test_the_organization_is_a_tree(aws: Embedded, console: Served) -> None:
    """Every account stands once below the root, below its unit, with its state."""

    def accounts(node: dict[str, Any]) -> list[tuple[str, str]]:
        own = [(node["id"], node["status"])] if node["kind"] == "account" else []
        return own + [found for child in node["children"] for found in accounts(child)]

    root = console.get("/api/organization")
    assert root["kind"] == "root"
    assert sorted(accounts(root)) == sorted((one.id, one.status) for one in aws.cloud.organization.accounts)
    assert {child["kind"] for child in root["children"]} >= {"organizational_unit"}


def test_a_watch_tells_a_run_from_its_start_to_its_end(watched: Watched) -> None:
    """Each event is the whole run; figures never go back, and the last one before the end has everything."""
    names = [name for name, _ in watched.events]
    assert names[-1] == "end"
    assert set(names[:-1]) == {"run"}
    told = [document for name, document in watched.events if name == "run"]
    done = [document["progress"]["instances_done"] for document in told]
    assert done == sorted(done)
    assert told[0]["status"] == "RUNNING"
    assert watched.last["progress"]["phase"] == "ended"
    assert (watched.last["status"], watched.last["outcome"], watched.last["gaps"]) == ("SUCCEEDED", "incomplete", 1)
    assert watched.last["counts"]["scanned"] == watched.last["counts"]["scan_failed"] == 1


def test_a_run_leads_to_its_executions_and_files(console: Served, watched: Watched) -> None:
    """One execution of each account-region and batch with its place, the files that are there, and the summary."""
    document = console.get(f"/api/runs/{watched.run}")
    assert document["executions"]["main"]["name"] == watched.run
    places = {(one["account"], one["region"]) for one in document["executions"]["batches"]}
    assert places == {tuple(name.split("/")[:2]) for name in watched.hosts.values()}
    assert all(one["batch"] == "0" for one in document["executions"]["batches"])
    assert {"report.html", "ledger.csv", "results.csv", "summary.json"} <= {one["name"] for one in document["files"]}
    assert document["summary"]["run"] == watched.run
    assert document["request"]["checks"]
    assert console.get("/api/runs")["runs"][0]["run"] == watched.run


def test_an_execution_is_told_whole(console: Served, watched: Watched) -> None:
    """Input, output, definition without placeholders, every event with its moment, and the children by their Map."""
    arn = watched.last["executions"]["main"]["arn"]
    told = console.get(f"/api/executions/{quote(arn, safe='')}")
    assert told["execution"]["status"] == "SUCCEEDED"
    assert "ScanTargets" in told["definition"]["States"]
    assert "${" not in str(told["definition"])
    assert [event["id"] for event in told["events"]] == list(range(1, len(told["events"]) + 1))
    assert all(event["timestamp"].endswith("Z") for event in told["events"])
    assert {child["state"] for child in told["children"]} == {"ScanTargets"}
    targets = [one["arn"] for one in watched.last["executions"]["targets"]]
    assert sorted(child["arn"] for child in told["children"]) == sorted(targets)
    below = console.get(f"/api/executions/{quote(targets[0])}")
    assert {child["state"] for child in below["children"]} == {"ScanBatches"}


def test_an_execution_can_be_watched_from_an_event_on(console: Served, watched: Watched) -> None:
    """Who has the first events is told the others, in order, then the execution and its end."""
    arn = quote(watched.last["executions"]["main"]["arn"])
    whole = console.get(f"/api/executions/{arn}")["events"]
    told = list(console.stream(f"/api/executions/{arn}/watch?after=5"))
    assert [name for name, _ in told] == ["events", "execution", "end"]
    assert told[0][1]["events"] == whole[5:]
    assert told[1][1]["execution"]["status"] == "SUCCEEDED"


def test_a_failed_host_leads_to_its_invocation(aws: Embedded, console: Served, watched: Watched) -> None:
    """From the ledger line to the step that failed, with its exit code and what it printed, and to its execution."""
    told = console.get(f"/api/runs/{watched.run}/hosts/{watched.hosts[BROKEN]}")
    assert told["ledger"]["state"] == "scan_failed"
    assert told["invocation_note"] is None
    steps = {step["name"]: step for step in told["invocation"]["steps"]}
    assert list(steps) == ["Fetch", "Verify", "Run", "Send"]
    assert (steps["Fetch"]["status"], steps["Fetch"]["exit_code"]) == ("Success", 0)
    assert steps["Run"]["status"] == "Failed"
    assert steps["Run"]["exit_code"] not in (0, 3)
    assert steps["Run"]["stdout"] + steps["Run"]["stderr"]
    assert told["execution"] in {one["arn"] for one in watched.last["executions"]["batches"]}
    assert told["invocation"]["command_id"]


def test_a_scanned_host_leads_to_its_results(console: Served, watched: Watched) -> None:
    """Each result with its evidence, the item's title in both languages, and since when it fails."""
    told = console.get(f"/api/runs/{watched.run}/hosts/{watched.hosts[HOST]}")
    assert {line["item"] for line in told["results"]} == {"U-01", "U-18"}
    assert all(line["title"]["ko"] and line["title"]["en"] for line in told["results"])
    assert all("failing_since" in line for line in told["results"] if line["verdict"] == "fail")
    assert told["invocation"]["status"] == "Success"
    history = console.get(f"/api/hosts/{watched.hosts[HOST]}/history?profile=kisa_unix_2026")
    assert [one["run"] for one in history["runs"]] == [watched.run]
    assert {item["item"]: set(item["verdicts"]) for item in history["items"]} == {
        "U-01": {watched.run},
        "U-18": {watched.run},
    }


def test_the_ledger_is_told_in_parts(console: Served, watched: Watched) -> None:
    """By state, by account, by what somebody looks for; with the number of all of them."""
    path = f"/api/runs/{watched.run}/ledger"
    whole = console.get(path)
    assert whole["total"] == len(whole["lines"])
    assert [line["instance_name"] for line in console.get(f"{path}?search={BROKEN[:8]}")["lines"]] == [BROKEN]
    assert console.get(f"{path}?state=scan_failed")["total"] == 1
    assert len(console.get(f"{path}?offset=1&limit=1")["lines"]) == 1
    assert console.ask(f"{path}?limit=-1").status == 400


def test_a_file_opens_once_and_in_a_sandbox(console: Served, watched: Watched) -> None:
    """The report has no origin of its own, a table is a download; the address works once, and for that name."""
    for name, kind in (("report.html", "text/html; charset=utf-8"), ("ledger.csv", "text/csv; charset=utf-8")):
        link = console.ask(f"/api/runs/{watched.run}/files/{name}/link", {}).document["url"]
        file = console.ask(link, Authorization="")
        assert (file.status, file.headers["content-type"]) == (200, kind)
        assert file.headers["content-disposition"].startswith("inline" if name == "report.html" else "attachment")
        if name == "report.html":
            assert file.headers["content-security-policy"].startswith("sandbox allow-scripts allow-popups;")
            assert "allow-same-origin" not in file.headers["content-security-policy"]
        assert console.ask(link, Authorization="").status == 404


def test_coverage_and_waivers_are_told_as_they_stand(aws: Embedded, console: Served) -> None:
    """No sweep and no register yet; then a register with an entry, and one that cannot be read."""
    assert console.get("/api/coverage") == {"sweeps": [], "latest": None}
    entry = {
        "id": "W-1", "scope": {"organization": True}, "applies_to": "finding", "item": "U-01", "owner": "a@example.com",
        "approver": "b@example.com", "reason": "until the migration", "ticket": "SEC-1",
        "approved_at": "2026-01-01T00:00:00Z", "expires_at": "2026-02-01T00:00:00Z",
    }  # fmt: skip
    aws.deployment.data.put_json(keys.EXEMPTIONS, {"schema": 1, "exemptions": [entry]})
    told = console.get("/api/waivers")
    assert told["valid"] is True
    assert [(one["id"], one["status"]) for one in told["entries"]] == [("W-1", "expired")]
    assert told["entries"][0]["days_left"] < 0
    aws.deployment.data.put_json(keys.EXEMPTIONS, {"schema": 1, "exemptions": [{**entry, "item": 7}]})
    told = console.get("/api/waivers")
    assert (told["valid"], told["entries"], told["problem"]["pointer"]) == (False, [], "/exemptions/0/item")
    aws.deployment.data.delete(keys.EXEMPTIONS)


def test_what_was_started_here_is_kept(aws: Embedded, console: Served, watched: Watched) -> None:
    """When the run has ended its histories lie in the data bucket, and an execution is told from there too."""

    def kept() -> list[Any]:
        return list(aws.deployment.data.keys(keys.out(watched.run, "executions/")))

    count = 1 + sum(len(watched.last["executions"][name]) for name in ("targets", "batches"))
    wait_until(lambda: len(kept()) == count, "the histories are not kept")
    from console.reading import executions  # noqa: PLC0415 - read past Step Functions, which has not forgotten it

    arn = watched.last["executions"]["main"]["arn"]
    offline, live = executions._kept(aws.deployment, arn), console.get(f"/api/executions/{quote(arn)}")
    assert offline["definition"] == live["definition"]
    assert [event["id"] for event in offline["events"]] == [event["id"] for event in live["events"]]
    assert offline["execution"] == live["execution"]
    assert offline["children"] == sorted(live["children"], key=lambda child: child["name"])
    assert executions.kept_of_run(aws.deployment.data, watched.run)[0]["name"] == watched.run


def test_a_run_is_stopped_from_here(aws: Embedded, console: Served, watched: Watched) -> None:
    """The stop is an execution of its own; the watch goes on until the ledger is closed; a second stop is refused."""
    aws.cloud.fleet.break_host(watched.hosts[HOST].rpartition("/")[2], "scanner_hangs")
    request = {"scope": {"instances": [watched.hosts[HOST]]}, "exports": []}
    run = console.ask("/api/runs", {"request": request}).document["run"]
    outstanding = keys.command_claims_prefix(run)
    wait_until(lambda: any(aws.deployment.data.keys(outstanding)), "no command was sent")
    stopped = console.ask(f"/api/runs/{run}/stop", {})
    assert stopped.status == 202
    last = [document for name, document in console.stream(f"/api/runs/{run}/watch") if name == "run"][-1]
    assert (last["outcome"], last["progress"]["phase"]) == ("stopped", "ended")
    assert last["executions"]["stopping"]["arn"] == stopped.document["execution"]
    assert last["counts"]["scan_failed"] == 1
    again = console.ask(f"/api/runs/{run}/stop", {})
    assert (again.status, again.document["error"]["name"]) == (409, "RunEnded")


def test_a_refused_request_names_its_field(console: Served, watched: Watched) -> None:
    """Nothing is started for it; every fault stands beside its field, in the language asked for."""
    broken = {"scope": {"accounts": ["1"]}, "max_attempts": 9}
    told = console.ask("/api/requests/check?language=ko", {"request": broken}).document
    assert {fault["pointer"] for fault in told["faults"]} == {"/scope/accounts/0", "/max_attempts"}
    assert told["estimate"] is None
    before = len(console.get("/api/runs")["runs"])
    refused = console.ask("/api/runs", {"request": broken})
    assert (refused.status, refused.document["error"]["pointer"]) == (422, "/max_attempts")
    assert len(console.get("/api/runs")["runs"]) == before
    whole = console.ask("/api/requests/check", {"request": {"scope": {"organization": True}}}).document["estimate"]
    assert whole["instances"] is None


def test_who_may_only_read_cannot_act(aws: Embedded, watched: Watched) -> None:
    """Without --allow-start neither a start nor a stop, whatever the body; reading is as ever."""
    with served(aws.deployment, may_start=False) as reading:
        assert reading.get("/api/session")["may_start"] is False
        for path in ("/api/runs", f"/api/runs/{watched.run}/stop"):
            refused = reading.ask(path, {"request": {"scope": {"organization": True}}})
            assert (refused.status, refused.document["error"]["name"]) == (403, "ReadOnly")
        assert reading.get(f"/api/runs/{watched.run}")["run"] == watched.run


def test_no_answer_holds_a_secret(aws: Embedded, console: Served, watched: Watched) -> None:
    """Of all that was answered in this module: no signature, no key, no token that anybody was issued."""
    assert watched.last["run"] == watched.run
    secrets = {secret.encode() for secret in aws.cloud.store.issued()} | {console.token.encode()}
    assert len(console.seen) > 40
    for body in console.seen:
        assert KEY_PATTERN.search(body) is None
        assert not [secret for secret in secrets if secret in body]
