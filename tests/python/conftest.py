"""A simulator per test session, and clients for it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from configcat_management import Client


@contextmanager
def running_simulator(*options: str) -> Iterator[str]:
    """Runs the simulator; its program is built and named by ``cargo xtask test``."""
    program = os.environ["CONFIGCAT_SIMULATOR"]
    with subprocess.Popen([program, *options], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def simulator() -> Iterator[str]:
    with running_simulator() as url:
        yield url


@pytest.fixture
def client(simulator: str) -> Iterator[Client]:
    with Client(username="simulator", password="simulator", base_url=simulator) as client:
        yield client


@pytest.fixture
def product(client: Client) -> Iterator[Any]:
    organization = client.organizations.list()[0]
    product = client.products.create(organization.organization_id, name="Shop")
    yield product
    client.products.delete(product.product_id)
