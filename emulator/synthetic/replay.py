"""A host without processes: it answers the scan document as the host that was recorded would, step by step.

It is the document's own words that count: where it fetches from and sends to stands in the document, what may be sent
and where in the command's parameters. Steps, statuses, reasons and the digest line are those of
templates/member_region.yaml; tests/contract/test_synthetic_hosts.py holds both against each other.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from emulator.agent import output
from emulator.agent.runner import StepResult, StepStatus, overall_status
from emulator.synthetic.inline import MOST_RESULT_BYTES, compressed, fitting, unpacked
from emulator.synthetic.network import ACCEPTED, Fetched

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping

    from emulator.agent.document import Document
    from emulator.agent.host import Host
    from emulator.synthetic.conduct import Conduct
    from emulator.synthetic.network import HostNetwork
    from emulator.synthetic.recording import Recording

STEPS: Final = ("Fetch", "Verify", "Run", "Send")
_SCRIPTS_URL: Final = re.compile(r"^scripts_url='([^']+)'$", re.MULTILINE)
_INTAKE_URL: Final = re.compile(r"^intake_url='([^']+)'$", re.MULTILINE)
_LONGEST_GRACE: Final = 15
_OPPOSITE: Final = str.maketrans("pf", "fp")
_OK: Final = 200
_NOTHING_FETCHED: Final = "fleetdx: no_verified_bundle: this command has fetched no bundle\n"
_NOTHING_TO_SEND: Final = "fleetdx: result_not_sent: this command has no result\n"


class NotReplayable(ValueError):
    """The document is not the one that synthetic hosts know the steps of."""


class Printed(NamedTuple):
    """A step's exit code and what it printed."""

    exit_code: int = 0
    stdout: str = ""


def failed(reason: str, sentence: str) -> Printed:
    """A step that fails as the document's steps do."""
    return Printed(1, f"fleetdx: {reason}: {sentence}\n")


@dataclass(frozen=True)
class RecordedHost:
    """What one synthetic host answers.

    Attributes:
        recording: The scan that it replays.
        network: Its way to S3.
        pace_seconds: How long it works when nothing is wrong.
        conduct: What it does wrong.
        neighbor: The instance that it speaks for where it is that kind of hostile.
    """

    recording: Recording
    network: HostNetwork
    pace_seconds: float
    conduct: Conduct = "sound"
    neighbor: str = ""

    def seconds_at_work(self, values: Mapping[str, str]) -> float:
        """Its pace; where it hangs, until the document ends the scan."""
        limit = _scan_limit(values)
        return limit if self.conduct == "scanner_hangs" else min(self.pace_seconds, limit)

    def run(
        self,
        document: Document,
        host: Host,
        values: Mapping[str, str],
        command_id: str,  # noqa: ARG002 - a real host tells two commands apart by it
        cancelled: threading.Event,
        report: Callable[[StepResult], None],
    ) -> StepStatus:
        """Answer; raises NotReplayable for a document with other steps."""
        scripts = {step.name: step.script for step in document.steps}
        if tuple(scripts) != STEPS:
            raise NotReplayable(f"synthetic hosts know the steps {', '.join(STEPS)}, not {', '.join(scripts)}")
        if cancelled.is_set():
            results = [_result(name, Printed(1), "Cancelled") for name in STEPS]
        else:
            printed = self._work(host.instance_id, values, scripts)
            results = [_result(name, one, "Failed" if one.exit_code else "Success") for name, one in printed.items()]
        for result in results:
            report(result)
        return overall_status(result.status for result in results)

    def _work(self, instance: str, values: Mapping[str, str], scripts: Mapping[str, str]) -> dict[str, Printed]:
        send = Printed(1, _NOTHING_TO_SEND)
        fetched = self._fetch(values, scripts["Fetch"])
        if isinstance(fetched, Printed):
            nothing = Printed(1, _NOTHING_FETCHED)
            return {"Fetch": fetched, "Verify": nothing, "Run": nothing, "Send": send}
        if fetched != values["BundleHash"]:
            sentence = "the fetched bundle is not the one that was asked for; nothing of it was run"
            verify = failed("bundle_hash_mismatch", sentence)
            return {"Fetch": Printed(), "Verify": verify, "Run": Printed(1, _NOTHING_FETCHED), "Send": send}
        problem = self._problem(values)
        if problem is not None:
            return {"Fetch": Printed(), "Verify": Printed(), "Run": problem, "Send": send}
        run, send = self._scan_and_send(instance, values, _address(_INTAKE_URL, scripts["Send"]))
        return {"Fetch": Printed(), "Verify": Printed(), "Run": run, "Send": send}

    def _fetch(self, values: Mapping[str, str], script: str) -> str | Printed:
        """SHA-256 of the bundle out of S3 or the command; where there is none, how Fetch ends."""
        if values["Delivery"] == "inline":
            bundle = unpacked(values["InlineBundle"])
            if bundle is None:
                return failed("bundle_not_fetched", "the bundle in the command could not be unpacked")
            return hashlib.sha256(bundle).hexdigest()
        address = f"{_address(_SCRIPTS_URL, script)}{values['BundleHash']}?{values['BundleQuery']}"
        fetched = Fetched(0, "") if self.conduct == "no_path_to_s3" else self.network.fetch(address)
        if fetched.status == _OK:
            return fetched.sha256
        ended = 22 if fetched.status else 7
        sentence = f"the bundle could not be fetched (curl exit {ended}, HTTP status {fetched.status or '000'})"
        return failed("bundle_not_fetched", sentence)

    def _problem(self, values: Mapping[str, str]) -> Printed | None:
        """Why there is no scan to tell of."""
        if self.conduct == "scanner_hangs":
            return failed("scanner_timed_out", f"the scan was ended after {_scan_limit(values)} seconds")
        scanner = self.recording.scanner
        held = {scanner.sha256: frozenset(scanner.checks), **scanner.parts}.get(values["BundleHash"])
        if held is None or values["Profile"] != scanner.profile:
            return failed("scanner_failed", "nothing was recorded of this bundle and profile")
        if values["BundleHash"] != scanner.sha256 and not held.issuperset(values["Checks"].split(",")):
            return failed("scanner_failed", "nothing was recorded of checks that this part does not hold")
        return None

    def _scan_and_send(self, instance: str, values: Mapping[str, str], intake: str) -> tuple[Printed, Printed]:
        wanted = None if values["Checks"] == "all" else frozenset(values["Checks"].split(","))
        document, letters = self.recording.answer_of(instance, wanted, _now())
        inline = values["Delivery"] == "inline"
        body = fitting(document) if inline else compressed(document)
        sha256 = hashlib.sha256(body).hexdigest()
        if self.conduct == "digest_lies":
            letters = letters.translate(_OPPOSITE)
        digest = f"fleetdx/1 {values['Profile']} {values['BundleHash']} {sha256} {letters}\n"
        if self.conduct == "digest_garbled":
            digest = "\N{REPLACEMENT CHARACTER}" + digest[::-1]
        most = min(int(values["ResultSizeLimit"]), MOST_RESULT_BYTES) if inline else int(values["ResultSizeLimit"])
        if len(body) > most:
            sentence = f"the compressed result has {len(body)} bytes; at most {most} are taken"
            return Printed(1, digest + failed("result_too_large", sentence).stdout), Printed(1, _NOTHING_TO_SEND)
        sent = b"another body" if self.conduct == "result_differs_from_hash" else body
        if inline:
            return Printed(0, digest), Printed(0, base64.b64encode(sent).decode())
        owner = self.neighbor if self.conduct == "result_under_neighbours_key" else instance
        return Printed(0, digest), self._post(values, intake, f"runs/{values['ScanId']}/{owner}/{sha256}.json.gz", sent)

    def _post(self, values: Mapping[str, str], intake: str, key: str, body: bytes) -> Printed:
        status = self.network.post(intake, _form(values, key), body)
        if status in ACCEPTED:
            return Printed()
        return failed("result_not_sent", f"the result could not be sent (curl exit 0, HTTP status {status or '000'})")


def _form(values: Mapping[str, str], key: str) -> dict[str, str]:
    """The fields of the signed form, in the document's order."""
    return {
        "key": key,
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": values["UploadCredential"],
        "x-amz-date": values["UploadDate"],
        "x-amz-security-token": values["UploadToken"],
        "policy": values["UploadPolicy"],
        "x-amz-signature": values["UploadSignature"],
    }


def _scan_limit(values: Mapping[str, str]) -> int:
    """Seconds after which the document itself ends a scan: some before the agent would."""
    limit = int(values["TimeLimitSeconds"])
    return limit - min(limit // 6 + 2, _LONGEST_GRACE)


def _address(pattern: re.Pattern[str], script: str) -> str:
    found = pattern.search(script)
    if found is None:
        raise NotReplayable("the document does not say where it fetches from or sends to")
    return found.group(1)


def _result(name: str, printed: Printed, status: StepStatus) -> StepResult:
    now, text = _now(), output.stdout(printed.stdout)
    # The agent's own words on a failed step.
    stderr = f"failed to run commands: exit status {printed.exit_code}" if printed.exit_code else ""
    return StepResult(name, status, printed.exit_code, text, stderr, output.combined(text, stderr), now, now)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
