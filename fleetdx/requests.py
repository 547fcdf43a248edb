"""Scan requests: refused with a pointer to the fault before anything is called, or completed with their defaults.

Pure: used by the command line before it starts an execution and by ValidateRequest for executions started elsewhere.
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any, TypedDict

from fleetdx.canary import Canary
from fleetdx.delivery import RequestedDelivery
from fleetdx.errors import InvalidRequest
from fleetdx.export_files import Export
from fleetdx.inventory import BATCH_SIZE
from fleetdx.sessions import own_session
from fleetdx.validation import first_fault, schema_named, validator_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jsonschema.protocols import Validator

    from fleetdx.models import CatalogProfile

MAXIMUM_REQUEST_BYTES = 32_768
SIGNATURE_SECONDS = 3_600
"""How long a signature of ours lives: role chaining ends sessions after one hour."""
STEP_MARGIN_SECONDS = 300
"""What the steps Fetch, Verify and Send may take beside Run; templates/member_region.yaml sets their limits."""
TOO_DEEP = "it is nested too deeply to be read"
INTEGERS = ("max_attempts", "execution_timeout_seconds", "delivery_timeout_seconds")
PARTITIONS = ("aws", "aws-cn", "aws-us-gov")


class ScanRequest(TypedDict):
    """A request with every default filled in."""

    scope: dict[str, Any]
    regions: list[str]
    tags: dict[str, list[str]]
    profile: str
    checks: list[str]
    delivery: RequestedDelivery
    max_attempts: int
    max_concurrency: str
    max_errors: str
    execution_timeout_seconds: int
    delivery_timeout_seconds: int
    exports: list[Export]
    notify: bool
    dry_run: bool
    force: bool
    canary: Canary | None
    ignore_windows: bool


@functools.lru_cache(maxsize=1)
def request_schema() -> dict[str, Any]:
    """The JSON Schema of a scan request (draft 2020-12)."""
    return schema_named("scan_request")


@functools.lru_cache(maxsize=1)
def request_validator() -> Validator:
    """The validator of a scan request."""
    return validator_of(request_schema())


@functools.lru_cache(maxsize=1)
def known_regions() -> frozenset[str]:
    """Every region that botocore knows EC2 in, of the partitions fleetdx runs in."""
    session = own_session()
    return frozenset(name for partition in PARTITIONS for name in session.get_available_regions("ec2", partition))


def parse_request(text: bytes) -> Any:  # noqa: ANN401 - not validated yet
    """Read a request from a file or standard input.

    Raises:
        InvalidRequest: It is too large or not JSON; the pointer is that of the whole document.
    """
    if len(text) > MAXIMUM_REQUEST_BYTES:
        raise InvalidRequest("", f"the request has {len(text):,} bytes; at most {MAXIMUM_REQUEST_BYTES:,} are read")
    try:
        return json.loads(text)
    except ValueError as error:
        raise InvalidRequest("", f"not JSON: {error}") from None
    except RecursionError:
        raise InvalidRequest("", TOO_DEEP) from None


def complete_request(document: Any, default_regions: Iterable[str] = ()) -> ScanRequest:  # noqa: ANN401 - unvalidated
    """Check a request and fill in its defaults.

    Args:
        document: What was parsed from JSON.
        default_regions: Where to look when the request names no region.

    Raises:
        InvalidRequest: With the JSON pointer of the first fault, in the order of the document.
    """
    check_schema(document, request_validator())
    request: dict[str, Any] = {name: field.get("default") for name, field in request_schema()["properties"].items()}
    request |= {"tags": {}, "checks": [], "regions": _regions(document, default_regions)}
    request |= {name: value for name, value in document.items() if name != "regions"}
    # JSON Schema calls 600.0 an integer; SSM does not.
    request |= {name: int(request[name]) for name in INTEGERS}
    request["exports"] = list(request["exports"])
    request["canary"] = _canary(document.get("canary"))
    _check_regions(document, request["regions"])
    _check_time_limits(request)
    return request  # type: ignore[return-value]  # the schema has just proved it


def check_schema(document: Any, validator: Validator) -> None:  # noqa: ANN401 - unvalidated
    """Refuse a request of any kind that is too large or breaks its schema.

    Raises:
        InvalidRequest: With the JSON pointer of the first fault, in the order of the document.
    """
    try:
        _check_size(document)
        fault = first_fault(validator, document)
    except RecursionError:
        raise InvalidRequest("", TOO_DEEP) from None
    if fault is not None:
        raise InvalidRequest(*fault)


def _check_size(document: Any) -> None:  # noqa: ANN401 - unvalidated
    try:
        size = len(json.dumps(document, default=str, ensure_ascii=False).encode())
    except UnicodeEncodeError:
        raise InvalidRequest("", "it holds half a character (a lone surrogate), which is not Unicode text") from None
    if size > MAXIMUM_REQUEST_BYTES:
        raise InvalidRequest("", f"the request has {size:,} bytes; at most {MAXIMUM_REQUEST_BYTES:,} are read")


def _canary(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if given is None:
        return None
    fields = request_schema()["properties"]["canary"]["properties"]
    numbers = {name: int(given.get(name, fields[name]["default"])) for name in ("instances", "max_failures")}
    return {"targets": list(given["targets"]), **numbers}


def _regions(document: Mapping[str, Any], default_regions: Iterable[str]) -> list[str]:
    if "regions" in document:
        return list(document["regions"])
    instances = document["scope"].get("instances")
    if instances:
        return sorted({name.split("/")[1] for name in instances})
    return list(default_regions)


def _check_regions(document: Mapping[str, Any], regions: list[str]) -> None:
    named = document["scope"].get("instances", [])
    for number, name in enumerate(named):
        _check_region(f"/scope/instances/{number}", name.split("/")[1])
    check_regions(regions, is_given="regions" in document)
    for number, name in enumerate(named):
        if name.split("/")[1] not in regions:
            raise InvalidRequest(f"/scope/instances/{number}", f"{name} lies outside the regions of this request")


def check_regions(regions: list[str], *, is_given: bool) -> None:
    """Refuse a request that means no region, or one that AWS does not have.

    Args:
        regions: What the request means.
        is_given: Whether the request itself names them; else the stack does.

    Raises:
        InvalidRequest: With the JSON pointer of the fault.
    """
    if not regions:
        raise InvalidRequest("/regions", "no region is given and the stack names none; give at least one")
    for number, region in enumerate(regions):
        _check_region(f"/regions/{number}" if is_given else "/regions", region)


def _check_region(place: str, region: str) -> None:
    if region not in known_regions():
        raise InvalidRequest(place, f"{region} is not a region of AWS")


def command_seconds(request: Mapping[str, Any], instances: int = BATCH_SIZE) -> int:
    """How long one command may take at most, in seconds: to reach its hosts, and its waves one after the other.

    SSM's MaxConcurrency lets so many hosts work at a time; the signatures must outlive the last of them.
    """
    limit: str = request["max_concurrency"]
    at_a_time = max(1, instances * int(limit[:-1]) // 100) if limit.endswith("%") else int(limit)
    waves = -(-instances // at_a_time)
    seconds: int = request["execution_timeout_seconds"] * waves + STEP_MARGIN_SECONDS
    return seconds + int(request["delivery_timeout_seconds"])


def _check_time_limits(request: Mapping[str, Any]) -> None:
    seconds = command_seconds(request)
    if seconds > SIGNATURE_SECONDS:
        raise InvalidRequest(
            "/execution_timeout_seconds",
            f"delivery_timeout_seconds, execution_timeout_seconds for each wave of max_concurrency hosts out of "
            f"{BATCH_SIZE}, and {STEP_MARGIN_SECONDS} s for the other steps add up to {seconds:,} s; signatures live "
            f"{SIGNATURE_SECONDS:,} s",
        )


def profile_in(profiles: Mapping[str, CatalogProfile], name: str) -> CatalogProfile:
    """A profile of the catalog by its name.

    Raises:
        InvalidRequest: The bundle has no such profile.
    """
    if name not in profiles:
        raise InvalidRequest("/profile", f"{name} is unknown; known are {', '.join(sorted(profiles))}")
    return profiles[name]


def resolve_checks(wanted: Iterable[str], profile: CatalogProfile) -> list[str]:
    """The check names behind a selection of items and checks, in the profile's order; empty means all.

    Raises:
        InvalidRequest: The profile knows no such item or check.
    """
    of_item = {entry["item"]: entry["checks"] for entry in profile["items"]}
    chosen: set[str] = set()
    for number, name in enumerate(wanted):
        if name in profile["checks"]:
            chosen.add(name)
        elif name in of_item:
            chosen.update(of_item[name])
        else:
            raise InvalidRequest(f"/checks/{number}", f"{name} is neither an item nor a check of this profile")
    return [name for name in profile["checks"] if name in chosen]
