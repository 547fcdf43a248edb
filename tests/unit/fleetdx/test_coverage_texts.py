from __future__ import annotations

import json
import re
from typing import Any, get_args

import jsonschema
import pytest

from fleetdx.coverage.models import CAUSES, Disagreement
from fleetdx.coverage.texts import (
    all_texts,
    cause_meaning,
    cause_title,
    disagreement_text,
    has_several_reasons,
    reason_text,
)
from fleetdx.models import LANGUAGES
from tools.sources import PROJECT

REASONS = {
    "managed": "online",
    "default_host_management": "online",
    "stopped": "instance_stopped",
    "no_profile": "no_instance_profile",
    "profile_without_role": "profile_without_role",
    "missing_policy": "policies_missing",
    "blocked_by_policy": "denied_by_role denied_by_boundary denied_by_organization",
    "imds_off": "metadata_disabled",
    "no_route": "no_path endpoint_missing endpoint_not_available private_dns_off dns_off security_group_egress "
    "endpoint_security_group network_acl endpoint_policy public_address_missing nat_unavailable",
    "agent_silent": "not_registered agent_not_reporting",
    "unsupported": "managed_by_service image_not_supported",
    "exempt": "exempted",
    "unknown": "transit_gateway shared_endpoint custom_dns middlebox endpoint_policy_conditional prefix_list ipv6_only "
    "rights_unclear rights_not_simulated just_started facts_missing",
}
PAIRS = [(cause, reason) for cause, reasons in REASONS.items() for reason in reasons.split()]
KOREAN = re.compile("[가-힣]")


def test_causes_keep_their_schema() -> None:
    """causes.json is what its schema says: no text is missing, too long, or in the other language."""
    schema: Any = json.loads((PROJECT / "fleetdx/schemas/causes.schema.json").read_text(encoding="utf-8"))
    errors = jsonschema.Draft202012Validator(schema).iter_errors(all_texts())
    assert [(error.json_path, error.message) for error in errors] == []


def test_schema_refuses_a_text_in_the_other_language() -> None:
    """A Korean text without Korean, an English one with it, and an empty one are refused."""
    schema: Any = json.loads((PROJECT / "fleetdx/schemas/causes.schema.json").read_text(encoding="utf-8"))
    for texts in ({"en": "Managed", "ko": "Managed"}, {"en": "관리 중", "ko": "관리 중"}, {"en": "Managed", "ko": ""}):
        document = json.loads(json.dumps(all_texts()))
        document["causes"]["managed"]["title"] = texts
        assert not jsonschema.Draft202012Validator(schema).is_valid(document)


def test_every_cause_reason_and_disagreement_has_texts() -> None:
    """There are texts of each cause, reason and disagreement that a sweep tells, and of no other."""
    texts = all_texts()
    assert list(texts["causes"]) and set(texts["causes"]) == set(CAUSES) == set(REASONS)  # noqa: PT018
    assert {(cause, reason) for cause, own in texts["causes"].items() for reason in own["reasons"]} == set(PAIRS)
    assert set(texts["disagreements"]) == set(get_args(Disagreement))


@pytest.mark.parametrize(("cause", "reason"), PAIRS)
def test_texts_are_in_the_language_asked_for(cause: Any, reason: str) -> None:
    """Title, meaning and remedy of each pair are English in English and Korean in Korean."""
    for language in LANGUAGES:
        shown = (cause_title(cause, language), cause_meaning(cause, language), *reason_text(cause, reason, language))
        assert all(shown)
        assert {bool(KOREAN.search(text)) for text in shown} == {language == "ko"}


@pytest.mark.parametrize("disagreement", get_args(Disagreement))
def test_disagreements_are_in_the_language_asked_for(disagreement: Any) -> None:
    """Title and explanation of each disagreement are English in English and Korean in Korean."""
    for language in LANGUAGES:
        assert {bool(KOREAN.search(text)) for text in disagreement_text(disagreement, language)} == {language == "ko"}


@pytest.mark.parametrize(("cause", "reason"), PAIRS)
def test_both_languages_name_the_same_commands(cause: Any, reason: str) -> None:
    """What stands between backticks is to be typed, so the Korean remedy has exactly what the English one has."""
    english, korean = (reason_text(cause, reason, language).remedy for language in LANGUAGES)
    assert sorted(re.findall("`[^`]+`", english)) == sorted(re.findall("`[^`]+`", korean))
    assert english.count("`") % 2 == 0


def test_reason_of_another_version_is_shown_by_its_cause() -> None:
    """A reason that nobody wrote texts for has the cause's title and no remedy."""
    assert reason_text("no_route", "carrier_pigeon", "en") == (cause_title("no_route", "en"), "")


def test_causes_with_one_reason_are_told_apart() -> None:
    """Only where a cause has several reasons does its title leave one open."""
    assert has_several_reasons("no_route")
    assert not has_several_reasons("imds_off")
