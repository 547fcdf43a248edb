"""Whether what a host sent is what it said over SSM, and the result lines that follow from it.

The digest, authenticated by SSM, carries every verdict; the object in the intake adds the evidence. Hosts of one batch
share a form, so any of them can put anything under the batch's prefix: an object that does not fit a digest is a
stray and costs no host anything. An object that fits its digest's hash but contradicts it is that host's own doing.
"""

from __future__ import annotations

import functools
import hashlib
import json
import unicodedata
import zlib
from importlib import resources
from typing import TYPE_CHECKING, Any

import jsonschema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema.protocols import Validator

    from fleetdx.digest import Digest
    from fleetdx.inventory import InventoryInstance
    from fleetdx.ledger import Place
    from fleetdx.models import CatalogProfile, ResultLine, Severity, Verdict

MAXIMUM_RESULT_BYTES = 1_000_000
MAXIMUM_EXPANDED_BYTES = 10_000_000
MAXIMUM_LINE = 500
MAXIMUM_LINES = 50
GZIP_WINDOW = 31  # zlib's "a gzip header is expected"
EVIDENCE_ABSENT = "The verdict came over SSM; its evidence was not received."


class ContradictoryResult(ValueError):
    """A host's own result does not say what its digest says; the text names the difference."""


@functools.lru_cache(maxsize=1)
def result_validator() -> Validator:
    """The validator of what scan.sh prints."""
    text = resources.files("fleetdx").joinpath("schemas/host_result.schema.json").read_text(encoding="utf-8")
    quick: type[Validator] = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
        jsonschema.Draft202012Validator, {"items": _items}
    )
    return quick(json.loads(text))


def _items(validator: Any, items: object, instance: object, schema: object) -> Iterator[jsonschema.ValidationError]:  # noqa: ANN401 - jsonschema's protocol has no descend
    # Entering each of a host's up to 2 million evidence lines takes half a minute, which would be its batch's.
    if items == {"type": "string"} and isinstance(instance, list):
        for number, line in enumerate(instance):
            if not isinstance(line, str):
                yield from validator.descend(line, items, path=number)
    else:
        yield from jsonschema.Draft202012Validator.VALIDATORS["items"](validator, items, instance, schema)


def fits(body: bytes, digest: Digest) -> bool:
    """Whether an intake object is the one that the digest names."""
    return len(body) <= MAXIMUM_RESULT_BYTES and hashlib.sha256(body).hexdigest() == digest.result


def expand(body: bytes) -> bytes:
    """Decompress a result, never to more than a limit.

    Raises:
        ContradictoryResult: It is not one whole gzip file, or expands beyond the limit.
    """
    decompressor = zlib.decompressobj(GZIP_WINDOW)
    try:
        text = decompressor.decompress(body, MAXIMUM_EXPANDED_BYTES)
    except zlib.error:
        raise ContradictoryResult("its result is not gzip") from None
    if decompressor.unconsumed_tail or not decompressor.eof:
        raise ContradictoryResult(f"its result is cut, or expands beyond {MAXIMUM_EXPANDED_BYTES:,} bytes")
    if decompressor.unused_data:
        raise ContradictoryResult("its result is more than one gzip file")
    return text


def read_result(body: bytes, digest: Digest) -> list[dict[str, Any]]:
    """The results in an object that fits its digest.

    Raises:
        ContradictoryResult: It breaks its schema, is of another profile, or tells other verdicts than the digest.
    """
    try:
        document = json.loads(expand(body))
        result_validator().validate(document)
    except (ValueError, RecursionError) as error:
        if isinstance(error, ContradictoryResult):
            raise
        raise ContradictoryResult("its result is not JSON") from None
    except jsonschema.ValidationError as error:
        # The path can hold names that the host made up.
        raise ContradictoryResult(f"its result breaks the schema at {printable(error.json_path)}") from None
    if document["profile"] != digest.profile:
        named = printable(document["profile"])
        raise ContradictoryResult(f"its result is of profile {named}, its digest of {digest.profile}")
    results: list[dict[str, Any]] = document["results"]
    told: dict[str, Verdict] = {}
    for result in results:
        if told.setdefault(result["check"], result["verdict"]) != result["verdict"]:
            raise ContradictoryResult(f"its result tells two verdicts of {result['check']}")
    if told != digest.verdicts:
        different = sorted(set(told.items()) ^ set(digest.verdicts.items()))
        raise ContradictoryResult(f"its result and its digest differ in {different[0][0]}")
    return results


def items_of_checks(profile: CatalogProfile) -> dict[str, list[tuple[str, Severity]]]:
    """Each check's items of the edition, with their importance."""
    found: dict[str, list[tuple[str, Severity]]] = {}
    for entry in profile["items"]:
        for check in entry["checks"]:
            found.setdefault(check, []).append((entry["item"], entry["importance"]))
    return found


def result_lines(
    place: Place,
    instance: InventoryInstance,
    digest: Digest,
    results: list[dict[str, Any]] | None,
    profile: CatalogProfile,
    at: str,
) -> list[ResultLine]:
    """One line a check and item: with evidence where the object was read, from the digest alone where not.

    Args:
        place: The run and account-region.
        instance: Whose results these are.
        digest: Its digest.
        results: What the object holds, or None.
        profile: The catalog's entry of the profile.
        at: Time of the lines.
    """
    told = {result["check"]: result for result in results or []}
    lines: list[ResultLine] = []
    items = items_of_checks(profile)
    for check in profile["checks"]:
        if check not in digest.verdicts:
            continue
        detail = told.get(check, {"reason": EVIDENCE_ABSENT, "evidence": [], "duration_ms": 0})
        for item, severity in items[check]:
            lines.append(
                {
                    "schema": 1,
                    "run": place.run,
                    "account": place.account,
                    "account_name": place.account_name,
                    "region": place.region,
                    "instance": instance["instance"],
                    "instance_name": instance["instance_name"],
                    "ami": instance["ami"],
                    "profile": digest.profile,
                    # Of a host that ran a part of the run's bundle, the digest names that part.
                    "bundle": place.bundle or digest.bundle,
                    "at": at,
                    "item": item,
                    "check": check,
                    "severity": severity,
                    "verdict": digest.verdicts[check],
                    "reason": printable(detail["reason"]),
                    "evidence": tidy(detail["evidence"]),
                    "duration_ms": int(detail["duration_ms"]),
                }
            )
            if "auto_scaling_group" in instance:
                lines[-1]["auto_scaling_group"] = instance["auto_scaling_group"]
    return lines


def printable(text: str) -> str:
    """One line of a host's text: control, format and line end characters replaced, cut at a limit and said so."""
    clean = "".join("\N{REPLACEMENT CHARACTER}" if _hides(c) else c for c in text[:MAXIMUM_LINE])
    return clean if len(text) <= MAXIMUM_LINE else f"{clean} [cut: {len(text):,} characters]"


def _hides(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] == "C" or category in {"Zl", "Zp"}


def tidy(evidence: list[str]) -> list[str]:
    """Evidence lines, each printable, cut at a number of lines and said so."""
    lines = [printable(line) for line in evidence[:MAXIMUM_LINES]]
    if len(evidence) > MAXIMUM_LINES:
        lines.append(f"[cut: {len(evidence):,} lines]")
    return lines
