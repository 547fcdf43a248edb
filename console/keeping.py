"""Keeps the histories of runs that were started from the console, as the command line does of those it has followed.

Step Functions forgets an execution after 90 days, the embedded AWS when it ends.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from fleetdx.cli import runs
from fleetdx.cli.outputs import keep_histories
from fleetdx.errors import FleetdxError

if TYPE_CHECKING:
    from fleetdx.cli.deployments import Deployment
    from fleetdx.cli.runs import Run

SECONDS_BETWEEN_LOOKS: Final = 5.0
log = logging.getLogger("fleetdx.console")


def keep_at_end(deployment: Deployment, run: Run, pause: float = SECONDS_BETWEEN_LOOKS) -> threading.Thread:
    """Wait for a run's end in the background, and keep its histories then; the end of the console ends it too."""
    thread = threading.Thread(target=_keep, args=(deployment, run, pause), name=f"keep-{run.id}", daemon=True)
    thread.start()
    return thread


def _keep(deployment: Deployment, run: Run, pause: float) -> None:
    try:
        while runs.status(deployment, run)["status"] == runs.RUNNING:
            time.sleep(pause)
        for _ in keep_histories(deployment, run):
            pass
    except (ClientError, BotoCoreError, FleetdxError) as error:
        log.warning("The histories of run %s are not kept: %s", run.id, error)
