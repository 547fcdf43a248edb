"""Coverage requests: refused with a pointer to the fault before anything is called, or completed. Pure."""

from __future__ import annotations

import functools
import hashlib
import json
from typing import TYPE_CHECKING, Any, TypedDict

from fleetdx.requests import check_regions, check_schema
from fleetdx.validation import schema_named, validator_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jsonschema.protocols import Validator


class CoverageRequest(TypedDict):
    """A request with every default filled in; see fleetdx/schemas/coverage_request.schema.json."""

    scope: dict[str, Any]
    regions: list[str]
    mend: bool
    notify: bool


@functools.lru_cache(maxsize=1)
def coverage_request_schema() -> dict[str, Any]:
    """The JSON Schema of a coverage request (draft 2020-12)."""
    return schema_named("coverage_request")


@functools.lru_cache(maxsize=1)
def _validator() -> Validator:
    return validator_of(coverage_request_schema())


def complete_coverage_request(
    document: Any,  # noqa: ANN401 - parsed JSON, until the schema has seen it
    default_regions: Iterable[str] = (),
) -> CoverageRequest:
    """Check a request and fill in its defaults.

    Args:
        document: What was parsed from JSON.
        default_regions: Where to look when the request names no region.

    Raises:
        InvalidRequest: With the JSON pointer of the first fault, in the order of the document.
    """
    check_schema(document, _validator())
    request: CoverageRequest = {
        "scope": document["scope"],
        "regions": list(document.get("regions", default_regions)),
        "mend": document.get("mend", False),
        "notify": document.get("notify", True),
    }
    check_regions(request["regions"], is_given="regions" in document)
    return request


def view_of(request: CoverageRequest) -> str:
    """A short name for what a sweep looks at: only sweeps of the same scope and regions are compared."""
    scope = {kind: sorted(value) if isinstance(value, list) else value for kind, value in request["scope"].items()}
    looked_at = json.dumps([scope, sorted(request["regions"])], sort_keys=True)
    return hashlib.sha256(looked_at.encode()).hexdigest()[:16]
