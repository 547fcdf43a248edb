"""Seam in how service models are read: once for everybody in this process.

botocore's loader is not safe under threads and moto makes one of its own each time, so that with many functions
at work EC2's model (10 MB of JSON) was parsed a dozen times at once.
"""

from __future__ import annotations

import functools
import threading
from typing import TYPE_CHECKING, Any

from moto.core import utils

from emulator.seams.patching import Patches
from fleetdx.sessions import shared_loader

if TYPE_CHECKING:
    from collections.abc import Callable


def install() -> Callable[[], None]:
    """Read each model once, under a lock; the answer undoes it.

    botocore's models and moto's stay two: moto adds to some of them, for instance the HTTP status of S3's
    PreconditionFailed.
    """
    loader, patches = shared_loader(), Patches()
    patches.replace(loader, "load_service_model", _once(loader.load_service_model))
    patches.replace(utils, "_load_service_model", _once(utils._load_service_model))
    return patches.undo


@functools.cache
def _once(read: Callable[..., Any]) -> Callable[..., Any]:
    """What reads each model once in this process, by whichever embedded AWS."""
    lock, remembered = threading.RLock(), functools.cache(read)

    def read_once(*arguments: Any, **named: Any) -> Any:
        with lock:
            return remembered(*arguments, **named)

    return read_once
