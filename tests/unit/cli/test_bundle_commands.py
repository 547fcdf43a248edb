"""`fleetdx bundle` as a person types it: sentences, JSON, exit codes, and whose name stands in the history."""

from __future__ import annotations

import contextlib
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from fleetdx import keys, releases
from fleetdx.bundles import current_bundle
from fleetdx.cli import bundle as bundle_commands
from fleetdx.cli import main, stacks
from fleetdx.cli.deployments import publish_current
from fleetdx.signatures import Signer
from tests.fakes.runs import BUNDLE, publish_bundle
from tests.fakes.s3 import bucket
from tools.bundle import build_bundle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENGINEER, REVIEWER = (f"arn:aws:sts::222222222222:assumed-role/Operators/{name}" for name in ("jiwoo", "minseo"))
Fleetdx = Any


@pytest.fixture
def fleetdx(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Runs a command as somebody, against one bucket; gives the exit code and what was printed."""
    data = bucket()
    publish_bundle(data)

    def run(*arguments: str, by: str = ENGINEER, asked_as: str = "") -> tuple[int, str]:
        sts = SimpleNamespace(get_caller_identity=lambda: {"Arn": by})

        @contextlib.contextmanager
        def deployment(_: Any) -> Iterator[Any]:
            client = SimpleNamespace(client=lambda _, **__: sts)
            yield SimpleNamespace(data=data, session=client, asked_as=asked_as)

        monkeypatch.setattr(stacks.Stack, "deployment", deployment)
        monkeypatch.setattr("sys.argv", ["fleetdx", "bundle", *arguments])
        with pytest.raises(SystemExit) as ended:
            main.main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out + told.err

    run.data = data  # type: ignore[attr-defined]
    return run


def test_publish_makes_the_checkouts_bundle_current(fleetdx: Fleetdx) -> None:
    """One sentence says what new runs use from now on, and what they used; a second time it is refused."""
    code, told = fleetdx("publish")
    bundle = build_bundle()
    digest = bundle.sha256
    assert (code, current_bundle(fleetdx.data)) == (0, digest)
    assert {name: fleetdx.data.get(keys.bundle(name)) for name in bundle.parts} == bundle.parts
    assert told == f"New runs use bundle {digest[:12]}; until now it was {BUNDLE[:12]}.\n"
    assert fleetdx("publish") == (2, f"fleetdx: new runs use bundle {digest[:12]} already\n")


def test_a_second_person_approves(fleetdx: Fleetdx) -> None:
    """The publisher is refused by name; another person is not, and the history names both."""
    assert fleetdx("policy", "--approval", "second_person")[0] == 0
    code, told = fleetdx("publish", "--json")
    published = json.loads(told)
    assert (code, published["takes_effect"], published["by"]) == (0, False, ENGINEER)
    assert current_bundle(fleetdx.data) == BUNDLE
    name = published["bundle"][:12]
    code, told = fleetdx("approve", name)
    assert (code, "another person has to approve it" in told, ENGINEER in told) == (2, True, True)
    assert fleetdx("approve", name, by=REVIEWER)[0] == 0
    acts = json.loads(fleetdx("list", "--json")[1])
    assert [(act["action"], act["by"]) for act in acts["acts"][1:]] == [("publish", ENGINEER), ("approve", REVIEWER)]
    assert acts["approval"] == "second_person"


def test_the_policy_names_the_key_that_signs(fleetdx: Fleetdx, monkeypatch: pytest.MonkeyPatch) -> None:
    """Approval and key are set apart; what is published then is signed, until the key is taken away."""
    key, asked = "arn:aws:kms:us-east-1:222222222222:key/1", list[tuple[str, str]]()

    def signer(_: Any, arn: str) -> Signer:
        return Signer(arn, lambda digest: asked.append((arn, digest)) or "signature")  # type: ignore[func-returns-value]

    monkeypatch.setattr(bundle_commands, "kms_signer", signer)
    code, told = fleetdx("policy", "--signing-key", key)
    assert (code, told) == (0, f"From now on a published bundle needs: none. It is signed by: {key}.\n")
    assert fleetdx("policy", "--approval", "none")[0] == 0
    assert fleetdx("publish")[0] == 0
    built = build_bundle()
    assert {digest for _, digest in asked} == {built.sha256, *built.parts}
    other = key.replace("key/1", "key/2")
    fleetdx("policy", "--signing-key", other)
    assert fleetdx("sign") == (0, f"Bundle {built.sha256[:12]} is signed by {other}.\n")
    assert {arn for arn, _ in asked} == {key, other}
    assert fleetdx("policy", "--signing-key", "none")[1].endswith("It is signed by: no one.\n")
    assert (fleetdx("sign")[0], len(asked)) == (2, 2 * len({built.sha256, *built.parts}))


def test_rollback_goes_back_and_the_list_shows_it(fleetdx: Fleetdx) -> None:
    """The one before comes back; a name that means none is refused with exit code 2."""
    fleetdx("publish")
    assert fleetdx("rollback")[0] == 0
    assert current_bundle(fleetdx.data) == BUNDLE
    assert fleetdx("rollback", "ffffffffff")[0] == 2
    code, table = fleetdx("list")
    assert code == 0
    assert [word for word in ("publish", "rollback", BUNDLE[:12], "jiwoo") if word not in table.replace("\n", "")] == []


def test_an_automatic_publication_does_not_undo_a_rollback(fleetdx: Fleetdx) -> None:
    """What somebody went back from is not put in its place again by the next start of the embedded AWS."""
    fleetdx("publish")
    fleetdx("rollback")
    publish_current(fleetdx.data)
    assert current_bundle(fleetdx.data) == BUNDLE
    assert len(releases.history(fleetdx.data)) == 3


def test_a_bundle_from_before_there_was_a_history_stays() -> None:
    """A disk of the embedded AWS may name a current bundle that no act tells of."""
    data = bucket()
    data.put_json(keys.CURRENT_BUNDLE, {"bundle": build_bundle().sha256})
    publish_current(data)
    assert releases.history(data) == []


def test_a_publication_that_was_cut_short_is_made_up_for() -> None:
    """Whoever wrote the act down died before the pointer was replaced: the next start publishes it again."""
    data = bucket()
    publish_bundle(data)
    pointer = data.get(keys.CURRENT_BUNDLE)
    digest = publish_current(data)
    data.put(keys.CURRENT_BUNDLE, pointer)
    assert current_bundle(data) == BUNDLE
    publish_current(data)
    assert current_bundle(data) == digest
