"""Fixtures for the simulator and third-party tools, which ``cargo xtask verify interop`` installs."""

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
#: Directory of the npm packages; empty if npm could not install them.
NODE_MODULES = os.environ.get("INTEROP_NODE_MODULES", "")


def needs(program: str) -> str:
    """Returns the path of a program. Skips the test if it is not installed."""
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
