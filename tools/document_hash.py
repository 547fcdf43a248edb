"""The SSM document that a release installs, and the SHA-256 by which its commands pin it.

Systems Manager's hash of a document is the SHA-256 of its text. The text is CloudFormation's rendering of the
template's Content as JSON: what is in it is known here, how it is spelled is AWS's. So a text that AWS has rendered is
compared value by value with what was released, and hashed; docs/adr/0018 says why.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fleetdx.deployment.failures import DocumentNotReleased
from tools.sources import template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TEMPLATE = "member_region.yaml"
_VARIABLE = re.compile(r"\$\{([A-Za-z0-9]+)\}")


def document_content(parameters: Mapping[str, str]) -> dict[str, Any]:
    """What is in the document of a stack with these parameters.

    Args:
        parameters: Of templates/member_region.yaml, by name; the defaults of the others hold.

    Raises:
        KeyError: A parameter that the document needs is neither given nor has a default.
    """
    source = template(TEMPLATE)
    defaults = {name: fields["Default"] for name, fields in source["Parameters"].items() if "Default" in fields}
    content = source["Resources"]["ScanDocument"]["Properties"]["Content"]
    resolved: dict[str, Any] = _resolved(content, {**defaults, **parameters}, source["Mappings"])
    return resolved


def document_text(content: Mapping[str, Any]) -> str:
    """The text as CloudFormation's resource handler writes it: JSON without blanks, in the template's order.

    Source: `processDocumentContent` of aws-cloudformation-resource-providers-ssm, which writes a mapping with Jackson.
    """
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def sha256_of(text: str) -> str:
    """What Systems Manager calls the Hash of a document with this text."""
    return hashlib.sha256(text.encode()).hexdigest()


def expected_hash(parameters: Mapping[str, str]) -> str:
    """The hash of the document of a stack with these parameters, where AWS spells it as `document_text` does."""
    return sha256_of(document_text(document_content(parameters)))


def hash_of_rendered(text: str, parameters: Mapping[str, str]) -> str:
    """The hash of a text that AWS has rendered, once everything in it is what was released.

    Raises:
        DocumentNotReleased: It is not JSON, or something in it differs.
    """
    try:
        rendered = json.loads(text)
    except ValueError as error:
        raise DocumentNotReleased(f"the text is not JSON: {error}") from None
    different = next(_differences(document_content(parameters), rendered, ""), None)
    if different is not None:
        raise DocumentNotReleased(f"{different or '/'} is not what was released")
    return sha256_of(text)


def _resolved(value: Any, parameters: Mapping[str, str], mappings: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_resolved(item, parameters, mappings) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Ref"}:
        return parameters[value["Ref"]]
    if set(value) == {"Fn::Sub"}:
        return _VARIABLE.sub(lambda match: parameters[match.group(1)], value["Fn::Sub"])
    if set(value) == {"Fn::FindInMap"}:
        mapping, first, second = value["Fn::FindInMap"]
        return mappings[mapping][first][second]
    return {name: _resolved(item, parameters, mappings) for name, item in value.items()}


def _differences(released: Any, rendered: Any, pointer: str) -> Iterator[str]:
    """JSON pointers of what differs. CloudFormation may write a number as text, and means the same by it."""
    if isinstance(released, dict) and isinstance(rendered, dict):
        for name in sorted(set(released) ^ set(rendered)):
            yield f"{pointer}/{name}"
        for name in sorted(set(released) & set(rendered)):
            yield from _differences(released[name], rendered[name], f"{pointer}/{name}")
    elif isinstance(released, list) and isinstance(rendered, list) and len(released) == len(rendered):
        for number, (one, other) in enumerate(zip(released, rendered, strict=True)):
            yield from _differences(one, other, f"{pointer}/{number}")
    elif released != rendered and not (type(released) is int and rendered == str(released)):
        yield pointer


def main(arguments: list[str] | None = None) -> int:
    """Print the hash for the central stack's parameter DocumentHashes; 1 where a text is not what was released."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument(
        "--parameter", action="append", default=[], metavar="NAME=VALUE", help=f"a parameter of the stack of {TEMPLATE}"
    )
    parser.add_argument(
        "--text", type=Path, metavar="FILE", help="what GetDocument gives as Content for a document of that stack"
    )
    options = parser.parse_args(arguments)
    parameters = dict(pair.split("=", 1) for pair in options.parameter)
    if options.text is None:
        print(expected_hash(parameters))
        return 0
    try:
        print(hash_of_rendered(options.text.read_bytes().decode(), parameters))
    except DocumentNotReleased as refusal:
        print(f"document_hash: {refusal}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
