"""Boto3 sessions: the function's own, and how every client of ours is configured.

Reading botocore's service models costs far more than the calls we make, so all sessions of a process share one loader.
Making sessions and clients costs more than most calls too: a session's own parts are prepared once, its clients kept.
"""

from __future__ import annotations

import copy
import functools
import os
import threading
from collections.abc import Callable
from typing import Any, TypedDict

import boto3
import botocore.loaders
import botocore.session
from botocore.config import Config
from botocore.hooks import HierarchicalEmitter

from fleetdx.answers import refuse_malformed

# Adaptive mode paces calls on the client's side after a throttle, which fixed retries do not.
CLIENT_CONFIG = Config(
    retries={"mode": "adaptive", "total_max_attempts": 5},
    connect_timeout=5,
    read_timeout=25,
    user_agent_extra="fleetdx",
)
# For a person who waits: what a fleet of many accounts left behind is read in hundreds of calls, one after the other.
PATIENT_CONFIG = CLIENT_CONFIG.merge(Config(retries={"mode": "adaptive", "total_max_attempts": 10}))
# For calls whose effect must not happen twice: after a lost answer a client of botocore would send them again.
ONCE = Config(retries={"mode": "adaptive", "total_max_attempts": 1})


@functools.lru_cache(maxsize=1)
def shared_loader() -> botocore.loaders.Loader:
    """The one loader of service models in this process."""
    session = botocore.session.Session()
    loader: botocore.loaders.Loader = session.get_component("data_loader")
    return loader


@functools.lru_cache(maxsize=1)
def _prepared_events() -> HierarchicalEmitter:
    """What every session does around its calls: botocore's own hundred handlers, and ours."""
    events = HierarchicalEmitter()
    botocore.session.Session(event_hooks=events).register("after-call", refuse_malformed)
    return events


def new_core_session(config: Config = CLIENT_CONFIG) -> botocore.session.Session:
    """A botocore session with nothing of its own but the shared loader and our client configuration."""
    core = botocore.session.Session(event_hooks=copy.copy(_prepared_events()), include_builtin_handlers=False)
    core.register_component("data_loader", shared_loader())
    core.set_default_client_config(config)
    return core


class KeepingSession(boto3.session.Session):
    """A session that makes each client once and keeps it, with its open connections; but not those of STS.

    A client paces itself after a throttle. Where several invocations share one process, as on the embedded AWS, one of
    them must not slow down how the others enter members.
    Threads may share a client, but not a session that is making one: "Multithreading or multiprocessing with clients"
    in the boto3 guide.
    """

    def __init__(self, *, config: Config = CLIENT_CONFIG, **arguments: Any) -> None:  # noqa: ANN401 - as boto3's
        super().__init__(**arguments, botocore_session=new_core_session(config))
        self._kept: dict[Any, Any] = {}
        self._making = threading.Lock()

    def client(self, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - as boto3's
        """As boto3's: the same client for the same arguments."""
        if "sts" in arguments:
            return super().client(*arguments, **named)
        wanted = (arguments, frozenset(named.items()))
        with self._making:
            if wanted not in self._kept:
                self._kept[wanted] = super().client(*arguments, **named)
            return self._kept[wanted]


class SessionKeys(TypedDict):
    """Keys as boto3's session takes them; the token of long-lived ones is None."""

    aws_access_key_id: str
    aws_secret_access_key: str
    aws_session_token: str | None


SessionOf = Callable[[SessionKeys, str], boto3.session.Session]
"""Makes a session from keys and a region."""


def session_of(keys: SessionKeys, region: str) -> boto3.session.Session:
    """A session with keys, at the endpoints of AWS, or where the environment says."""
    return KeepingSession(**keys, region_name=region)


@functools.lru_cache(maxsize=64)
def _session_for(_access_key: str, region: str) -> boto3.session.Session:
    return KeepingSession(region_name=region)


def own_session() -> boto3.session.Session:
    """The session of whoever runs this: in Lambda the function's execution role, from its environment.

    Kept from one invocation to the next, as long as the environment's identity and region stay the same.
    """
    environment = os.environ
    return _session_for(environment.get("AWS_ACCESS_KEY_ID", ""), environment.get("AWS_REGION", ""))
