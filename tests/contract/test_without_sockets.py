"""The short way into an embedded AWS gives what the way over a connection gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, get_args

import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from emulator.endpoint import session_with
from emulator.faults.rules import CallFault, Rule
from emulator.front_door.authenticator import Authenticator
from emulator.seams.clients import CallerDied
from tests.contract.small_cloud import CENTRAL, REGION, SmallCloud, small_cloud
from tests.without_sockets import without_sockets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from emulator.front_door.server import FrontDoor

BUCKET = "two-ways"
OF_ITS_MOMENT = {"date", "x-amzn-requestid", "x-amz-request-id", "x-amz-id-2", "server", "connection", "last-modified"}
ONCE = Config(retries={"mode": "standard", "total_max_attempts": 1})
CALLS: dict[str, Callable[[Any], Any]] = {
    "body": lambda client: client("s3").get_object(Bucket=BUCKET, Key="a b/ü+%.txt")["Body"].read(),
    "compressed body": lambda client: client("s3").get_object(Bucket=BUCKET, Key="packed")["Body"].read(),
    "range": lambda client: client("s3").get_object(Bucket=BUCKET, Key="packed", Range="bytes=1-3")["Body"].read(),
    "head": lambda client: client("s3").head_object(Bucket=BUCKET, Key="packed"),
    "absent": lambda client: client("s3").get_object(Bucket=BUCKET, Key="absent"),
    "absent head": lambda client: client("s3").head_object(Bucket=BUCKET, Key="absent"),
    "list": lambda client: client("s3").list_objects_v2(Bucket=BUCKET, Prefix="a b/"),
    "put": lambda client: client("s3").put_object(Bucket=BUCKET, Key="new", Body=b"new", Metadata={"a_b": "c"}),
    "metadata": lambda client: client("s3").head_object(Bucket=BUCKET, Key="with_metadata")["Metadata"],
    "delete": lambda client: client("s3").delete_object(Bucket=BUCKET, Key="not there"),
    "query": lambda client: client("sts").get_caller_identity(),
    "json": lambda client: client("ssm").get_parameter(Name="/two/ways"),
    "absent parameter": lambda client: client("ssm").get_parameter(Name="/no/way"),
    "ec2": lambda client: client("ec2").describe_availability_zones(),
}


def clients(cloud: SmallCloud) -> Callable[[str], Any]:
    """Makes clients that try once, all with the same keys."""
    session = session_with(cloud.url, cloud.store.mint_operator(CENTRAL, "operator").for_boto3(), REGION)
    return lambda service: session.client(service, config=ONCE)  # type: ignore[call-overload]  # any service


def told(call: Callable[[Any], Any], client: Callable[[str], Any]) -> Any:
    """What comes of a call, without what no two calls have in common."""
    try:
        answer = call(client)
    except ClientError as error:
        answer = error.response
    except (BotoCoreError, CallerDied) as error:
        return type(error)
    if isinstance(answer, dict) and "ResponseMetadata" in answer:
        metadata = answer["ResponseMetadata"]
        headers = {name: one for name, one in metadata["HTTPHeaders"].items() if name not in OF_ITS_MOMENT}
        answer = {**answer, "ResponseMetadata": (metadata["HTTPStatusCode"], metadata["RetryAttempts"], headers)}
        answer["Error"] = {name: one for name, one in answer.get("Error", {}).items() if name != "RequestId"}
    return answer


class TwoWays(NamedTuple):
    """A cloud, clients of it, and the doors that are asked directly."""

    cloud: SmallCloud
    client: Callable[[str], Any]
    doors: dict[str, FrontDoor]

    def both(self, call: Callable[[Callable[[str], Any]], Any], fault: CallFault | None = None) -> list[Any]:
        """What comes of a call directly, and over a connection."""
        known = dict(self.doors)
        found = []
        for doors in (known, {}):
            self.doors.clear()
            self.doors.update(doors)
            if fault is not None:
                self.cloud.faults.add(Rule("s3:GetObject", fault))
            found.append(told(call, self.client))
            self.cloud.faults.clear()
        self.doors.update(known)
        return found


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoWays]:
    with without_sockets() as doors, small_cloud(tmp_path_factory.mktemp("cloud"), over_connections=True) as cloud:
        client = clients(cloud)
        s3 = client("s3")
        s3.create_bucket(Bucket=BUCKET)
        s3.put_object(Bucket=BUCKET, Key="a b/ü+%.txt", Body="Größe".encode())
        s3.put_object(Bucket=BUCKET, Key="packed", Body=b"not really packed", ContentEncoding="gzip")
        s3.put_object(Bucket=BUCKET, Key="with_metadata", Body=b"", Metadata={"a_b": "c", "d-e": "f"})
        client("ssm").put_parameter(Name="/two/ways", Value="both", Type="String")
        assert doors
        yield TwoWays(cloud, client, doors)


@pytest.mark.parametrize("name", CALLS)
def test_an_answer_does_not_depend_on_the_way(ways: TwoWays, name: str) -> None:
    """Bodies, headers, metadata and errors are the same: of every protocol, with and without a body."""
    directly, over_a_connection = ways.both(CALLS[name])
    assert directly == over_a_connection


@pytest.mark.parametrize("fault", get_args(CallFault))
def test_a_fault_does_not_depend_on_the_way(ways: TwoWays, fault: CallFault) -> None:
    """Whatever goes wrong with a call, its client hears of the same: a lost connection too, and an answer in pieces."""
    directly, over_a_connection = ways.both(CALLS["body"], fault)
    assert directly == over_a_connection


def test_what_breaks_inside_is_an_error_of_the_server(ways: TwoWays, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the embedded AWS itself does not come out in the midst of its caller."""
    monkeypatch.setattr(Authenticator, "admit", lambda _self, _request: 1 / 0)
    directly, over_a_connection = ways.both(CALLS["query"])
    assert directly == over_a_connection
    assert directly["ResponseMetadata"][0] == 500


def test_a_closed_door_is_asked_by_nobody(tmp_path: Path) -> None:
    """After its end an embedded AWS is as unreachable as over a connection."""
    with without_sockets() as doors:
        with small_cloud(tmp_path, over_connections=True) as cloud:
            client = clients(cloud)
            client("sts").get_caller_identity()
        assert doors == {}
        with pytest.raises(EndpointConnectionError):
            client("sts").get_caller_identity()
