"""Seam in how service models are read: once for everybody in this process.

botocore's loader is not safe under threads and moto makes one of its own for each service, so that with many functions
at work EC2's model (10 MB of JSON) was parsed a dozen times at once.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from moto.core import utils

from emulator.seams.patching import Patches
from fleetdx.sessions import shared_loader

if TYPE_CHECKING:
    from collections.abc import Callable


def install() -> Callable[[], None]:
    """Read each model once, under a lock; the answer undoes it."""
    loader, lock, patches = shared_loader(), threading.RLock(), Patches()
    read = loader.load_service_model

    def read_once(*arguments: Any, **named: Any) -> Any:
        with lock:
            return read(*arguments, **named)

    patches.replace(loader, "load_service_model", read_once)
    patches.replace(utils, "_load_service_model", read_once)
    return patches.undo
