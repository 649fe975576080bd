"""The simulator, and other people's tools: installed by name by ``cargo xtask verify interop``."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from configcat_management import Client

PROGRAM = os.environ["CONFIGCAT_SIMULATOR"]
#: Where the npm packages are; empty when npm could not install them.
NODE_MODULES = os.environ.get("INTEROP_NODE_MODULES", "")


def needs(program: str) -> str:
    """The path of a program; a visible skip where there is none."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


def node_package(name: str) -> Path:
    if not NODE_MODULES:
        pytest.skip(f"the npm package {name} could not be installed")
    return Path(NODE_MODULES) / name


@contextmanager
def running_simulator(*options: str) -> Iterator[str]:
    with subprocess.Popen([PROGRAM, *options], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@pytest.fixture
def simulator() -> Iterator[str]:
    with running_simulator("--seed", "demo") as url:
        yield url


@pytest.fixture
def client(simulator: str) -> Iterator[Client]:
    with Client(username="simulator", password="simulator", base_url=simulator) as client:
        yield client
