"""The credential store issues keys, finds them, and remembers every secret."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import boto3

from emulator.front_door.credentials import CredentialStore, Principal

NOW = datetime(2026, 11, 23, 12, 0, 0, 500_000, tzinfo=UTC)
SESSION = Principal(
    "111122223333",
    "arn:aws:sts::111122223333:assumed-role/scan/one",
    "AROAX:one",
    "arn:aws:iam::111122223333:role/scan",
)


def test_operator_keys_have_no_token_and_never_expire() -> None:
    """An operator gets a long-lived key of its account, shaped like AWS's."""
    issued = CredentialStore().mint_operator("111122223333", "operator")

    assert re.fullmatch(r"AKIA[A-Z2-7]{16}", issued.access_key_id)
    assert len(issued.secret_access_key) == 40
    assert issued.session_token is None
    assert issued.expiration is None
    assert issued.principal.arn == "arn:aws:iam::111122223333:user/operator"
    assert issued.for_environment().keys() == {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}


def test_session_keys_carry_a_token_and_an_expiry() -> None:
    """A session expires the asked seconds from now, in whole seconds, and its token is as long as AWS's are."""
    issued = CredentialStore(lambda: NOW).mint_session(SESSION, 900)

    assert re.fullmatch(r"ASIA[A-Z2-7]{16}", issued.access_key_id)
    assert issued.expiration == NOW.replace(microsecond=0) + timedelta(seconds=900)
    assert len(issued.session_token or "") == 992
    assert issued.for_environment()["AWS_SESSION_TOKEN"] == issued.session_token


def test_store_finds_what_it_issued_and_nothing_else() -> None:
    """A key finds its own credentials; an unknown key finds none."""
    store = CredentialStore()
    issued = store.mint_operator("111122223333", "operator")

    assert store.find(issued.access_key_id) is issued
    assert store.find("AKIAAAAAAAAAAAAAAAAA") is None


def test_every_secret_is_listed() -> None:
    """The lists hold every key, secret and token, so that a test can search outputs for them."""
    store = CredentialStore()
    operator = store.mint_operator("111122223333", "operator")
    session = store.mint_session(SESSION, 900)

    secrets = {operator.secret_access_key, session.secret_access_key, session.session_token}
    assert store.issued_secrets() == secrets
    assert store.issued() == secrets | {operator.access_key_id, session.access_key_id}


def test_secrets_do_not_show_when_printed() -> None:
    """The representation of credentials shows neither secret nor token."""
    session = CredentialStore().mint_session(SESSION, 900)

    assert session.secret_access_key not in repr(session)
    assert str(session.session_token) not in repr(session)


def test_credentials_fit_boto3() -> None:
    """The arguments are those of boto3.Session."""
    session = CredentialStore().mint_session(SESSION, 900)

    found = boto3.Session(**session.for_boto3()).get_credentials()

    assert found is not None
    assert (found.access_key, found.secret_key, found.token) == (
        session.access_key_id,
        session.secret_access_key,
        session.session_token,
    )
