"""What the console answers where it does not do what was asked: a status, a name, one sentence, maybe a place."""

from __future__ import annotations

from typing import Any


class Problem(Exception):
    """An answer that is no success; never one of the server's own faults.

    Attributes:
        status: The HTTP status, 400 to 499, or 502 where AWS refused or did not answer.
        name: A name in CamelCase that a page can tell apart; of what AWS refused, AWS's own.
        message: One sentence for a person.
        pointer: JSON pointer of the fault in the request's body, where it has one.
    """

    def __init__(self, status: int, name: str, message: str, pointer: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.name = name
        self.message = message
        self.pointer = pointer

    @property
    def document(self) -> dict[str, Any]:
        """The answer's body."""
        told = {"name": self.name, "message": self.message}
        return {"error": told if self.pointer is None else {**told, "pointer": self.pointer}}


def not_found(what: str) -> Problem:
    """The answer where something is not there, in the same words wherever it is asked for."""
    return Problem(404, "NotFound", f"{what} is not here.")
