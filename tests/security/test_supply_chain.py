"""What the product is made of is pinned, listed, and looked up; a silent service is not taken for a yes (S43)."""

import json
import re
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tools.audit import CLEAN, DANGEROUS, LOCKS, SHIPPED, UNKNOWN, Locked, bill_of_materials, judged, locked

ROOT = Path(__file__).parents[2]
TWO = [Locked("flask", "3.1.1", ("0" * 64,)), Locked("waitress", "3.0.2", ("1" * 64,))]


def found(name, *ids):
    return {"name": name, "version": "1", "vulns": [{"id": one, "fix_versions": ["2"]} for one in ids]}


def skipped(name):
    return {"name": name, "skip_reason": "Dependency not found"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_pinned_with_hashes_and_without_an_address(lock):
    packages = locked(lock)

    assert len(packages) > 50
    assert all(package.hashes for package in packages)
    content = "\n".join(line for line in lock.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    assert not re.search(r"https?://|--index-url|--extra-index-url|--find-links|--trusted-host|git\+", content)


def test_a_package_without_a_hash_is_not_locked(tmp_path):
    for line in ("flask==3.1.1\n", "flask>=3 --hash=sha256:" + "0" * 64, "-e .\n"):
        (tmp_path / "lock.txt").write_text(line, encoding="utf-8")
        with pytest.raises(ValueError, match="not pinned"):
            locked(tmp_path / "lock.txt")


def test_the_list_of_materials_is_valid_and_whole():
    written = bill_of_materials(locked(SHIPPED))

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(written) is None
    listed = {one["purl"] for one in json.loads(written)["components"]}
    assert listed == {f"pkg:pypi/{package.name}@{package.version}" for package in locked(SHIPPED)}


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        ([found("flask"), found("waitress")], CLEAN, "no known vulnerability"),
        ([found("flask"), found("waitress", "CVE-1", "CVE-2")], DANGEROUS, "waitress 1: CVE-1, fixed in 2"),
        ([found("Flask"), skipped("waitress")], UNKNOWN, "Nobody can say"),
        ([skipped("flask"), found("waitress", "CVE-1")], DANGEROUS, "CVE-1"),
        ([], UNKNOWN, "2 of 2 packages (flask, waitress)"),
    ],
)
def test_only_a_whole_answer_without_a_finding_is_good(answer, code, said):
    result, lines = judged({"dependencies": answer}, TWO)

    assert result == code
    assert said in "\n".join(lines)


def test_dependencies_that_had_holes_are_newer_than_those():
    versions = {package.name: tuple(map(int, package.version.split(".")[:3])) for package in locked(SHIPPED)}

    # The advisories of 2026 on PyJWT, and those on forms and on reading requests twice.
    assert versions["pyjwt"] >= (2, 15, 0)
    assert versions["flask"] >= (3, 1, 1)
    assert versions["werkzeug"] >= (3, 0, 6)
    assert versions["waitress"] >= (3, 0, 1)


def test_the_environment_takes_only_what_is_locked():
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()

    installs = [line for line in lines if "pip install" in line]
    # uv itself comes first, by its version; the product is installed without dependencies.
    assert installs
    assert all(re.search(r"--require-hashes|--no-deps|uv==\$\(UV_VERSION\)", line) for line in installs)
