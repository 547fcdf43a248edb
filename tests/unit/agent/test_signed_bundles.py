"""The step Verify with a real openssl: what nobody has signed runs nowhere, and a host without openssl says so."""

from __future__ import annotations

import base64
import shutil
import subprocess
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from emulator.agent.document import parse
from emulator.agent.runner import run_document
from tests.fakes.hosts import left_behind, path_without
from tests.unit.agent.conftest import BUNDLE, COMMAND_ID, Scan
from tools.document_hash import document_content

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from emulator.agent.host import Host

SHELLS = ["dash", "bash", "busybox"]
UNREADABLE = base64.b64encode(bytes(91)).decode()
"""As long as a public key, and none: what a key of an unknown kind is to an old openssl."""


@dataclass(frozen=True)
class KeyPair:
    """A key pair as KMS has one, made by openssl."""

    private: Path

    @property
    def public(self) -> str:
        """Base64 of the public key, as `aws kms get-public-key --query PublicKey` prints it."""
        return base64.b64encode(openssl("pkey", "-in", str(self.private), "-pubout", "-outform", "DER")).decode()

    def sign(self, text: bytes) -> str:
        """A signature in base64."""
        return base64.b64encode(openssl("dgst", "-sha256", "-sign", str(self.private), feed=text)).decode()


def openssl(*arguments: str, feed: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *arguments], input=feed, check=True, capture_output=True).stdout


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[KeyPair, KeyPair]:
    """Two key pairs of the kind that templates/bundle_key.yaml makes."""
    directory = tmp_path_factory.mktemp("keys")
    for name in ("one", "other"):
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", str(directory / name))
    return KeyPair(directory / "one"), KeyPair(directory / "other")


@pytest.fixture
def scan_signed(store: Any, values: dict[str, str], host: Host) -> Callable[..., Scan]:
    """Runs the scan document of a stack with public keys; the keywords are the stack's and the host's."""

    def run(
        public_keys: str, signature: str | None, *, without_verifier: str = "refuse", path: str | None = None
    ) -> Scan:
        addresses = {"ScriptsUrl": f"{store.url}/scripts/", "IntakeUrl": store.url}
        settings = {"BundlePublicKeys": public_keys, "WithoutVerifier": without_verifier}
        document = parse(document_content({**addresses, **settings}))
        given = values if signature is None else {**values, "BundleSignature": signature}
        bound = document.bind({name: [value] for name, value in given.items()})
        steps: dict[str, Any] = {}
        on = host if path is None else replace(host, environment={"PATH": path})
        never, report = threading.Event(), lambda result: steps.__setitem__(result.name, result)
        return Scan(run_document(document, on, bound, COMMAND_ID, never, report), steps)

    return run


@pytest.fixture
def without_openssl(tmp_path: Path) -> str:
    """The path of a host that lacks openssl."""
    return path_without(tmp_path / "bin", "openssl")


def script() -> bytes:
    return BUNDLE.encode() if isinstance(BUNDLE, str) else BUNDLE


def test_a_signed_bundle_runs(scan_signed: Any, keys: Any, host: Host) -> None:
    """The signature of the one key that the document knows lets the bundle run; nothing stays on the host."""
    one, _ = keys
    outcome = scan_signed(one.public, one.sign(script()))
    assert outcome.status == "Success", outcome.steps
    assert outcome.steps["Verify"].stdout == ""
    assert left_behind(host) == []


def test_while_keys_are_changed_either_signature_will_do(scan_signed: Any, keys: Any) -> None:
    """With the new public key beside the old one, what either has signed runs."""
    one, other = keys
    both = f"{other.public},{one.public}"
    assert [scan_signed(both, pair.sign(script())).status for pair in keys] == ["Success", "Success"]


@pytest.mark.reaches("bundle_signature_invalid")
@pytest.mark.parametrize("wrong", ["absent", "of another key", "of another bundle", "no signature at all", "cut off"])
def test_runs_nothing_that_the_known_key_has_not_signed(
    scan_signed: Any, keys: Any, host: Host, store: Any, wrong: str
) -> None:
    """A bundle of the right hash without a good signature runs nowhere, whatever hosts without openssl may do."""
    one, other = keys
    signature = {
        "absent": None,
        "of another key": other.sign(script()),
        "of another bundle": one.sign(b"touch ran\n"),
        "no signature at all": base64.b64encode(b"nothing").decode(),
        "cut off": base64.b64encode(base64.b64decode(one.sign(script()))[:-9]).decode(),
    }[wrong]
    for setting in ("refuse", "run"):
        outcome = scan_signed(one.public, signature, without_verifier=setting)
        reasons = outcome.reasons()
        assert [reasons[step] for step in ("Verify", "Run")] == ["bundle_signature_invalid", "no_verified_bundle"]
    assert left_behind(host) == []
    assert store.uploads == []


@pytest.mark.reaches("cannot_verify")
def test_a_host_without_openssl_refuses(scan_signed: Any, keys: Any, without_openssl: str, host: Host) -> None:
    """As shipped, who cannot check a signature runs nothing."""
    one, _ = keys
    outcome = scan_signed(one.public, one.sign(script()), path=without_openssl)
    assert outcome.reasons()["Verify"] == "cannot_verify"
    assert outcome.reasons()["Run"] == "no_verified_bundle"
    assert left_behind(host) == []


def test_a_host_without_openssl_runs_and_says_so_where_it_may(
    scan_signed: Any, keys: Any, without_openssl: str
) -> None:
    """With WithoutVerifier "run" the hash decides, and the step Verify tells that nobody checked the signature."""
    one, _ = keys
    outcome = scan_signed(one.public, one.sign(script()), without_verifier="run", path=without_openssl)
    assert outcome.status == "Success"
    (line,) = outcome.lines("Verify")
    assert line.startswith("fleetdx: ran_without_verifier: ")


def test_a_host_without_openssl_runs_no_unsigned_bundle(scan_signed: Any, keys: Any, without_openssl: str) -> None:
    """A command without a signature is refused there too: it did not come from a stack that signs."""
    one, _ = keys
    outcome = scan_signed(one.public, None, without_verifier="run", path=without_openssl)
    assert outcome.reasons()["Verify"] == "bundle_signature_invalid"


@pytest.mark.parametrize(("setting", "reason"), [("refuse", "cannot_verify"), ("run", None)])
def test_a_key_that_openssl_cannot_read_is_no_verifier(
    scan_signed: Any, keys: Any, setting: str, reason: str | None
) -> None:
    """An openssl that does not know the key's kind cannot check; that is told as such, not as a bad signature."""
    one, _ = keys
    outcome = scan_signed(UNREADABLE, one.sign(script()), without_verifier=setting)
    assert outcome.reasons().get("Verify") == (reason or "ran_without_verifier")


def test_one_readable_key_decides(scan_signed: Any, keys: Any) -> None:
    """Beside an unreadable key a readable one counts: its signature runs, another one does not."""
    one, other = keys
    both = f"{UNREADABLE},{one.public}"
    assert scan_signed(both, one.sign(script())).status == "Success"
    refused = scan_signed(both, other.sign(script()), without_verifier="run")
    assert refused.reasons()["Verify"] == "bundle_signature_invalid"


def test_an_rsa_key_will_do_too(scan_signed: Any, tmp_path: Path) -> None:
    """Hosts check whatever openssl can: the kind of key is the signer's choice."""
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072", "-out", str(tmp_path / "rsa"))
    pair = KeyPair(tmp_path / "rsa")
    assert scan_signed(pair.public, pair.sign(script())).status == "Success"
    assert scan_signed(pair.public, pair.sign(b"other")).reasons()["Verify"] == "bundle_signature_invalid"


@pytest.mark.parametrize("shell", SHELLS)
def test_verify_is_the_same_in_each_shell(keys: Any, tmp_path: Path, shell: str) -> None:
    """dash, bash as sh, and BusyBox's ash take the good signature and refuse the other."""
    one, other = keys
    told = {}
    for name, pair in (("good", one), ("bad", other)):
        directory = tmp_path / name
        (directory / "fleetdx").mkdir(parents=True)
        (directory / "fleetdx" / "bundle").write_bytes(script())
        (directory / "fleetdx" / "owner").write_text("RUN C\n", encoding="utf-8")
        content = document_content(
            {"ScriptsUrl": "https://x/", "IntakeUrl": "https://y/", "BundlePublicKeys": one.public}
        )
        text = "\n".join(content["mainSteps"][1]["inputs"]["runCommand"])
        digest = openssl("dgst", "-sha256", "-r", feed=script()).decode()[:64]
        for parameter, value in {
            "ScanId": "RUN",
            "BundleHash": digest,
            "BundleSignature": pair.sign(script()),
        }.items():
            text = text.replace("{{" + parameter + "}}", value)
        program = shutil.which(shell)
        assert program is not None
        command = [program, "sh", "-c", text] if shell == "busybox" else [program, "-c", text]
        ended = subprocess.run(
            command,
            cwd=directory,
            env={"PATH": "/usr/bin:/bin", "SSM_COMMAND_ID": "C"},
            check=False,
            capture_output=True,
        )
        told[name] = ended.returncode, ended.stdout.decode()[:33]
    assert told == {"good": (0, ""), "bad": (1, "fleetdx: bundle_signature_invalid")}
