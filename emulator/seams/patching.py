"""How a seam replaces parts of moto and puts them back."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any
from unittest import mock


class Patches:
    """A set of replaced attributes that is undone as one."""

    def __init__(self) -> None:
        self._stack = ExitStack()

    def replace(self, owner: Any, name: str, value: Any) -> None:
        """Replace an attribute that must exist: a moto upgrade that renames it fails here, not silently later."""
        self._stack.enter_context(mock.patch.object(owner, name, value))

    def add(self, owner: Any, name: str, value: Any) -> None:
        """Add an attribute that moto lacks."""
        self._stack.enter_context(mock.patch.object(owner, name, value, create=True))

    def undo(self) -> None:
        """Put everything back."""
        self._stack.close()
