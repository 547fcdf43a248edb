"""Contract of the STS seam with moto 5.2.5: what moto does by itself, and what it does behind the front door.

The first part pins moto's own behavior, so that an upgrade that changes it is noticed; the second part is ours.
"""

from __future__ import annotations

import functools
import json
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session
from moto import mock_aws
from moto.core.config import default_user_config

from emulator.front_door.authenticator import Authenticator
from emulator.front_door.credentials import CredentialStore, IssuedCredentials
from emulator.front_door.metering import Meter
from emulator.front_door.server import FrontDoor
from emulator.seams import sts

if TYPE_CHECKING:
    from collections.abc import Iterator

CENTRAL, MEMBER = "111122223333", "444455556666"
LIBRARY = boto3.Session(region_name="us-east-1")  # one: each new session reads megabytes of JSON
CALLING_ROLE = f"arn:aws:iam::{CENTRAL}:role/functions/scan"
MEMBER_ROLE = f"arn:aws:iam::{MEMBER}:role/fleetdx-member"
MAY_ASSUME = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::*:role/fleetdx-member"}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def trusting(principal: Any, condition: dict[str, Any] | None = None) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return document(statement if condition is None else {**statement, "Condition": condition})


class Cloud:
    """A served embedded AWS with two accounts, and boto3 clients to it."""

    def __init__(self, url: str, store: CredentialStore, sessions: sts.RoleSessions) -> None:
        self.url, self.store, self.sessions = url, store, sessions
        self.central = store.mint_operator(CENTRAL, "operator")
        self.member = store.mint_operator(MEMBER, "operator")
        self._open: list[Any] = []

    def client(self, service: Any, credentials: IssuedCredentials) -> Any:
        client = LIBRARY.client(
            service,
            endpoint_url=self.url,
            **credentials.for_boto3(),
            config=Config(parameter_validation=False),  # ranges are for STS to refuse
        )
        self._open.append(client)
        return client

    def role(self, owner: IssuedCredentials, arn: str, trust: str, *, seconds: int = 3600) -> None:
        path, _, name = arn.partition(":role")[2].rpartition("/")
        self.client("iam", owner).create_role(
            RoleName=name, Path=f"{path}/", AssumeRolePolicyDocument=trust, MaxSessionDuration=seconds
        )

    def allow(self, owner: IssuedCredentials, arn: str, *statements: dict[str, Any]) -> None:
        name = arn.rpartition("/")[2]
        self.client("iam", owner).put_role_policy(
            RoleName=name, PolicyName="inline", PolicyDocument=document(*statements)
        )

    def function(self) -> IssuedCredentials:
        """The credentials of a function in the central account that may assume the member role."""
        self.role(self.central, CALLING_ROLE, trusting({"Service": "lambda.amazonaws.com"}))
        self.allow(self.central, CALLING_ROLE, MAY_ASSUME)
        return self.sessions.mint_for_role(CALLING_ROLE, "scan")

    def assume(self, caller: IssuedCredentials, arn: str = MEMBER_ROLE, **more: Any) -> Any:
        return self.client("sts", caller).assume_role(RoleArn=arn, RoleSessionName="fleetdx-run", **more)

    def close(self) -> None:
        for client in self._open:
            client.close()


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    """An empty embedded AWS behind the front door, STS replaced."""
    with mock_aws(config={"core": {"reset_boto3_session": False}, **default_user_config}):
        pass  # resets every backend
    store = CredentialStore()
    sessions = sts.RoleSessions(store)
    uninstall = sts.install(sessions)
    door = FrontDoor(Authenticator(store), Meter())
    cloud = Cloud(door.start(), store, sessions)
    yield cloud
    cloud.close()
    door.stop()
    uninstall()


def refused(cloud: Cloud, caller: IssuedCredentials, **more: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        cloud.assume(caller, **more)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_moto_is_the_version_these_contracts_were_written_for() -> None:
    """An upgrade of moto is a decision: read this file again."""
    assert version("moto") == "5.2.5"


@mock_aws
def test_moto_alone_lets_anybody_be_anyone() -> None:
    """Moto 5.2.5 assumes a role that does not exist, for a made-up key, for a day and a second."""
    client = boto3.client("sts", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y")

    answer = client.assume_role(RoleArn=MEMBER_ROLE, RoleSessionName="xx", DurationSeconds=43_201, ExternalId="wrong")

    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{MEMBER}:assumed-role/fleetdx-member/xx"
    assert client.get_caller_identity()["Arn"].endswith("user/moto")


def test_trusted_role_is_assumed_into_its_own_account(cloud: Cloud) -> None:
    """A function that may, and is trusted, becomes the member role; its calls reach the member account only."""
    caller = cloud.function()
    cloud.role(cloud.member, MEMBER_ROLE, trusting({"AWS": CALLING_ROLE}))
    cloud.allow(cloud.member, MEMBER_ROLE, {"Effect": "Allow", "Action": "ssm:PutParameter", "Resource": "*"})

    answer = cloud.assume(caller)

    keys = answer["Credentials"]
    member = cloud.store.find(keys["AccessKeyId"])
    assert member is not None
    assert (keys["SecretAccessKey"], keys["SessionToken"]) == (member.secret_access_key, member.session_token)
    assert timedelta(minutes=59) < keys["Expiration"] - datetime.now(UTC) <= timedelta(hours=1)
    identity = cloud.client("sts", member).get_caller_identity()
    assert identity["Account"] == MEMBER
    assert (
        identity["Arn"]
        == answer["AssumedRoleUser"]["Arn"]
        == (f"arn:aws:sts::{MEMBER}:assumed-role/fleetdx-member/fleetdx-run")
    )
    assert identity["UserId"] == answer["AssumedRoleUser"]["AssumedRoleId"]
    cloud.client("ssm", member).put_parameter(Name="where", Value="member", Type="String")
    assert cloud.client("ssm", cloud.member).get_parameter(Name="where")["Parameter"]["Value"] == "member"
    assert cloud.client("ssm", cloud.central).describe_parameters()["Parameters"] == []


def test_missing_role_is_refused_like_an_untrusting_one(cloud: Cloud) -> None:
    """AWS does not tell whether a role exists."""
    caller = cloud.function()
    missing = refused(cloud, caller)
    cloud.role(cloud.member, MEMBER_ROLE, trusting({"AWS": "arn:aws:iam::777777777777:root"}))

    assert refused(cloud, caller) == missing
    caller_arn = f"arn:aws:sts::{CENTRAL}:assumed-role/scan/scan"
    message = f"User: {caller_arn} is not authorized to perform: sts:AssumeRole on resource: {MEMBER_ROLE}"
    assert missing == ("AccessDenied", message)


@pytest.mark.parametrize(
    ("more", "expected"), [({}, False), ({"ExternalId": "wrong"}, False), ({"ExternalId": "fleet"}, True)]
)
def test_external_id_must_match(cloud: Cloud, more: dict[str, Any], expected: bool) -> None:  # noqa: FBT001
    """A trust policy with an external id refuses another one and none."""
    caller = cloud.function()
    condition = {"StringEquals": {"sts:ExternalId": "fleet"}}
    cloud.role(cloud.member, MEMBER_ROLE, trusting({"AWS": f"arn:aws:iam::{CENTRAL}:root"}, condition))

    if expected:
        assert cloud.assume(caller, **more)["Credentials"]
    else:
        assert refused(cloud, caller, **more)[0] == "AccessDenied"


def test_trust_alone_does_not_cross_accounts(cloud: Cloud) -> None:
    """A caller whose own policies do not allow the call is refused, though the role trusts it."""
    cloud.role(cloud.central, CALLING_ROLE, trusting({"Service": "lambda.amazonaws.com"}))
    cloud.role(cloud.member, MEMBER_ROLE, trusting({"AWS": CALLING_ROLE}))

    assert refused(cloud, cloud.sessions.mint_for_role(CALLING_ROLE, "scan"))[0] == "AccessDenied"


def test_organization_condition_knows_the_organization(cloud: Cloud) -> None:
    """aws:PrincipalOrgID is the id of the organization that embedded Organizations has the caller in."""
    caller = cloud.function()
    organizations = cloud.client("organizations", cloud.central)
    organization = organizations.create_organization(FeatureSet="ALL")["Organization"]["Id"]
    condition = {"StringEquals": {"aws:PrincipalOrgID": organization}}
    cloud.role(cloud.member, MEMBER_ROLE, trusting({"AWS": "*"}, condition))

    assert cloud.assume(caller)["Credentials"]
    assert refused(cloud, cloud.store.mint_operator("777777777777", "stranger"))[0] == "AccessDenied"


def test_organization_of_a_member_is_its_managements(cloud: Cloud) -> None:
    """An account made by Organizations is in the organization; an account nobody made is in none."""
    organizations = cloud.client("organizations", cloud.central)
    organization = organizations.create_organization(FeatureSet="ALL")["Organization"]["Id"]
    made = organizations.create_account(AccountName="a", Email="a@example.com")["CreateAccountStatus"]["AccountId"]

    assert sts.organization_of(made) == organization
    assert sts.organization_of("777777777777") is None


@pytest.mark.parametrize(("seconds", "allowed"), [(899, False), (900, True), (3600, True), (3601, False)])
def test_chained_session_lasts_an_hour_at_most(cloud: Cloud, seconds: int, allowed: bool) -> None:  # noqa: FBT001
    """A role session that assumes a role gets 900 to 3,600 seconds, whatever the role would allow."""
    caller = cloud.function()
    cloud.role(cloud.member, MEMBER_ROLE, trusting({"AWS": CALLING_ROLE}), seconds=43_200)

    if allowed:
        assert cloud.assume(caller, DurationSeconds=seconds)["Credentials"]
    else:
        assert refused(cloud, caller, DurationSeconds=seconds)[0] == "ValidationError"


def test_operator_session_lasts_as_long_as_the_role_allows(cloud: Cloud) -> None:
    """A user may have more than an hour, up to the role's own limit."""
    cloud.role(cloud.member, MEMBER_ROLE, trusting({"AWS": CENTRAL}), seconds=7200)

    assert cloud.assume(cloud.central, DurationSeconds=7200)["Credentials"]
    assert refused(cloud, cloud.central, DurationSeconds=7201)[0] == "ValidationError"


def test_session_name_is_checked(cloud: Cloud) -> None:
    """A session name AWS would not take is refused."""
    cloud.role(cloud.member, MEMBER_ROLE, trusting({"AWS": CENTRAL}))
    with pytest.raises(ClientError, match="ValidationError"):
        cloud.client("sts", cloud.central).assume_role(RoleArn=MEMBER_ROLE, RoleSessionName="two words")


def test_function_credentials_need_a_role_that_trusts_the_service(cloud: Cloud) -> None:
    """Lambda and Step Functions take a role only when it names them."""
    cloud.role(cloud.central, CALLING_ROLE, trusting({"Service": "lambda.amazonaws.com"}))

    issued = cloud.sessions.mint_for_role(CALLING_ROLE, "scan")
    assert cloud.client("sts", issued).get_caller_identity()["Arn"] == issued.principal.arn
    with pytest.raises(sts.AssumeRoleDenied):
        cloud.sessions.mint_for_role(CALLING_ROLE, "scan", service="states.amazonaws.com")
    with pytest.raises(sts.AssumeRoleDenied):
        cloud.sessions.mint_for_role(MEMBER_ROLE, "scan")


def test_path_belongs_to_the_role(cloud: Cloud) -> None:
    """A role is found by its whole ARN, path included."""
    cloud.role(cloud.central, CALLING_ROLE, trusting({"Service": "lambda.amazonaws.com"}))
    with pytest.raises(sts.AssumeRoleDenied):
        cloud.sessions.mint_for_role(f"arn:aws:iam::{CENTRAL}:role/scan", "scan")


def test_expired_and_forged_credentials_are_refused(cloud: Cloud) -> None:
    """A token that is wrong, missing or past its time opens nothing."""
    cloud.role(cloud.central, CALLING_ROLE, trusting({"Service": "lambda.amazonaws.com"}))
    issued = cloud.sessions.mint_for_role(CALLING_ROLE, "scan")
    arguments = issued.for_boto3()
    for forged, code in (
        ({**arguments, "aws_session_token": "AAAA"}, "InvalidClientTokenId"),
        ({**arguments, "aws_session_token": None}, "InvalidClientTokenId"),
        ({**arguments, "aws_secret_access_key": "x" * 40}, "SignatureDoesNotMatch"),
    ):
        client = LIBRARY.client("sts", endpoint_url=cloud.url, **forged)
        with pytest.raises(ClientError, match=code):
            client.get_caller_identity()
        client.close()
    expired = cloud.store.mint_session(issued.principal, 0)
    with pytest.raises(ClientError, match="ExpiredToken"):
        cloud.client("sts", expired).get_caller_identity()


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("get_session_token", "AccessDenied"),
        ("get_federation_token", "AccessDenied"),
        ("assume_role_with_web_identity", "MissingAuthenticationToken"),
    ],
)
def test_other_ways_to_credentials_are_closed(cloud: Cloud, call: str, code: str) -> None:
    """Moto answers these with constants; here they are refused."""
    arguments: dict[str, dict[str, str]] = {
        "get_session_token": {},
        "get_federation_token": {"Name": "someone"},
        "assume_role_with_web_identity": {
            "RoleArn": MEMBER_ROLE,
            "RoleSessionName": "session",
            "WebIdentityToken": "token",
        },
    }
    with pytest.raises(ClientError, match=code):
        getattr(cloud.client("sts", cloud.central), call)(**arguments[call])


def test_uninstall_gives_moto_back(cloud: Cloud) -> None:
    """What the seam replaced is put back exactly."""
    from moto.sts.responses import TokenResponse  # noqa: PLC0415 - looked at while replaced

    ours = TokenResponse.assume_role
    again = sts.install(cloud.sessions)
    assert TokenResponse.assume_role is not ours
    again()
    assert TokenResponse.assume_role is ours


NAMED = "x-example-for"


def presigned(cloud: Cloud, credentials: IssuedCredentials, value: str, action: str = "GetCallerIdentity") -> str:
    """A request to STS that nobody has sent yet, signed with a header that only its sender will add."""
    asked = AWSRequest("GET", f"{cloud.url}/?Action={action}&Version=2011-06-15", headers={NAMED: value})
    keys = Credentials(credentials.access_key_id, credentials.secret_access_key, credentials.session_token)
    SigV4QueryAuth(keys, "sts", "us-east-1", expires=60).add_auth(asked)
    return str(asked.url)


def sent(url: str, **headers: str) -> tuple[int, str]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = URLLib3Session().send(AWSRequest("GET", url, headers=named).prepare())
    return answer.status_code, answer.content.decode()


def test_a_presigned_identity_names_who_signed_it(cloud: Cloud) -> None:
    """Whoever sends it, without any key: a user, or a role's session by its session's name."""
    cloud.role(cloud.member, MEMBER_ROLE, trusting({"AWS": f"arn:aws:iam::{CENTRAL}:root"}))
    client = cloud.client("sts", cloud.central)
    answer = client.assume_role(RoleArn=MEMBER_ROLE, RoleSessionName="jane")["Credentials"]
    session = cloud.store.find(answer["AccessKeyId"])
    assert session is not None
    for credentials in (cloud.central, session):
        status, body = sent(presigned(cloud, credentials, "one"), x_example_for="one")
        assert status == 200
        assert f"<Arn>{credentials.principal.arn}</Arn>" in body


def test_a_presigned_identity_is_bound_to_what_was_signed(cloud: Cloud) -> None:
    """Another value of the signed header, none, a changed query and a changed signature are refused, in STS's words."""
    url = presigned(cloud, cloud.central, "one")
    refused = [
        sent(url, x_example_for="two"),
        sent(url),
        sent(url.replace("Expires=60", "Expires=61"), x_example_for="one"),
        sent(url[:-1] + ("0" if url[-1] != "0" else "1"), x_example_for="one"),
    ]
    assert [(status, "<Code>SignatureDoesNotMatch</Code>" in body) for status, body in refused] == [(403, True)] * 4


def test_a_presigned_identity_lives_fifteen_minutes_whatever_it_says(cloud: Cloud) -> None:
    """STS takes no notice of X-Amz-Expires; who believes such a request has to look at its date."""
    url = presigned(cloud, cloud.central, "one")
    clock = cloud.store.clock
    try:
        for minutes, status in ((14, 200), (16, 403)):
            later = clock() + timedelta(minutes=minutes)
            cloud.store.clock = functools.partial(later.astimezone, UTC)
            assert sent(url, x_example_for="one")[0] == status
    finally:
        cloud.store.clock = clock


def test_nothing_else_of_sts_is_presigned(cloud: Cloud) -> None:
    """A role is assumed by whoever holds the keys, and by nobody whom they gave an address."""
    status, body = sent(presigned(cloud, cloud.central, "one", action="AssumeRole"), x_example_for="one")
    assert (status, "AssumedRoleUser" in body) == (403, False)
