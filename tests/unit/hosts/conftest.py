"""Small folders of example hosts for the tests of this room."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DEFAULT: dict[str, Any] = {
    "schema": 1,
    "variant": "default",
    "description": "a host of a test",
    "platform_name": "Test Linux",
    "platform_version": "1",
    "image_name": "test-1",
}


@pytest.fixture
def add_host(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes one host folder and returns the folder of all hosts.

    `files` maps paths to text; a passwd and a group file are there unless the host extends another.
    """
    examples = tmp_path / "examples"

    def add(name: str, document: object = None, files: dict[str, str] | None = None, owners: str = "") -> Path:
        document = DEFAULT if document is None else document
        extends = isinstance(document, dict) and "extends" in document
        accounts = {} if extends else {"etc/passwd": "root:x:0:0::/root:/bin/sh\n", "etc/group": "root:x:0:\n"}
        for path, text in (accounts | (files or {})).items():
            target = examples / name / "files" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        (examples / name).mkdir(parents=True, exist_ok=True)
        text = document if isinstance(document, str) else json.dumps(document)
        (examples / name / "host.json").write_text(text)
        (examples / name / "owners_and_modes.txt").write_text(owners)
        return examples

    return add
