"""Inline delivery without processes: a bundle out of a command, and a result small enough for a command's output.

The same limits, cuts and words as in templates/member_region.yaml.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import zlib
from collections.abc import Mapping
from typing import Any, Final

MOST_RESULT_BYTES: Final = 17_900
"""What fits, in base64, into the 24,000 bytes that Systems Manager keeps of a step's output."""
_MOST_BUNDLE_BYTES: Final = 4 * 1024 * 1024
_LINES_KEPT: Final = (10, 3, 1, 0)
_COMPRESSION: Final = 9
_GZIP: Final = 31

Document = Mapping[str, Any]


def unpacked(inline_bundle: str) -> bytes | None:
    """The script in a command; None where it does not unpack, or to more than 4 MiB."""
    unpacking = zlib.decompressobj(_GZIP)
    try:
        script = unpacking.decompress(base64.b64decode(inline_bundle, validate=True), _MOST_BUNDLE_BYTES + 1)
    except (binascii.Error, zlib.error):
        return None
    return script if unpacking.eof and len(script) <= _MOST_BUNDLE_BYTES else None


def fitting(document: Document, most_bytes: int = MOST_RESULT_BYTES) -> bytes:
    """A result, compressed, with no more evidence than fits; larger all the same where nothing is left to cut."""
    body = compressed(document)
    for most in _LINES_KEPT:
        if len(body) <= most_bytes:
            break
        body = compressed({**document, "results": [_cut(result, most) for result in document["results"]]})
    return body


def compressed(document: Document) -> bytes:
    """As `gzip -n -9` does it."""
    return gzip.compress(f"{json.dumps(document, ensure_ascii=False)}\n".encode(), _COMPRESSION, mtime=0)


def _cut(result: Document, most: int) -> Document:
    lines = result.get("evidence", [])
    if len(lines) <= most:
        return result
    note = f"[cut: {len(lines) - most} of {len(lines)} lines: the result came in the output of a command]"
    return {**result, "evidence": [*lines[:most], note]}
