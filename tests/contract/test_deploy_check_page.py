"""docs/deploy-check.md says what the catalog of questions says."""

from __future__ import annotations

import json

from fleetdx.deploy_check.catalog import QUESTIONS
from tools.deploy_check_pages import PAGE, page, rights


def test_the_page_is_as_written() -> None:
    """The page in the tree is what `make format` would write."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_question_has_a_row_and_every_right_is_in_the_policy() -> None:
    """Nothing is asked that the page does not tell; the policy is a document that IAM would take, and reads only."""
    text = page()
    assert all(f"| `{code}` | {one.asks} |" in text for code, one in QUESTIONS.items())
    policy = json.loads(text.partition("```json\n")[2].partition("```")[0])
    assert policy["Statement"][0]["Action"] == list(rights())
