"""Scan requests are refused with a pointer to the fault, or completed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleetdx.errors import InvalidRequest
from fleetdx.requests import (
    MAXIMUM_REQUEST_BYTES,
    complete_request,
    known_regions,
    parse_request,
    request_schema,
    resolve_checks,
)
from fleetdx.validation import pointer
from tests.fakes.runs import CHECKS, PROFILE

if TYPE_CHECKING:
    from collections.abc import Callable

SEOUL = "ap-northeast-2"
ORGANIZATION = {"scope": {"organization": True}}
PLACE = "111122223333/ap-northeast-2"
INSTANCE = f"{PLACE}/i-0123456789abcdef0"

MALFORMED: list[tuple[dict[str, Any], str]] = [
    ({"scope": {}}, "/scope"),
    ({"scope": []}, "/scope"),
    ({"scope": None}, "/scope"),
    ({"scope": {"organization": True, "accounts": ["111122223333"]}}, "/scope"),
    ({"scope": {"organization": False}}, "/scope/organization"),
    ({"scope": {"organization": 1}}, "/scope/organization"),
    ({"scope": {"organisation": True}}, "/scope/organisation"),
    ({"scope": {"a/b~c": True}}, "/scope/a~1b~0c"),
    ({"scope": {"accounts": []}}, "/scope/accounts"),
    ({"scope": {"accounts": "111122223333"}}, "/scope/accounts"),
    ({"scope": {"accounts": [111122223333]}}, "/scope/accounts/0"),
    ({"scope": {"accounts": ["111122223333", "11112222333"]}}, "/scope/accounts/1"),
    ({"scope": {"accounts": ["111122223333", "111122223333"]}}, "/scope/accounts"),
    ({"scope": {"accounts": ["111122223333\n"]}}, "/scope/accounts/0"),
    ({"scope": {"accounts": ["١١١١٢٢٢٢٣٣٣٣"]}}, "/scope/accounts/0"),
    ({"scope": {"organizational_units": []}}, "/scope/organizational_units"),
    ({"scope": {"organizational_units": ["ou-1"]}}, "/scope/organizational_units/0"),
    ({"scope": {"instances": []}}, "/scope/instances"),
    ({"scope": {"instances": ["i-0123456789abcdef0"]}}, "/scope/instances/0"),
    ({"scope": {"instances": [INSTANCE + "\n"]}}, "/scope/instances/0"),
    ({"scope": {"instances": [INSTANCE, INSTANCE]}}, "/scope/instances"),
    ({"scope": {"instances": [INSTANCE.replace("north", "nowhere")]}}, "/scope/instances/0"),
    ({"regions": []}, "/regions"),
    ({"regions": SEOUL}, "/regions"),
    ({"regions": [SEOUL, "ap-nowhere-2"]}, "/regions/1"),
    ({"regions": [SEOUL, "Seoul"]}, "/regions/1"),
    ({"regions": [SEOUL, SEOUL]}, "/regions"),
    ({"regions": [None]}, "/regions/0"),
    ({"tags": []}, "/tags"),
    ({"tags": {"Name": "web"}}, "/tags/Name"),
    ({"tags": {"Name": []}}, "/tags/Name"),
    ({"tags": {"Name": [1]}}, "/tags/Name/0"),
    ({"tags": {"Name": ["x" * 257]}}, "/tags/Name/0"),
    ({"tags": {"": ["x"]}}, "/tags"),
    ({"tags": {"x" * 129: ["x"]}}, "/tags"),
    ({"tags": {str(number): ["x"] for number in range(11)}}, "/tags"),
    ({"profile": 2026}, "/profile"),
    ({"profile": ""}, "/profile"),
    ({"profile": "../secret"}, "/profile"),
    ({"profile": "quick\n"}, "/profile"),
    ({"checks": []}, "/checks"),
    ({"checks": "U-01"}, "/checks"),
    ({"checks": ["U-01", "$(reboot)"]}, "/checks/1"),
    ({"checks": ["U-01", "U-01"]}, "/checks"),
    ({"delivery": "ftp"}, "/delivery"),
    ({"delivery": None}, "/delivery"),
    ({"max_attempts": 0}, "/max_attempts"),
    ({"max_attempts": 6}, "/max_attempts"),
    ({"max_attempts": "3"}, "/max_attempts"),
    ({"max_concurrency": 50}, "/max_concurrency"),
    ({"max_concurrency": "0"}, "/max_concurrency"),
    ({"max_concurrency": "101%"}, "/max_concurrency"),
    ({"max_concurrency": "50\n"}, "/max_concurrency"),
    ({"max_errors": "-1"}, "/max_errors"),
    ({"max_errors": 0}, "/max_errors"),
    ({"execution_timeout_seconds": 9}, "/execution_timeout_seconds"),
    ({"execution_timeout_seconds": 3001}, "/execution_timeout_seconds"),
    ({"execution_timeout_seconds": "600"}, "/execution_timeout_seconds"),
    ({"execution_timeout_seconds": 600.5}, "/execution_timeout_seconds"),
    ({"execution_timeout_seconds": True}, "/execution_timeout_seconds"),
    ({"execution_timeout_seconds": float("nan")}, "/execution_timeout_seconds"),
    ({"execution_timeout_seconds": float("inf")}, "/execution_timeout_seconds"),
    ({"delivery_timeout_seconds": 29}, "/delivery_timeout_seconds"),
    ({"delivery_timeout_seconds": None}, "/delivery_timeout_seconds"),
    ({"notify": "yes"}, "/notify"),
    ({"notify": 1}, "/notify"),
    ({"dry_run": 0}, "/dry_run"),
    ({"dry_run": None}, "/dry_run"),
    ({"dryrun": True}, "/dryrun"),
    ({"canary": None}, "/canary"),
    ({"canary": {}}, "/canary/targets"),
    ({"canary": {"targets": []}}, "/canary/targets"),
    ({"canary": {"targets": ["111122223333"]}}, "/canary/targets/0"),
    ({"canary": {"targets": [PLACE, INSTANCE]}}, "/canary/targets/1"),
    ({"canary": {"targets": [PLACE, PLACE]}}, "/canary/targets"),
    ({"canary": {"targets": [f"{number:012d}/{SEOUL}" for number in range(11)]}}, "/canary/targets"),
    ({"canary": {"targets": [PLACE], "instances": 0}}, "/canary/instances"),
    ({"canary": {"targets": [PLACE], "instances": 51}}, "/canary/instances"),
    ({"canary": {"targets": [PLACE], "max_failures": -1}}, "/canary/max_failures"),
    ({"canary": {"targets": [PLACE], "failures": 1}}, "/canary/failures"),
    ({"ignore_windows": "yes"}, "/ignore_windows"),
    ({"": 1}, "/"),
]


@pytest.mark.parametrize(("fields", "place"), MALFORMED, ids=[f"{place}-{n}" for n, (_, place) in enumerate(MALFORMED)])
def test_malformed_field_is_refused_where_it_stands(fields: dict[str, Any], place: str) -> None:
    """The refusal of a malformed field has the JSON pointer of that field and a sentence."""
    with pytest.raises(InvalidRequest) as refused:
        complete_request({**ORGANIZATION, **fields}, [SEOUL])
    assert refused.value.pointer == place
    assert len(refused.value.sentence) > 10
    assert str(refused.value) == f"{place}: {refused.value.sentence}"


@pytest.mark.parametrize("document", [None, [], "scope", 1, True, float("nan")])
def test_request_that_is_no_object_is_refused_as_a_whole(document: Any) -> None:
    """What is JSON, but no object, is refused with the pointer of the whole document."""
    with pytest.raises(InvalidRequest) as refused:
        complete_request(document, [SEOUL])
    assert refused.value.pointer == ""
    assert str(refused.value).startswith("/: ")


def test_missing_scope_is_pointed_at() -> None:
    """Without a scope the pointer names the scope, not the whole document."""
    with pytest.raises(InvalidRequest, match=r"^/scope: is required$"):
        complete_request({"profile": "quick"}, [SEOUL])


def test_unknown_field_is_answered_with_those_known() -> None:
    """Who mistypes a field is told which there are."""
    with pytest.raises(InvalidRequest, match=r"^/dryrun: unknown field; known are .*dry_run.*scope"):
        complete_request({**ORGANIZATION, "dryrun": True}, [SEOUL])


def test_defaults_are_filled_in() -> None:
    """The smallest request becomes one that says everything."""
    completed = complete_request(ORGANIZATION, [SEOUL])
    assert completed == {
        "scope": {"organization": True},
        "regions": [SEOUL],
        "tags": {},
        "profile": "kisa_unix_2026",
        "checks": [],
        "delivery": "auto",
        "max_attempts": 3,
        "max_concurrency": "50",
        "max_errors": "100%",
        "execution_timeout_seconds": 600,
        "delivery_timeout_seconds": 600,
        "exports": ["xlsx", "csv", "ocsf"],
        "notify": True,
        "dry_run": False,
        "canary": None,
        "ignore_windows": False,
        "force": False,
    }
    assert completed.keys() == request_schema()["properties"].keys()


def test_a_canary_is_completed() -> None:
    """Five hosts of each account-region, and none may fail, unless the request says otherwise; numbers are integers."""
    given_canary = {"targets": [PLACE], "instances": 3.0}
    completed = complete_request({**ORGANIZATION, "canary": given_canary}, [SEOUL])
    assert completed["canary"] == {"targets": [PLACE], "instances": 3, "max_failures": 0}
    assert str(completed["canary"]["instances"]) == "3"
    assert complete_request({**ORGANIZATION, "canary": {"targets": [PLACE]}}, [SEOUL])["canary"]["instances"] == 5  # type: ignore[index]


def test_what_is_given_stays() -> None:
    """A default never replaces a value of the request, and the request itself is not changed."""
    given_request = {**ORGANIZATION, "regions": ["us-east-1"], "notify": False, "dry_run": True, "max_errors": "0"}
    before = json.dumps(given_request)
    completed = complete_request(given_request, [SEOUL])
    assert (completed["regions"], completed["notify"]) == (["us-east-1"], False)
    assert (completed["dry_run"], completed["max_errors"]) == (True, "0")
    assert json.dumps(given_request) == before


def test_regions_follow_from_named_instances() -> None:
    """Where instances are named without regions, theirs are looked at, whatever the stack's defaults."""
    named = [INSTANCE, INSTANCE.replace("ap-northeast-2", "us-east-1"), INSTANCE.replace("0123", "3210")]
    assert complete_request({"scope": {"instances": named}}, ["eu-west-1"])["regions"] == [SEOUL, "us-east-1"]


def test_instance_outside_the_regions_is_refused() -> None:
    """An instance in a region that the request leaves out would be forgotten, so it is refused."""
    document = {"scope": {"instances": [INSTANCE]}, "regions": ["us-east-1"]}
    with pytest.raises(InvalidRequest, match=r"^/scope/instances/0: .* lies outside"):
        complete_request(document, [])


def test_no_region_at_all_is_refused() -> None:
    """Neither request nor stack names a region: nothing is guessed."""
    with pytest.raises(InvalidRequest, match=r"^/regions: no region"):
        complete_request(ORGANIZATION, [])


@pytest.mark.parametrize(("delivery", "execution", "fits"), [(600, 2700, True), (600, 2701, False), (3000, 600, False)])
def test_time_limits_must_fit_the_signatures(delivery: int, execution: int, *, fits: bool) -> None:
    """Time limits that add up to more than 3,600 s are refused; exactly 3,600 s are not."""
    document = {**ORGANIZATION, "delivery_timeout_seconds": delivery, "execution_timeout_seconds": execution}
    if fits:
        assert complete_request(document, [SEOUL])["execution_timeout_seconds"] == execution
        return
    with pytest.raises(InvalidRequest, match="3,600 s") as refused:
        complete_request(document, [SEOUL])
    assert refused.value.pointer == "/execution_timeout_seconds"


def test_whole_numbers_with_a_point_become_integers() -> None:
    """JSON Schema calls 600.0 an integer; SSM's parameters have no points, so it becomes one."""
    whole = {"execution_timeout_seconds": 600.0, "delivery_timeout_seconds": 60.0, "max_attempts": 2.0}
    completed = complete_request({**ORGANIZATION, **whole}, [SEOUL])
    assert str(completed["max_attempts"]) == "2"
    assert str(completed["execution_timeout_seconds"]) == "600"
    assert str(completed["delivery_timeout_seconds"]) == "60"


def test_large_request_is_refused_before_it_is_read() -> None:
    """300 KB are refused, as text and as a document."""
    document = {**ORGANIZATION, "tags": {"Name": ["x" * 300_000]}}
    for refuse in (lambda: parse_request(json.dumps(document).encode()), lambda: complete_request(document, [SEOUL])):
        with pytest.raises(InvalidRequest, match="at most 32,768 are read"):
            refuse()


def test_size_is_counted_in_bytes_of_utf8() -> None:
    """A request in Korean is as large for the function as it is in its file."""
    words = {name: ["서울" * 120] * 20 for name in ("Name", "Team")}
    document = {**ORGANIZATION, "tags": words}
    text = json.dumps(document, ensure_ascii=False).encode()
    assert len(text) < MAXIMUM_REQUEST_BYTES < len(json.dumps(document))
    assert complete_request(parse_request(text), [SEOUL])["tags"] == words


@pytest.mark.parametrize("text", [b"", b"{", b"scope: all", b"\xff\xfe\x00", b'{"a": 1,}', b"9" * 5000])
def test_what_is_not_json_is_refused(text: bytes) -> None:
    """Text that is no JSON is refused with the pointer of the whole document."""
    with pytest.raises(InvalidRequest, match=r"^/: not JSON"):
        parse_request(text)


def test_deep_nesting_is_refused() -> None:
    """Nesting that exhausts the parser is a refusal, not a crash."""
    with pytest.raises(InvalidRequest, match="nested too deeply"):
        parse_request(b"[" * 30_000)


def test_deeply_nested_document_is_refused() -> None:
    """The same nesting, already parsed by Lambda, is a refusal as well."""
    document: Any = []
    for _ in range(10_000):
        document = [document]
    with pytest.raises(InvalidRequest, match="nested too deeply"):
        complete_request({**ORGANIZATION, "tags": document}, [SEOUL])


def test_half_a_character_is_refused() -> None:
    """A lone surrogate, which JSON can escape and UTF-8 cannot hold, is refused before anything is stored."""
    document = parse_request(b'{"scope":{"organization":true},"tags":{"Name":["\\ud800"]}}')
    with pytest.raises(InvalidRequest, match=r"^/: .*not Unicode text"):
        complete_request(document, [SEOUL])


def test_known_regions_are_botocores() -> None:
    """Commercial, Chinese and GovCloud regions are known; made-up ones are not."""
    assert {"ap-northeast-2", "us-east-1", "cn-north-1", "us-gov-west-1"} <= known_regions()
    assert "ap-nowhere-2" not in known_regions()


def test_pointer_escapes_as_rfc_6901_says() -> None:
    """A slash and a tilde inside a step are escaped, the tilde first."""
    assert pointer(["a/b", "~1", ""]) == "/a~1b/~01/"


def test_checks_resolve_in_the_profiles_order() -> None:
    """Items become their checks, each once, ordered as the digest's letters are; nothing stays nothing."""
    assert resolve_checks(["U-02", "password_hash_strong", "root_ssh_login_denied"], PROFILE) == CHECKS
    assert resolve_checks(["U-03"], PROFILE) == ["password_hash_strong"]
    assert resolve_checks([], PROFILE) == []


def test_unknown_check_is_refused_where_it_stands() -> None:
    """A selection that names nothing of the profile would scan less than asked: it is refused."""
    with pytest.raises(InvalidRequest, match=r"^/checks/1: U-99 is neither"):
        resolve_checks(["U-01", "U-99"], PROFILE)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters())
ANY_JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=12
)
FIELDS = st.sampled_from(sorted(request_schema()["properties"]))
SCOPES = st.sampled_from([{"organization": True}, {"accounts": ["111122223333"]}, {"instances": [INSTANCE]}])
NEAR_REQUESTS = st.builds(
    lambda scope, fields: {"scope": scope, **fields}, SCOPES | ANY_JSON, st.dictionaries(FIELDS, ANY_JSON, max_size=3)
)


def refusal_of(call: Callable[[], object]) -> InvalidRequest | None:
    """The refusal of a call, or None where it went well; any other error is the test's failure."""
    try:
        call()
    except InvalidRequest as refused:
        return refused
    return None


def resolves(place: str, document: Any) -> bool:
    """Whether a pointer leads to a value of the document, or to a field of the schema that could stand there."""
    schema: Any = request_schema()
    for step in (part.replace("~1", "/").replace("~0", "~") for part in place.split("/")[1:]):
        schema = schema.get("properties", {}).get(step, {}) if isinstance(schema, dict) else {}
        if isinstance(document, list) and step.isdigit() and int(step) < len(document):
            document = document[int(step)]
        elif isinstance(document, dict) and step in document:
            document = document[step]
        elif not schema:
            return False
    return True


@settings(max_examples=120, deadline=None)
@given(ANY_JSON | NEAR_REQUESTS)
def test_any_json_completes_or_is_refused_with_a_pointer_into_it(document: Any) -> None:
    """Whatever JSON comes, it is completed to something storable, or refused at a place that exists."""
    refused = refusal_of(lambda: complete_request(document, [SEOUL]))
    if refused is not None:
        assert resolves(refused.pointer, document)
        assert refused.sentence
        return
    completed = complete_request(document, [SEOUL])
    assert completed.keys() == request_schema()["properties"].keys()
    json.dumps(completed, ensure_ascii=False, allow_nan=False).encode()


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=60) | ANY_JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_parse_or_are_refused(text: bytes) -> None:
    """Reading a request from bytes raises nothing but InvalidRequest."""
    refused = refusal_of(lambda: parse_request(text))
    assert refused is None or refused.pointer == ""
