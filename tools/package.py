"""Build what is deployed: functions.zip, the layer of libraries, and the definitions of the state machines.

The same tree gives the same bytes, on any machine: names are sorted, times and modes fixed, and nothing is compressed,
because what a compressor writes depends on its version. Libraries are the wheels that requirements/runtime.lock names
by hash, for the Lambda runtime and processor that templates/central.yaml asks for.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import re
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PROJECT: Final = Path(__file__).parent.parent
ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)
FILE_MODE: Final = 0o100644
UNIX: Final = 3
"""As which system's a zip's modes are read ("version made by" in PKWARE's APPNOTE)."""
NOT_SHIPPED: Final = frozenset({("fleetdx", "cli"), ("fleetdx", "deployment")})
PLATFORM: Final = "manylinux2014_aarch64"
"""Lambda's arm64 on Amazon Linux 2023 has a younger C library than this tag asks for (2.17)."""
MARKER: Final = re.compile(r"^([^#;\s][^;\n]*?)\s*;[^\\\n]*", re.MULTILINE)
WHEEL_LIBRARIES: Final = re.compile(r"^[^/]+\.data/(?:purelib|platlib)/")
WHEEL_OTHERS: Final = re.compile(r"^[^/]+\.data/")


class PackageFailed(RuntimeError):
    """The package cannot be built; the text says why."""


@dataclass(frozen=True)
class Package:
    """What a release consists of.

    Attributes:
        release: functions.zip and the state machines' definitions, by the names they have below the release's prefix.
        layer: The layer's zip; None where the runtime has the libraries itself, as the embedded AWS does.
    """

    release: Mapping[str, bytes]
    layer: bytes | None

    @property
    def prefix(self) -> str:
        """Where the release lies in its bucket: another content lies elsewhere."""
        told = "".join(f"{sha256(body)} {name}\n" for name, body in sorted(self.release.items()))
        return f"releases/{sha256(told.encode())}/"

    @property
    def layer_key(self) -> str:
        """Where the layer lies: the same libraries stay the same key, and so the same version of the layer."""
        return f"libraries/{sha256(self.layer)}.zip" if self.layer is not None else ""


def sha256(content: bytes) -> str:
    """Lower-case hexadecimal SHA-256."""
    return hashlib.sha256(content).hexdigest()


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """A zip of files by name: sorted, of one time and mode, not compressed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, ZIP_TIME)
            entry.create_system, entry.external_attr = UNIX, FILE_MODE << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def functions_zip(project: Path = PROJECT) -> bytes:
    """The one zip of functions/ and fleetdx/, without the command line and what deploys."""
    return zip_of(
        {
            name.as_posix(): path.read_bytes()
            for folder in ("fleetdx", "functions")
            for path, name in _files_below(project / folder, project)
        }
    )


def _files_below(folder: Path, project: Path) -> Iterator[tuple[Path, Path]]:
    for path in folder.rglob("*"):
        name = path.relative_to(project)
        if path.is_file() and "__pycache__" not in name.parts and name.parts[:2] not in NOT_SHIPPED:
            yield path, name


def release_of(project: Path = PROJECT) -> dict[str, bytes]:
    """functions.zip and the definitions, by name."""
    machines = {path.name: path.read_bytes() for path in (project / "statemachines").glob("*.asl.json")}
    return {"functions.zip": functions_zip(project), **machines}


def build_package(python: str, project: Path = PROJECT) -> Package:
    """Build everything; it downloads the libraries.

    Args:
        python: The version of Python that the runtime has, for instance 3.13.
        project: The checkout.

    Raises:
        PackageFailed: A library cannot be had, or is another one than the lock names.
    """
    with tempfile.TemporaryDirectory(prefix="fleetdx-wheels-") as directory:
        wheels = download_wheels(project / "requirements/runtime.lock", python, Path(directory))
        return Package(release_of(project), layer_zip(wheels))


def download_wheels(lock: Path, python: str, directory: Path) -> list[Path]:
    """Download the wheels that a lock names by hash, from wherever this machine's pip gets them.

    Raises:
        PackageFailed: With pip's own last words.
    """
    wanted = directory / "requirements.txt"
    # pip judges markers by the Python that it runs on itself, not by the one it downloads for.
    wanted.write_text(MARKER.sub(r"\1 ", lock.read_text(encoding="utf-8")), encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    command += ["--only-binary", ":all:", "--no-deps", "--implementation", "cp", "--python-version", python]
    command += ["--platform", PLATFORM, "--requirement", str(wanted), "--dest", str(directory)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        problems = [line for line in ended.stderr.splitlines() if line.startswith("ERROR")] or [ended.stderr.strip()]
        raise PackageFailed(f"pip cannot download the libraries for Python {python} on {PLATFORM}: {problems[-1]}")
    return sorted(directory.glob("*.whl"))


def layer_zip(wheels: Iterable[Path]) -> bytes:
    """The layer: what the wheels install below `python/`, where Lambda looks; no programs, no compiled files.

    Raises:
        PackageFailed: Two wheels have a file of the same name.
    """
    files: dict[str, bytes] = {}
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for entry in archive.infolist():
                name = WHEEL_LIBRARIES.sub("", entry.filename)
                if entry.is_dir() or WHEEL_OTHERS.match(name):
                    continue
                if f"python/{name}" in files:
                    raise PackageFailed(f"{wheel.name} has a file {name}, which another library has too")
                files[f"python/{name}"] = archive.read(entry)
    return zip_of(files)


def runtime_python(template: str) -> str:
    """The version of Python that a central template's functions run on, unless its deployer says otherwise.

    Raises:
        PackageFailed: The template names none.
    """
    found = re.search(r"^  Runtime:\n    Type: String\n    Default: python(3\.[0-9]+)$", template, re.MULTILINE)
    if found is None:
        raise PackageFailed("templates/central.yaml has no parameter Runtime with a default")
    return found.group(1)


def write_package(package: Package, directory: Path) -> list[tuple[str, str]]:
    """Write a package's files, and SHA256SUMS beside them; returns each one's SHA-256 and name."""
    directory.mkdir(parents=True, exist_ok=True)
    files = {**package.release, **({"layer.zip": package.layer} if package.layer is not None else {})}
    for stale in directory.glob("*"):
        if stale.name not in files and stale.suffix in {".zip", ".json"}:
            stale.unlink()
    told = [(sha256(content), name) for name, content in sorted(files.items())]
    for name, content in files.items():
        (directory / name).write_bytes(content)
    (directory / "SHA256SUMS").write_text("".join(f"{digest}  {name}\n" for digest, name in told), encoding="utf-8")
    return told


def main() -> int:
    """Build the package and print each file's SHA-256."""
    parser = argparse.ArgumentParser(prog="python -m tools.package", description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("out/package"), help="where it goes (out/package)")
    parser.add_argument("--python", help="version of Python of the Lambda runtime; else that of the template")
    arguments = parser.parse_args()
    try:
        python = arguments.python or runtime_python((PROJECT / "templates/central.yaml").read_text(encoding="utf-8"))
        print(f"Downloading the libraries for Python {python} on arm64 and zipping ...", file=sys.stderr)
        package = build_package(python)
    except PackageFailed as problem:
        print(f"package: {problem}", file=sys.stderr)
        return 1
    for digest, name in write_package(package, arguments.output):
        print(f"{digest}  {name}")
    print(f"In {arguments.output}/; its place in a release bucket: {package.prefix}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
