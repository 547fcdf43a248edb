"""The package: the same bytes wherever and whenever it is built, and nothing in it that does not belong to Lambda."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools import package
from tools.package import PROJECT, Package, PackageFailed, download_wheels, functions_zip, layer_zip, release_of

COPIED = ("fleetdx", "functions", "statemachines", "requirements", "templates", "tools")


def checkout(place: Path, mask: int, moment: int) -> Path:
    """A copy of what a package is built from, with other modes and times, and compiled files lying about."""
    before = os.umask(mask)
    try:
        for folder in COPIED:
            shutil.copytree(PROJECT / folder, place / folder, ignore=shutil.ignore_patterns("__pycache__"))
        for path in sorted(place.rglob("*"), reverse=bool(moment % 2)):
            path.chmod(0o777 & ~mask)
            os.utime(path, (moment, moment))
        (place / "fleetdx/__pycache__").mkdir()
        (place / "fleetdx/__pycache__/errors.cpython-311.pyc").write_bytes(os.urandom(8))
    finally:
        os.umask(before)
    return place


def built(place: Path, zone: str) -> dict[str, str]:
    """What `make package` writes there, by name, as SHA-256."""
    subprocess.run(
        [sys.executable, "-m", "tools.package", "--output", str(place / "out")],
        cwd=place,
        env={**os.environ, "TZ": zone, "PYTHONPATH": str(place)},
        check=True,
        capture_output=True,
    )
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (place / "out").iterdir()}


def test_two_builds_are_the_same_bytes(tmp_path: Path) -> None:
    """Two checkouts with other times, modes, umask and time zone give the same files, libraries included."""
    one = built(checkout(tmp_path / "one", 0o022, 1_000_000_000), "Asia/Seoul")
    other = built(checkout(tmp_path / "elsewhere/other", 0o077, 1_700_000_001), "Etc/GMT+5")
    assert one == other
    assert {"functions.zip", "layer.zip", "scan_fleet.asl.json", "SHA256SUMS"} <= one.keys()
    with zipfile.ZipFile(tmp_path / "one/out/layer.zip") as layer:
        names = layer.namelist()
    assert "python/jsonschema/__init__.py" in names
    compiled = [name for name in names if name.endswith(".so")]
    assert compiled
    assert all("cpython-313-aarch64" in name for name in compiled)


def test_functions_zip_holds_what_ships() -> None:
    """Functions and what they share are in it; the command line, what deploys and compiled files are not."""
    with zipfile.ZipFile(io.BytesIO(functions_zip())) as archive:
        names = archive.namelist()
        assert {(info.date_time, info.external_attr >> 16, info.compress_type) for info in archive.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), 0o100644, zipfile.ZIP_STORED)
        }
    assert names == sorted(names)
    assert "functions/send_command/handler.py" in names
    assert "fleetdx/schemas/scan_request.schema.json" in names
    assert not [name for name in names if name.startswith(("fleetdx/cli", "fleetdx/deployment")) or ".pyc" in name]


def test_another_content_lies_elsewhere() -> None:
    """A change of one definition changes the release's prefix, and not the layer's key."""
    one = Package({"functions.zip": b"1", "scan.asl.json": b"2"}, b"libraries")
    other = Package({"functions.zip": b"1", "scan.asl.json": b"3"}, b"libraries")
    assert one.prefix != other.prefix
    assert one.layer_key == other.layer_key
    assert not Package({}, None).layer_key


def test_a_layer_is_what_wheels_install(tmp_path: Path) -> None:
    """Libraries go below python/, also those in a wheel's data folder; its programs do not."""
    wheel = tmp_path / "a-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("a/__init__.py", "a-1.data/platlib/a/fast.so", "a-1.data/scripts/a", "a-1.dist-info/METADATA"):
            archive.writestr(name, name)
    with zipfile.ZipFile(io.BytesIO(layer_zip([wheel]))) as layer:
        assert layer.namelist() == ["python/a-1.dist-info/METADATA", "python/a/__init__.py", "python/a/fast.so"]
    other = shutil.copy(wheel, tmp_path / "b-1-py3-none-any.whl")
    with pytest.raises(PackageFailed, match=r"b-1.*another library has too"):
        layer_zip([wheel, Path(other)])


def test_a_library_of_another_hash_is_refused(tmp_path: Path) -> None:
    """What a mirror serves under a known name and version counts only by its hash."""
    lock = tmp_path / "runtime.lock"
    lock.write_text(f"six==1.17.0 ; python_full_version < '3.13' \\\n    --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    (tmp_path / "wheels").mkdir()
    with pytest.raises(PackageFailed, match="pip cannot download the libraries for Python 3.13"):
        download_wheels(lock, "3.13", tmp_path / "wheels")


def test_markers_do_not_count() -> None:
    """A requirement is taken whatever Python builds the package; its hashes stay."""
    lock = "a==1 \\\n    --hash=sha256:1\nb==2 ; python_full_version < '3.13' \\\n    --hash=sha256:2\n"
    assert package.MARKER.sub(r"\1 ", lock) == "a==1 \\\n    --hash=sha256:1\nb==2 \\\n    --hash=sha256:2\n"


def test_definitions_are_part_of_the_release() -> None:
    """Every state machine of statemachines/ is in it, as it is."""
    release = release_of()
    machines = {path.name: path.read_bytes() for path in (PROJECT / "statemachines").glob("*.asl.json")}
    assert machines
    assert {name: body for name, body in release.items() if name != "functions.zip"} == machines
