"""`make audit`: lists what the product is made of (CycloneDX), and asks whether any of it is known to be dangerous.

Ends with 0 when every package was looked up and none has a known vulnerability, 1 when one has, and 2 when the service
that knows them did not answer for all: then nobody can say, and it is said so.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT: Final = Path(__file__).resolve().parents[1]
LOCKS: Final = (ROOT / "requirements/app.txt", ROOT / "requirements/dev.txt")
SHIPPED: Final = LOCKS[0]

CLEAN, DANGEROUS, UNKNOWN = 0, 1, 2

_PINNED: Final = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)")
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Locked:
    """A package of a lock."""

    name: str
    version: str
    hashes: tuple[str, ...]


def locked(lock: Path) -> list[Locked]:
    """The packages of `lock`, each with the hashes of its files.

    Raises:
        ValueError: one is not pinned, or has no hash.
    """
    return [_read(entry) for entry in _entries(lock.read_text(encoding="utf-8"))]


def _entries(text: str) -> Iterator[str]:
    joined = text.replace("\\\n", " ")
    yield from (line.strip() for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#"))


def _read(entry: str) -> Locked:
    found, hashes = _PINNED.match(entry), tuple(_HASH.findall(entry))
    if found is None or not hashes:
        raise ValueError(f"not pinned, or without a hash: {entry[:100]}")
    return Locked(found["name"].lower(), found["version"], hashes)


def bill_of_materials(packages: list[Locked]) -> str:
    """`packages` as a CycloneDX document, always the same for the same lock but for its number and date."""
    components = [
        Component(
            type=ComponentType.LIBRARY,
            name=package.name,
            version=package.version,
            purl=PackageURL("pypi", name=package.name, version=package.version),
            bom_ref=f"{package.name}=={package.version}",
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=hash_) for hash_ in package.hashes],
        )
        for package in packages
    ]
    product = Component(type=ComponentType.APPLICATION, name="alumusic-insights", bom_ref="alumusic")
    bom = Bom(components=components)
    bom.metadata.component = product
    bom.register_dependency(product, components)
    return str(JsonV1Dot6(bom).output_as_string(indent=2))


def judged(answer: dict[str, Any], packages: list[Locked]) -> tuple[int, list[str]]:
    """What pip-audit's `answer` means for `packages`: how to end, and lines to say."""
    looked_up = {one["name"].lower(): one for one in answer["dependencies"] if "skip_reason" not in one}
    dangers = [
        f"{one['name']} {one['version']}: {found['id']}, fixed in {', '.join(found['fix_versions']) or 'none yet'}"
        for one in looked_up.values()
        for found in one["vulns"]
    ]
    if dangers:
        return DANGEROUS, dangers
    missing = [package.name for package in packages if package.name not in looked_up]
    if missing:
        told = ", ".join(missing[:5]) + (", …" if len(missing) > 5 else "")  # noqa: PLR2004
        return UNKNOWN, [
            f"Nobody can say: the service did not answer for {len(missing)} of {len(packages)} packages ({told}).",
            "Run `make audit` where the service of PyPI itself (/pypi/<name>/<version>/json) can be reached.",
        ]
    return CLEAN, [f"{len(packages)} packages looked up: no known vulnerability."]


def asked(lock: Path) -> dict[str, Any]:
    """What pip-audit says of `lock`; nothing about anything where it cannot say."""
    command = [
        sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--progress-spinner", "off",
        "--format", "json", "--requirement", str(lock),
    ]  # fmt: skip
    ran = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - a command of ours
    try:
        answer: dict[str, Any] = json.loads(ran.stdout)
    except ValueError:
        click.echo(ran.stderr.strip()[-500:], err=True)
        return {"dependencies": []}
    return answer


@click.command()
@click.option("--sbom", type=click.Path(dir_okay=False, path_type=Path), default=ROOT / "dist/sbom.cdx.json")
def main(sbom: Path) -> None:
    """Write the list of materials, then look up each package of both locks."""
    sbom.parent.mkdir(parents=True, exist_ok=True)
    sbom.write_text(bill_of_materials(locked(SHIPPED)), encoding="utf-8")
    click.echo(f"materials: {sbom} ({len(locked(SHIPPED))} packages)")
    worst = CLEAN
    for lock in LOCKS:
        code, lines = judged(asked(lock), locked(lock))
        click.echo("\n".join([f"{lock.name}:", *(f"  {line}" for line in lines)]))
        # A known danger is worse than an unanswered question.
        worst = DANGEROUS if DANGEROUS in {worst, code} else max(worst, code)
    sys.exit(worst)


if __name__ == "__main__":
    main()
