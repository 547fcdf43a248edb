"""Real botocore errors, as a client raises them."""

from __future__ import annotations

from botocore.exceptions import ClientError


def client_error(code: str, operation: str, status: int = 400, message: str = "made up") -> ClientError:
    """A ClientError with AWS's code, the HTTP status and a text."""
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
        operation,
    )
