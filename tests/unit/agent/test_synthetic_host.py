"""A synthetic host beside a real one, on the same document, with the same store: nobody can tell them apart."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import hashlib
import json
import random
import string
import threading
from typing import TYPE_CHECKING, Any

import pytest

from emulator.hosts.materialize import MaterializedHost
from emulator.synthetic.network import HostNetwork
from emulator.synthetic.recording import Recording, Scanner
from emulator.synthetic.replay import NotReplayable, RecordedHost
from fleetdx.digest import parse_digest
from fleetdx.keys import intake_object
from tests.unit.agent.conftest import BUNDLE, COMMAND_ID, SCAN_ID, Scan, packed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from emulator.agent.document import Document
    from emulator.agent.host import Host
    from emulator.agent.runner import StepResult
    from emulator.synthetic.conduct import Conduct
    from tests.unit.agent.conftest import Store

CHECKS = ("first", "second", "third")
PART = BUNDLE.replace("pfm", "pf-")
RESULTS = [
    {"item": f"U-{number:02}", "check": check, "verdict": verdict}
    for number, (check, verdict) in enumerate(zip(CHECKS, ("pass", "fail", "manual"), strict=True), 1)
]


@pytest.fixture
def network() -> Iterator[HostNetwork]:
    made = HostNetwork()
    yield made
    made.close()


@pytest.fixture
def replay(network: HostNetwork, tmp_path: Path) -> RecordedHost:
    """A host that replays what the bundle of these tests would find."""
    example = MaterializedHost("example", "Linux", "1", "image", {}, root=tmp_path, metadata=tmp_path)
    parts = {hashlib.sha256(PART.encode()).hexdigest(): frozenset(CHECKS[:2])}
    scanner = Scanner(BUNDLE.encode(), hashlib.sha256(BUNDLE.encode()).hexdigest(), "kisa_unix_2026", CHECKS, parts)
    document = {"schema": 1, "profile": "kisa_unix_2026", "host": {}, "results": RESULTS}
    return RecordedHost(Recording(example, scanner, "pfm", document), network, pace_seconds=20)


@pytest.fixture
def answer(scan_document: Document, values: dict[str, str], host: Host) -> Callable[..., Scan]:
    """Lets a synthetic host answer the scan document; keywords replace values."""

    def run(replay: RecordedHost, cancelled: threading.Event | None = None, **changed: str) -> Scan:
        steps: dict[str, StepResult] = {}
        bound = scan_document.bind({name: [value] for name, value in {**values, **changed}.items()})

        def report(result: StepResult) -> None:
            steps[result.name] = result

        return Scan(replay.run(scan_document, host, bound, COMMAND_ID, cancelled or threading.Event(), report), steps)

    return run


def told(scan: Scan) -> Any:
    """Everything that a reader of ListCommandInvocations sees, but times and the result's own hash."""
    steps = {name: (one.status, one.exit_code, one.stderr, one.output) for name, one in scan.steps.items()}
    status, code, stderr, output = steps["Run"]
    words = output.split(" ")
    hashless = [*words[:3], *words[4:]] if output.startswith("fleetdx/1 ") else words
    return scan.status, {**steps, "Run": (status, code, stderr, hashless)}


def test_what_goes_well_looks_the_same(
    replay: RecordedHost, host: Host, scan: Callable[..., Scan], answer: Callable[..., Scan], store: Store
) -> None:
    """Steps, statuses and digest are a real host's; so is the form, and the file that it ends with."""
    assert told(answer(replay)) == told(scan(host))
    synthetic, real = store.uploads
    assert list(synthetic) == list(real)
    assert {**synthetic, "key": "", "file": b""} == {**real, "key": "", "file": b""}
    sha256 = hashlib.sha256(synthetic["file"]).hexdigest()
    assert synthetic["key"] == intake_object(f"runs/{SCAN_ID}/", host.instance_id, sha256)
    assert json.loads(gzip.decompress(synthetic["file"]))["host"]["hostname"] == host.instance_id


@pytest.mark.parametrize("broken", ["bundle_missing", "bundle_changed", "upload_refused"])
def test_what_goes_wrong_on_the_way_looks_the_same(
    replay: RecordedHost,
    host: Host,
    scan: Callable[..., Scan],
    answer: Callable[..., Scan],
    store: Store,
    values: dict[str, str],
    broken: str,
) -> None:
    """A bundle that is absent or another, and a store that takes nothing: the same steps fail in the same words."""
    if broken == "bundle_missing":
        store.bundles.clear()
    elif broken == "bundle_changed":
        store.bundles[values["BundleHash"]] += b"# changed\n"
    else:
        store.answer = 403
    real = scan(host)
    assert real.reasons()
    assert told(answer(replay)) == told(real)


@pytest.fixture
def part(store: Store) -> dict[str, str]:
    """An inline command of the part that has been recorded; it carries no signature."""
    store.bundles.clear()
    signed = ("BundleQuery", "UploadPolicy", "UploadSignature", "UploadCredential", "UploadDate", "UploadToken")
    return {
        **dict.fromkeys(signed, "none"),
        "Delivery": "inline",
        "InlineBundle": packed(PART),
        "BundleHash": hashlib.sha256(PART.encode()).hexdigest(),
        "Checks": "first,second",
    }


def test_an_inline_command_that_goes_well_looks_the_same(
    replay: RecordedHost,
    host: Host,
    scan: Callable[..., Scan],
    answer: Callable[..., Scan],
    store: Store,
    part: dict[str, str],
) -> None:
    """Without any request to S3: the digest of the part's checks, and the result as the output of Send."""
    closed = dataclasses.replace(replay, conduct="no_path_to_s3")
    synthetic, real = answer(closed, **part), scan(host, **part)
    assert told_but_the_result(synthetic) == told_but_the_result(real)
    sent = base64.b64decode(synthetic.steps["Send"].stdout, validate=True)
    digest = parse_digest(synthetic.steps["Run"].output, list(CHECKS))
    assert (digest.result, digest.bundle) == (hashlib.sha256(sent).hexdigest(), part["BundleHash"])
    assert digest.verdicts == {"first": "pass", "second": "fail"}
    assert [one["check"] for one in json.loads(gzip.decompress(sent))["results"]] == ["first", "second"]
    assert (store.queries, store.uploads) == ([], [])


def told_but_the_result(scan: Scan) -> Any:
    """What a reader sees, without the output of Send."""
    status, steps = told(scan)
    return status, {**steps, "Send": steps["Send"][:2]}


@pytest.mark.parametrize("broken", ["none", packed("exit 0\n")], ids=["no gzip", "another"])
def test_an_inline_command_that_goes_wrong_looks_the_same(
    replay: RecordedHost,
    host: Host,
    scan: Callable[..., Scan],
    answer: Callable[..., Scan],
    part: dict[str, str],
    broken: str,
) -> None:
    """A bundle that does not unpack, or to another, fails the same steps in the same words."""
    real = scan(host, **{**part, "InlineBundle": broken})
    assert real.reasons()
    assert told(answer(replay, **{**part, "InlineBundle": broken})) == told(real)


def test_without_a_path_to_s3_the_bundle_is_not_fetched(
    replay: RecordedHost, host: Host, scan: Any, answer: Any
) -> None:
    """As on a host whose proxy refuses every connection."""
    closed = "http://127.0.0.1:9"
    real = scan(dataclasses.replace(host, environment={"http_proxy": closed, "https_proxy": closed}))
    assert real.reasons()["Fetch"] == "bundle_not_fetched"
    assert told(answer(dataclasses.replace(replay, conduct="no_path_to_s3"))) == told(real)


def test_a_part_answers_only_for_its_own_checks(
    replay: RecordedHost, answer: Callable[..., Scan], part: dict[str, str]
) -> None:
    """Nothing is invented of checks that a part does not hold."""
    for checks in ("all", "second,third"):
        assert answer(replay, **{**part, "Checks": checks}).reasons()["Run"] == "scanner_failed"


def test_a_long_result_is_cut_as_a_real_one_is(
    replay: RecordedHost, answer: Callable[..., Scan], part: dict[str, str]
) -> None:
    """As many lines as fit, and a note of those that do not; every verdict stays."""
    chance = random.Random(1)  # noqa: S311 - noise that gzip cannot make small
    lines = ["".join(chance.choices(string.ascii_letters + string.digits, k=900)) for _ in range(40)]
    recording = replay.recording
    results = [{**result, "evidence": lines} for result in RESULTS]
    long = dataclasses.replace(recording, document={**recording.document, "results": results})
    scan = answer(dataclasses.replace(replay, recording=long), **part)
    sent = json.loads(gzip.decompress(base64.b64decode(scan.steps["Send"].stdout, validate=True)))
    note = "[cut: 30 of 40 lines: the result came in the output of a command]"
    assert [one["evidence"] for one in sent["results"]] == [[*lines[:10], note]] * 2
    assert [one["verdict"] for one in sent["results"]] == ["pass", "fail"]


def test_a_result_over_the_limit_is_not_sent(replay: RecordedHost, answer: Callable[..., Scan], store: Store) -> None:
    """The digest comes all the same, as from a real host."""
    scan = answer(replay, ResultSizeLimit="10")
    assert scan.steps["Run"].output.startswith("fleetdx/1 ")
    assert scan.reasons() == {"Run": "result_too_large", "Send": "result_not_sent"}
    assert store.uploads == []


def test_a_selection_leaves_letters_and_results_out(
    replay: RecordedHost, answer: Callable[..., Scan], store: Store
) -> None:
    """Items and checks may both be named; what is not named has no letter and no result."""
    digest = parse_digest(answer(replay, Checks="U-01,third").steps["Run"].output, list(CHECKS))
    assert digest.verdicts == {"first": "pass", "third": "manual"}
    results = json.loads(gzip.decompress(store.uploads[0]["file"]))["results"]
    assert [one["check"] for one in results] == ["first", "third"]


def test_a_hanging_scan_ends_when_the_document_ends_it(replay: RecordedHost, answer: Callable[..., Scan]) -> None:
    """It works until shortly before the agent's own limit, and says why it ended."""
    hanging = dataclasses.replace(replay, conduct="scanner_hangs")
    assert hanging.seconds_at_work({"TimeLimitSeconds": "600"}) == 585
    assert replay.seconds_at_work({"TimeLimitSeconds": "600"}) == 20
    scan = answer(hanging)
    assert (scan.status, scan.reasons()) == ("Failed", {"Run": "scanner_timed_out", "Send": "result_not_sent"})


@pytest.mark.parametrize("conduct", ["result_differs_from_hash", "result_under_neighbours_key", "digest_lies"])
def test_a_hostile_host_reports_success(
    replay: RecordedHost, host: Host, answer: Callable[..., Scan], store: Store, conduct: Conduct
) -> None:
    """Its steps go well; only what it sent, or where to, or what it says of it, is false."""
    hostile = dataclasses.replace(replay, conduct=conduct, neighbor="i-00000000000000001")
    scan = answer(hostile)
    assert scan.status == "Success"
    digest = parse_digest(scan.steps["Run"].output, list(CHECKS))
    sent = store.uploads[0]
    is_its_own = sent["key"].startswith(f"runs/{SCAN_ID}/{host.instance_id}/")
    is_true = hashlib.sha256(sent["file"]).hexdigest() == digest.result
    tells_truth = digest.verdicts["first"] == "pass"
    assert [is_true, is_its_own, tells_truth].count(False) == 1


def test_another_bundle_was_never_recorded(replay: RecordedHost, answer: Callable[..., Scan], store: Store) -> None:
    """A host that has nothing recorded of a bundle fails its scan, and invents nothing."""
    scan = answer(replay, BundleHash=store.add("exit 0\n"))
    assert scan.reasons() == {"Run": "scanner_failed", "Send": "result_not_sent"}
    assert store.uploads == []


def test_a_cancelled_host_sends_nothing(replay: RecordedHost, answer: Callable[..., Scan], store: Store) -> None:
    """Whoever was cancelled while it worked reports every step as cancelled."""
    cancelled = threading.Event()
    cancelled.set()
    assert answer(replay, cancelled).status == "Cancelled"
    assert store.uploads == []


def test_a_document_of_other_steps_is_refused(replay: RecordedHost, host: Host, scan_document: Document) -> None:
    """Nothing is answered to a document that nobody recorded."""
    other = dataclasses.replace(scan_document, steps=scan_document.steps[:2])
    with pytest.raises(NotReplayable):
        replay.run(other, host, {}, COMMAND_ID, threading.Event(), lambda _: None)
