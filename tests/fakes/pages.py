"""A paginator over answers that are already there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Pages(NamedTuple):
    """What get_paginator returns: `paginate` hands its arguments to a function that makes the pages."""

    make: Callable[..., Iterable[dict[str, Any]]]

    def paginate(self, **arguments: Any) -> Iterable[dict[str, Any]]:
        """The pages for these arguments."""
        return self.make(**arguments)


def split(entries: list[Any], size: int) -> list[list[Any]]:
    """Entries in pages of a size; one empty page where there are none."""
    return [entries[start : start + size] for start in range(0, len(entries), size)] or [[]]
