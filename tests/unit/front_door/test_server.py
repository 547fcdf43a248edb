"""The front door serves over real HTTP: verified, counted, kept open, loopback only."""

from __future__ import annotations

import http.client
import json
import logging
import socket
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from emulator.front_door.authenticator import Authenticator
from emulator.front_door.connections import MAX_BODY_BYTES
from emulator.front_door.credentials import CredentialStore
from emulator.front_door.messages import Answer, ConnectionLost, RequestFacts
from emulator.front_door.metering import Meter
from emulator.front_door.server import FrontDoor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from emulator.front_door.messages import Interceptor

    Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


LIBRARY = boto3.Session(region_name="us-east-1")  # one: each new session reads megabytes of JSON


class EchoingAws:
    """A stand-in for the embedded AWS: answers with what it was told."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        body = environ["wsgi.input"].read()
        self.seen.append({**environ, "body": body})
        if b"break" in body:
            raise RuntimeError("broken inside")
        start_response("200 OK", [("Content-Type", "application/x-amz-json-1.1"), ("ETag", '"e"')])
        return [b'{"Parameters": ', b"[]}"]


class House:
    """A front door with its parts within reach."""

    def __init__(self) -> None:
        self.aws = EchoingAws()
        self.store = CredentialStore()
        self.meter = Meter()
        self.interceptors: list[Interceptor] = []
        self.door = FrontDoor(Authenticator(self.store), self.meter, self.interceptors, self.aws)
        self.url = self.door.start()
        self._open: list[Any] = []
        self.operator = self.store.mint_operator("111122223333", "operator")

    def client(self, service: Any) -> Any:
        config = Config(retries={"total_max_attempts": 1}, signature_version="s3v4" if service == "s3" else None)
        client = LIBRARY.client(service, endpoint_url=self.url, config=config, **self.operator.for_boto3())
        self._open.append(client)
        return client

    def connection(self) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=10)
        self._open.append(connection)
        return connection

    def close(self) -> None:
        for opened in self._open:
            opened.close()
        self.door.stop()


@pytest.fixture
def house() -> Iterator[House]:
    """A started door in front of a stand-in, stopped at the end."""
    house = House()
    yield house
    house.close()


def test_signed_call_is_passed_on_with_its_account(house: House) -> None:
    """The embedded AWS is told the account of the key, never the one a client names."""
    ssm = house.client("ssm")
    ssm.meta.events.register(
        "before-sign.ssm", lambda request, **_: request.headers.add_header("x-moto-account-id", "999999999999")
    )

    assert ssm.describe_parameters()["Parameters"] == []
    assert house.aws.seen[0]["HTTP_X_MOTO_ACCOUNT_ID"] == "111122223333"


def test_calls_and_bytes_are_counted(house: House) -> None:
    """Each admitted call counts under service and operation, refused ones apart; a reset forgets."""
    house.client("ssm").describe_parameters()
    house.client("ssm").describe_parameters()
    connection = house.connection()
    connection.request("GET", "/data/x")
    assert connection.getresponse().status == 403

    snapshot = house.meter.snapshot()
    assert snapshot["control_plane"] == {"ssm:DescribeParameters": {"calls": 2, "bytes_in": 4, "bytes_out": 36}}
    assert snapshot["refused"] == {"s3:AccessDenied": 1}
    assert snapshot["totals"]["calls"] == 2
    house.meter.reset()
    assert house.meter.snapshot()["totals"]["calls"] == 0


def test_host_traffic_is_counted_apart(house: House) -> None:
    """A presigned URL counts as a host's call."""
    url = house.client("s3").generate_presigned_url("get_object", Params={"Bucket": "data", "Key": "x"})
    connection = house.connection()
    connection.request("GET", url.removeprefix(house.url))
    assert connection.getresponse().status == 200

    snapshot = house.meter.snapshot()
    assert snapshot["hosts"].keys() == {"s3:GetObject"}
    assert snapshot["control_plane"] == {}


def test_interceptor_answers_instead(house: House) -> None:
    """An interceptor that does not let the next one answer ends the request; it knows operation and caller."""
    seen: list[RequestFacts] = []

    def throttle(facts: RequestFacts, _serve: Callable[[], Answer]) -> Answer:
        seen.append(facts)
        return Answer(400, (), json.dumps({"__type": "ThrottlingException", "message": "slow down"}).encode())

    house.interceptors.extend([lambda _, serve: serve(), throttle])

    with pytest.raises(ClientError, match="ThrottlingException"):
        house.client("ssm").describe_parameters()
    assert seen[0].name == "ssm:DescribeParameters"
    assert seen[0].caller == house.operator.principal
    assert house.aws.seen == []


def test_a_lost_connection_ends_without_an_answer(house: House) -> None:
    """A client sees its connection close; the call counts, and the door serves on."""

    def hang_up(_facts: RequestFacts, serve: Callable[[], Answer]) -> Answer:
        serve()
        raise ConnectionLost

    house.interceptors.append(hang_up)
    with pytest.raises(ConnectionClosedError):
        house.client("ssm").describe_parameters()
    house.interceptors.clear()
    house.client("ssm").describe_parameters()
    assert len(house.aws.seen) == 2
    assert house.meter.snapshot()["control_plane"]["ssm:DescribeParameters"]["calls"] == 2


def test_refusals_are_in_the_words_of_the_service(house: House) -> None:
    """boto3 understands a refusal of every protocol."""
    house.operator = CredentialStore().mint_operator("111122223333", "stranger")
    expected = {
        "s3": ("list_buckets", "InvalidAccessKeyId", 403),
        "sts": ("get_caller_identity", "InvalidClientTokenId", 403),
        "ec2": ("describe_instances", "AuthFailure", 401),
        "ssm": ("describe_parameters", "UnrecognizedClientException", 400),
        "lambda": ("list_functions", "UnrecognizedClientException", 400),
    }
    for service, (call, code, status) in expected.items():
        with pytest.raises(ClientError) as caught:
            getattr(house.client(service), call)()
        assert caught.value.response["Error"]["Code"] == code
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


def test_connection_stays_open(house: House) -> None:
    """Many requests travel over one connection, refused or not."""
    connection = house.connection()
    connection.connect()
    ours = connection.sock.getsockname()
    for body in (b"x" * 10, b"", b"y" * 100_000):
        connection.request("PUT", "/data/x", body=body)
        response = connection.getresponse()
        response.read()
        assert response.status == 403
        assert connection.sock.getsockname() == ours


def test_chunked_body_is_read_whole(house: House) -> None:
    """A body in chunks does not leak into the next request of its connection."""
    connection = house.connection()
    for _ in range(2):
        connection.request("PUT", "/data/x", body=iter([b"GET / HTTP/1.1\r\n", b"\r\n"]), encode_chunked=True)
        response = connection.getresponse()
        response.read()
        assert response.status == 403
    assert house.meter.snapshot()["refused"] == {"s3:AccessDenied": 2}


@pytest.mark.parametrize("length", [str(MAX_BODY_BYTES + 1), "-1", "ten"])
def test_impossible_length_closes_the_connection(house: House, length: str) -> None:
    """A body too large, or of no length, is answered without reading it, and the connection ends."""
    connection = house.connection()
    connection.putrequest("PUT", "/data/x")
    connection.putheader("Content-Length", length)
    connection.endheaders()
    response = connection.getresponse()

    assert response.status == 413
    assert response.getheader("Connection") == "close"


def test_failure_inside_is_an_answer(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """A failure of the embedded AWS is answered with 500 and told in the log; the door serves on."""
    with caplog.at_level(logging.ERROR), pytest.raises(ClientError, match="500"):
        house.client("ssm").put_parameter(Name="break", Value="x")

    assert "broken inside" in caplog.text
    assert house.client("ssm").describe_parameters()["Parameters"] == []


def test_nothing_of_a_request_is_printed(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    """A presigned URL stands in no log."""
    url = house.client("s3").generate_presigned_url("get_object", Params={"Bucket": "data", "Key": "x"})
    connection = house.connection()
    connection.request("GET", url.removeprefix(house.url))
    connection.getresponse().read()

    assert capfd.readouterr() == ("", "")


def test_door_listens_on_loopback_only(house: House) -> None:
    """The bound address is 127.0.0.1."""
    assert urlsplit(house.url).hostname == "127.0.0.1"
    port = urlsplit(house.url).port
    with socket.socket() as probe, pytest.raises(OSError, match="refused"):
        probe.connect(("127.0.0.2", port))


def test_taken_port_is_an_error_not_an_exit(house: House) -> None:
    """A second door on the same port raises OSError."""
    second = FrontDoor(Authenticator(house.store), Meter(), application=house.aws)
    with pytest.raises(OSError, match="in use"):
        second.start(urlsplit(house.url).port or 0)
    second.stop()


def test_stopped_door_closes_open_connections(house: House) -> None:
    """After a stop nobody is served, not even over a connection that was open; its threads end."""
    connection = house.connection()
    connection.request("GET", "/data/x")
    connection.getresponse().read()
    before = threading.active_count()

    house.door.stop()

    connection.auto_open = 0

    def ask_again() -> None:
        connection.request("GET", "/data/x")
        connection.getresponse()

    with pytest.raises((ConnectionError, http.client.HTTPException)):
        ask_again()
    assert threading.active_count() < before


def test_door_can_be_started_again(house: House) -> None:
    """Stopping twice is harmless, and a new start serves at a new URL."""
    house.door.stop()
    house.door.stop()
    house.url = house.door.start()

    assert house.client("ssm").describe_parameters()["Parameters"] == []
