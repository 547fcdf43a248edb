"""`fleetdx deploy-check --aws` as somebody types it: profiles of an AWS configuration, at the emulator's endpoint."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from fleetdx.cli import main
from fleetdx.deploy_check.catalog import OUT_OF_REACH, QUESTIONS
from tests.contract.small_cloud import CENTRAL, small_cloud
from tests.deploy_check_scene import ACCOUNTS, HOME, REGIONS, Scene, scene_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with small_cloud(tmp_path_factory.mktemp("cloud"), frozenset({CENTRAL})) as cloud:
        yield scene_in(cloud)


class Terminal:
    """Types `fleetdx deploy-check`, and keeps what was said."""

    def __init__(self, scene: Scene, home: Path, monkeypatch: pytest.MonkeyPatch, output: Any) -> None:
        self.home = home
        self._monkeypatch = monkeypatch
        self._output = output
        lines = []
        for kind, account in ACCOUNTS.items():
            keys = scene.cloud.store.mint_operator(account, "operator").for_environment()
            lines += [f"[profile fleetdx-{kind}]", *(f"{name.lower()} = {value}" for name, value in keys.items())]
        (home / "config").write_text("\n".join(lines), encoding="utf-8")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(home / "config"))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(home / "none"))
        monkeypatch.setenv("AWS_ENDPOINT_URL", scene.cloud.url)
        self.settings: dict[str, Any] = {
            "schema": 1,
            "home_region": HOME,
            "regions": list(REGIONS),
            "organizational_units": list(scene.settings.organizational_units),
            "management_account": "included",
            "stack_sets_from": "hub",
            "events": "control_tower",
            "external_id": "fleetdx-test",
            "profiles": {kind: f"fleetdx-{kind}" for kind in ACCOUNTS},
        }

    def type(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, standard output and standard error."""
        (self.home / "deployment.json").write_text(json.dumps(self.settings), encoding="utf-8")
        settings = ["--settings", str(self.home / "deployment.json")]
        self._monkeypatch.setattr("sys.argv", ["fleetdx", "deploy-check", "--aws", *settings, *arguments])
        with pytest.raises(SystemExit) as ended:
            main.main()
        said = self._output.readouterr()
        return int(str(ended.value.code or 0)), said.out, said.err


@pytest.fixture
def terminal(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    return Terminal(scene, tmp_path, monkeypatch, capsys)


def test_one_json_document(terminal: Terminal) -> None:
    """Every answer with its question, the counts, and what no question covers; exit code 0."""
    code, out, _ = terminal.type("--json")
    document = json.loads(out)
    assert code == 0
    assert {answer["question"] for answer in document["answers"]} == {
        question for question, one in QUESTIONS.items() if not one.after
    }
    assert document["counts"]["fail"] == document["counts"]["unknown"] == 0
    assert sum(document["counts"].values()) == len(document["answers"])
    assert document["out_of_reach"] == list(OUT_OF_REACH)
    assert (document["when"], document["schema"]) == ("before", 1)


def test_a_table_with_remedies(terminal: Terminal) -> None:
    """What failed is told again below the table, with what to do; exit code 4."""
    terminal.settings["organizational_units"] = ["ou-ab12-cdefgh34"]
    code, out, _ = terminal.type()
    assert code == 4
    assert "Correct organizational_units in the settings." in out
    assert "Service control policies" in out
    assert "1 fail" in out


def test_a_profile_that_is_not_there(terminal: Terminal) -> None:
    """A profile that the configuration does not have fails, and what it would have been asked is unknown."""
    terminal.settings["profiles"]["audit"] = "nobody"
    code, out, _ = terminal.type("--json")
    answers = {(answer["question"], answer["place"]): answer for answer in json.loads(out)["answers"]}
    assert code == 4
    assert answers["credentials_work", "audit"]["verdict"] == "fail"
    assert "ProfileNotFound" in answers["credentials_work", "audit"]["found"]
    assert answers["control_tower_topic_takes_subscribers", f"audit {HOME}"]["verdict"] == "unknown"


def test_after_without_a_stack(terminal: Terminal) -> None:
    """Where nothing is deployed there is nothing to ask about."""
    code, _, errors = terminal.type("--after")
    assert (code, "there is no stack fleetdx-central" in errors) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--instance", "i-0123456789abcdef0"], "add --after"),
        (["--after", "--instance", "web-1"], "'web-1' is no instance"),
    ],
)
def test_options_that_cannot_be_used(terminal: Terminal, arguments: list[str], sentence: str) -> None:
    """A wrong option is told in a sentence; exit code 2."""
    code, _, errors = terminal.type(*arguments)
    assert (code, sentence in errors) == (2, True)


def test_settings_that_cannot_be_used(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault in the settings is told with its pointer, a file that is not there by its name."""
    terminal.settings["events"] = "pigeon"
    code, _, errors = terminal.type()
    assert (code, "/events" in errors) == (2, True)
    for arguments, sentence in (
        (["--aws"], "--settings: say where"),
        (["--aws", "--settings", "/nothing.json"], "/nothing.json cannot be read"),
    ):
        monkeypatch.setattr("sys.argv", ["fleetdx", "deploy-check", *arguments])
        with pytest.raises(SystemExit) as ended:
            main.main()
        assert ended.value.code == 2
        assert sentence in capsys.readouterr().err
