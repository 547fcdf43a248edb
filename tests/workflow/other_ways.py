"""The other ways through the functions of the scan chain: calls that a run in which all goes well does not make."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from fleetdx import keys
from functions.send_command.handler import LOOKUPS_BEFORE_REPEATING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.workflow.recorded_chain import Chain, Step

FAILURE = {"Error": "ServiceUnavailable", "Cause": "GetObject: InternalError"}


def other_ways(chain: Chain, step: Step) -> Iterator[Step]:
    """The step as it would be called, or with what it would find, when something has gone otherwise before."""
    if step.function == "ListTargets":
        yield step.with_request(scope={"organizational_units": [_unit(chain)]})
    elif step.function == "SelectWave":
        yield _after_a_canary(chain, step)
    elif step.function == "SendCommand":
        yield _claimed(chain, step)
    elif step.function == "UploadResults":
        # A command of which SSM lists nothing: every host gets another attempt.
        command = {**step.payload["command"], "id": "00000000-0000-0000-0000-000000000000"}
        yield _with(step, command=command)
    elif step.function == "SummarizeTarget":
        yield _with(step, failure=FAILURE)
    elif step.function == "BuildReport":
        yield _with(step, dry_run=True)


def _with(step: Step, **fields: Any) -> Step:
    return dataclasses.replace(step, payload={**step.payload, **fields})


def _after_a_canary(chain: Chain, step: Step) -> Step:
    """The first decision of a resumed run whose canary went in an earlier opening, with a document of windows."""
    payload = {name: value for name, value in step.payload.items() if name != "wave"} | {"opening": 1}
    place = next(key for _, key in step.before if "/inventory/" in key).rpartition("/inventory/")[2]
    canary = {"targets": [place.removesuffix(".json")], "instances": 1, "max_failures": 0}
    windows = json.dumps({"schema": 1, "quiet_hours": [], "windows": []}).encode()
    before = {**step.before, (chain.buckets[0], keys.WINDOWS): windows}
    return dataclasses.replace(step, payload=payload, before=before).with_request(canary=canary)


def _unit(chain: Chain) -> str:
    """An organizational unit with accounts below it."""
    organizations = chain.cloud.hub_session().client("organizations")
    root = organizations.list_roots()["Roots"][0]["Id"]
    units = organizations.list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"]
    return next(str(unit["Id"]) for unit in units if unit["Name"] == "Workloads")


def _claimed(chain: Chain, step: Step) -> Step:
    """An earlier try has claimed the command and died before it sent it, and later ones have looked for it in vain."""
    payload, data = step.payload, chain.buckets[0]
    claim = keys.command_claim(step.run, payload["account"], payload["region"], "0000-00")
    content = json.dumps({"at": "2026-11-23T19:00:00+00:00", "by": "0123456789abcdef"}).encode()
    lookups = json.dumps({"lookups": LOOKUPS_BEFORE_REPEATING - 1}).encode()
    before = {**step.before, (data, claim): content, (data, f"{claim}-lookups"): lookups}
    return dataclasses.replace(step, before=before)
