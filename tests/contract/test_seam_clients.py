"""Faults of calls reach boto3 as AWS's own would, and what waits for them waits on the scaled clock."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from botocore.hooks import EVENT_ALIASES, EventAliaser, HierarchicalEmitter

from emulator.faults.rules import Rule
from emulator.seams.clients import CallerDied
from fleetdx.entrypoint import NO_ANSWER
from fleetdx.errors import ServiceUnavailable
from fleetdx.sessions import new_core_session
from tests.contract.small_cloud import CENTRAL, MEMBER, SmallCloud, small_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "s3": ("list_buckets", {}),
    "ec2": ("describe_instances", {}),
    "sts": ("get_caller_identity", {}),
    "ssm": ("list_commands", {}),
    "organizations": ("list_roots", {}),
    "stepfunctions": ("list_state_machines", {}),
}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCloud]:
    with small_cloud(tmp_path_factory.mktemp("cloud")) as started:
        started.client("organizations").create_organization(FeatureSet="ALL")
        yield started


@pytest.fixture(autouse=True)
def _no_rules_left(cloud: SmallCloud) -> Iterator[None]:
    yield
    cloud.faults.clear()


def call(cloud: SmallCloud, service: str) -> Any:
    operation, arguments = CALLS[service]
    return getattr(cloud.client(service), operation)(**arguments)


@pytest.mark.parametrize("service", CALLS)
def test_a_throttle_that_passes_costs_no_real_time(cloud: SmallCloud, service: str) -> None:
    """Four throttled tries and a good one: boto3 waits up to 15 s of the clock, some milliseconds of ours."""
    # The first client of a service reads its model, and moto its own: that is no waiting, and takes seconds at times.
    call(cloud, service)
    cloud.faults.add(Rule(f"{'states' if service == 'stepfunctions' else service}:*", "throttled", times=4))
    before = time.monotonic()
    call(cloud, service)
    assert time.monotonic() - before < 5
    assert [count for _, count in cloud.faults.struck()] == [4]


@pytest.mark.parametrize(
    ("service", "fault", "code"),
    [
        ("s3", "throttled", "SlowDown"),
        ("s3", "denied", "AccessDenied"),
        ("s3", "unavailable", "InternalError"),
        ("s3", "clock_skewed", "RequestTimeTooSkewed"),
        ("ec2", "throttled", "RequestLimitExceeded"),
        ("ec2", "denied", "UnauthorizedOperation"),
        ("sts", "denied", "AccessDenied"),
        ("sts", "clock_skewed", "SignatureDoesNotMatch"),
        ("ssm", "throttled", "ThrottlingException"),
        ("ssm", "denied", "AccessDeniedException"),
        ("ssm", "unavailable", "InternalServerError"),
        ("ssm", "clock_skewed", "InvalidSignatureException"),
        ("organizations", "throttled", "TooManyRequestsException"),
    ],
)
def test_each_service_fails_in_its_own_words(cloud: SmallCloud, service: str, fault: Any, code: str) -> None:
    """A fault that lasts reaches the caller under the code that the service's reference gives it."""
    cloud.faults.add(Rule(f"{service}:*", fault, times=None))
    with pytest.raises(ClientError) as caught:
        call(cloud, service)
    assert caught.value.response["Error"]["Code"] == code


@pytest.mark.parametrize("fault", ["request_lost", "answer_lost"])
def test_a_connection_that_breaks_is_no_answer(cloud: SmallCloud, fault: Any) -> None:
    """Boto3 tells a connection that closes before the answer as such."""
    cloud.faults.add(Rule("ssm:*", fault, times=None))
    with pytest.raises(ConnectionClosedError):
        call(cloud, "ssm")


@pytest.mark.parametrize("service", ["ec2", "sts", "ssm", "organizations"])
def test_a_malformed_answer_is_no_answer(cloud: SmallCloud, service: str) -> None:
    """Garbage is refused: by botocore where it is no XML or no text, by our own look where it takes JSON for empty."""
    operation = {"organizations": "describe_organization"}.get(service, CALLS[service][0])
    cloud.faults.add(Rule(f"{service}:*", "answer_malformed"))
    with pytest.raises((ServiceUnavailable, *NO_ANSWER)):
        getattr(cloud.client(service), operation)()


def test_a_list_that_is_late_is_empty_once(cloud: SmallCloud) -> None:
    """An eventually consistent list shows nothing at first and everything later."""
    cloud.faults.add(Rule("ssm:ListCommands", "not_listed_yet"))
    assert call(cloud, "ssm")["Commands"] == []
    assert [count for _, count in cloud.faults.struck()] == [1]


@pytest.mark.parametrize(("fault", "written"), [("caller_dies_before", False), ("caller_dies_after", True)])
def test_a_caller_dies_before_or_after_its_effect(cloud: SmallCloud, fault: Any, written: bool) -> None:  # noqa: FBT001
    """What ends the caller is no Exception, so no handler can catch it; the effect is there or is not."""
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket=fault.replace("_", "-"))
    cloud.faults.add(Rule("s3:PutObject", fault))
    with pytest.raises(CallerDied):
        s3.put_object(Bucket=fault.replace("_", "-"), Key="key", Body=b"body")
    assert ("Contents" in s3.list_objects_v2(Bucket=fault.replace("_", "-"))) is written
    assert not issubclass(CallerDied, Exception)


def test_events_have_the_names_that_botocore_gives_them(cloud: SmallCloud) -> None:
    """A name that was translated for one session is the same for the next, and as botocore itself translates it."""
    names = ["before-call.autoscaling.DescribeTags", "before-call.lex-runtime-service", "creating-client-class.s3"]
    events = [new_core_session().get_component("event_emitter") for _ in range(2)]
    shared = [[emitter._alias_event_name(name) for name in names] for emitter in events]
    alone: Any = EventAliaser(HierarchicalEmitter(), dict(EVENT_ALIASES))
    assert shared == [[alone._alias_event_name(name) for name in names]] * 2


def test_clients_share_what_is_nobodys_own(cloud: SmallCloud) -> None:
    """Two sessions' clients are of one class and one set of rules, and each still acts as its own session."""
    one, other = (cloud.client("sts", account) for account in (CENTRAL, MEMBER))
    assert type(one) is type(other)
    assert one._ruleset_resolver._provider.ruleset.rules is other._ruleset_resolver._provider.ruleset.rules
    assert one.meta.events is not other.meta.events


def test_a_handler_of_one_client_is_not_anothers(cloud: SmallCloud) -> None:
    """Handlers are copied from the session to each client: what one registers, another never hears of."""
    heard: list[str] = []
    one, other = (cloud.client("sts", account) for account in (CENTRAL, MEMBER))
    one.meta.events.register("before-call.sts.GetCallerIdentity", lambda **_: heard.append("one"))
    other.get_caller_identity()
    assert heard == []
    one.get_caller_identity()
    assert heard == ["one"]
