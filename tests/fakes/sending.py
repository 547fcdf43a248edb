"""A batch that is about to be sent, as SendCommand meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fleetdx.signing import UploadForm
from fleetdx.ssm import ScanDocument
from functions.send_command import handler
from tests.fakes.runs import TARGET, batch_state, open_run, store_inventory
from tests.fakes.s3 import bucket

if TYPE_CHECKING:
    from tests.fakes.ssm import FakeSsm

EVENT: dict[str, Any] = {**TARGET, "batch": batch_state(1, 0, 1)}
SENDING = handler.Sending(ScanDocument("fleetdx-scan", ("f" * 64,)))
SIGNED = handler.Signatures("X-Amz-Signature=secret", UploadForm("cG9saWN5", "secret", "credential", "date", "token"))


class Signer:
    """Counts how often it signs."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> handler.Signatures:
        """Sign once more."""
        self.times += 1
        return SIGNED


def prepared(number: int = 51, **changes: Any) -> Any:
    """A bucket with an opened run and so many instances to scan."""
    data = bucket()
    open_run(data, **changes)
    store_inventory(data, number)
    return data


def send(
    data: Any, client: FakeSsm, sign: Any = None, event: dict[str, Any] = EVENT, sending: handler.Sending = SENDING
) -> Any:
    """Run the function."""
    return handler.run(event, data, client, sending, sign or Signer())  # type: ignore[arg-type]
