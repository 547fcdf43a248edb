"""ValidateRequest: refuse a scan request that breaks its schema, or complete it and open the run.

Raises InvalidRequest (the state machine ends: nothing was started) and BundleMissing; neither is worth a retry.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any, TypedDict

from fleetdx import keys
from fleetdx.bundles import current_bundle, read_catalog
from fleetdx.entrypoint import entrypoint
from fleetdx.requests import complete_request, profile_in, resolve_checks
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket


class Execution(TypedDict):
    """What Step Functions says of the execution: its ARN, name and start (RFC 3339)."""

    id: str
    name: str
    started_at: str


class Input(TypedDict):
    """The request as it was given, and the execution it came with."""

    request: Any
    execution: Execution


class Output(TypedDict):
    """The opened run; the request itself lies in S3."""

    run: str
    bundle: str
    profile: str
    dry_run: bool
    notify: bool
    requester: str
    started_at: str


def run_id(execution: Execution) -> str:
    """The run's id: the execution's name where it is one, else made from its start and ARN.

    The same for every retry, so that nothing is opened twice.
    """
    if keys.RUN_PATTERN.match(execution["name"]):
        return execution["name"]
    moment = execution["started_at"][:19].replace("-", "").replace(":", "")
    return f"{moment}Z-{hashlib.sha256(execution['id'].encode()).hexdigest()[:6]}"


def rfc3339(moment: str) -> str:
    """A moment as every line of ours writes it: UTC, whole seconds, Z."""
    return dt.datetime.fromisoformat(moment).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def run(event: Input, data: Bucket, default_regions: list[str]) -> Output:
    """Check the request against schema, catalog and regions, and write the completed one to S3."""
    request = complete_request(event["request"], default_regions)
    digest = current_bundle(data)
    profiles = read_catalog(data, digest)["profiles"]
    request["checks"] = resolve_checks(request["checks"], profile_in(profiles, request["profile"]))
    execution = event["execution"]
    output: Output = {
        "run": run_id(execution),
        "bundle": digest,
        "profile": request["profile"],
        "dry_run": request["dry_run"],
        "notify": request["notify"],
        # Who started the execution stands in CloudTrail's StartExecution; a caller's own word would prove nothing.
        "requester": execution["id"],
        "started_at": rfc3339(execution["started_at"]),
    }
    data.put_json(keys.request(output["run"]), {**output, "request": request})
    return output


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"))
    return run(event, data, setting("REGIONS").split(","))
