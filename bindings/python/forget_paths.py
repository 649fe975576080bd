"""Rewrites the lists of materials in wheels, which name the folder in which they were built: ``forget_paths.py WHEEL...``.

maturin names packages by where they are. What is left is the path inside of the project; the wheel's record of its
files is brought up to date.
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


def forget(content: bytes) -> bytes:
    """The list without the folder that its own package is in."""
    reference = json.loads(content)["metadata"]["component"]["bom-ref"]
    _, found, path = reference.partition("path+file://")
    folder, inside, _ = path.partition(PACKAGE + "#")
    if not (found and inside):
        raise SystemExit(f"this is not how maturin names packages: {reference}")
    return content.replace(f"file://{folder}/".encode(), b"file:///")


def recorded(record: bytes, name: str, content: bytes) -> bytes:
    """The record with the hash and the size of a file as it is now."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in csv.reader(io.StringIO(record.decode())):
        writer.writerow([name, f"sha256={digest}", len(content)] if row[0] == name else row)
    return out.getvalue().encode()


def rewrite(wheel: Path) -> None:
    """Replaces a wheel by one that says the same, but for the folder."""
    with zipfile.ZipFile(wheel) as archive:
        entries = [(info, archive.read(info)) for info in archive.infolist()]
    changed = {info.filename: forget(content) for info, content in entries if "/sboms/" in info.filename}
    if not changed:
        raise SystemExit(f"{wheel} has no list of materials")
    new = wheel.with_suffix(".new")
    with zipfile.ZipFile(new, "w") as archive:
        for info, content in entries:
            if info.filename.endswith(".dist-info/RECORD"):
                for name, text in changed.items():
                    content = recorded(content, name, text)
            archive.writestr(info, changed.get(info.filename, content), compress_type=info.compress_type)
    os.replace(new, wheel)


for argument in sys.argv[1:]:
    rewrite(Path(argument))
