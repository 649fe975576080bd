"""Removes the build directory from the SBOMs in wheels: ``forget_paths.py WHEEL...``.

maturin identifies packages by their absolute path. This script keeps only the path inside the project and updates the
wheel's RECORD.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import os
import sys
import zipfile
from pathlib import Path

PACKAGE = "/bindings/python"


def strip_paths(content: bytes) -> bytes:
    """Returns an SBOM without the absolute path of the project."""
    reference = json.loads(content)["metadata"]["component"]["bom-ref"]
    _, prefix, path = reference.partition("path+file://")
    folder, separator, _ = path.partition(PACKAGE + "#")
    if not (prefix and separator):
        raise SystemExit(f"unexpected package reference from maturin: {reference}")
    return content.replace(f"file://{folder}/".encode(), b"file:///")


def update_record(record: bytes, name: str, content: bytes) -> bytes:
    """Returns RECORD with the new hash and size of a file."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in csv.reader(io.StringIO(record.decode())):
        writer.writerow([name, f"sha256={digest}", len(content)] if row[0] == name else row)
    return out.getvalue().encode()


def rewrite(wheel: Path) -> None:
    """Rewrites a wheel in place, with the build directory removed from its SBOMs."""
    with zipfile.ZipFile(wheel) as archive:
        entries = [(info, archive.read(info)) for info in archive.infolist()]
    changed = {info.filename: strip_paths(content) for info, content in entries if "/sboms/" in info.filename}
    if not changed:
        raise SystemExit(f"{wheel} has no list of materials")
    new = wheel.with_suffix(".new")
    with zipfile.ZipFile(new, "w") as archive:
        for info, content in entries:
            if info.filename.endswith(".dist-info/RECORD"):
                for name, sbom in changed.items():
                    content = update_record(content, name, sbom)
            content = changed.get(info.filename, content)
            # The highest level makes the wheel about one percent smaller than the default.
            archive.writestr(info, content, compress_type=info.compress_type, compresslevel=9)
    os.replace(new, wheel)


for argument in sys.argv[1:]:
    rewrite(Path(argument))
