"""Boto3 sessions: the function's own, and how every client of ours is configured.

Reading botocore's service models costs far more than the calls we make, so all sessions of a process share one loader.
"""

from __future__ import annotations

import functools
import os
from typing import TYPE_CHECKING

import boto3
import botocore.loaders
import botocore.session
from botocore.config import Config

from fleetdx.answers import refuse_malformed

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

# Adaptive mode paces calls on the client's side after a throttle, which fixed retries do not.
CLIENT_CONFIG = Config(
    retries={"mode": "adaptive", "total_max_attempts": 5},
    connect_timeout=5,
    read_timeout=25,
    user_agent_extra="fleetdx",
)
# For calls whose effect must not happen twice: after a lost answer a client of botocore would send them again.
ONCE = Config(retries={"mode": "adaptive", "total_max_attempts": 1})


@functools.lru_cache(maxsize=1)
def shared_loader() -> botocore.loaders.Loader:
    """The one loader of service models in this process."""
    session = botocore.session.Session()
    loader: botocore.loaders.Loader = session.get_component("data_loader")
    return loader


def new_core_session() -> botocore.session.Session:
    """A botocore session with nothing of its own but the shared loader and our client configuration."""
    core = botocore.session.Session()
    core.register_component("data_loader", shared_loader())
    core.set_default_client_config(CLIENT_CONFIG)
    core.register("after-call", refuse_malformed)
    return core


@functools.lru_cache(maxsize=64)
def _s3_of(session: boto3.session.Session) -> S3Client:
    return session.client("s3")


@functools.lru_cache(maxsize=64)
def _session_for(_access_key: str, region: str) -> boto3.session.Session:
    return boto3.session.Session(botocore_session=new_core_session(), region_name=region)


def own_session() -> boto3.session.Session:
    """The session of whoever runs this: in Lambda the function's execution role, from its environment.

    Kept from one invocation to the next, as long as the environment's identity and region stay the same.
    """
    environment = os.environ
    return _session_for(environment.get("AWS_ACCESS_KEY_ID", ""), environment.get("AWS_REGION", ""))


def own_s3() -> S3Client:
    """The S3 client of the own session, kept as long as that: to make one takes longer than the calls of an invocation.

    Only S3's. A client paces itself after a throttle, and where several invocations share one process, as on the
    embedded AWS, one of them must not slow down the others' calls to STS and to members.
    """
    return _s3_of(own_session())
