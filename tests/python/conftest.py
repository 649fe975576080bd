"""A simulator per test session, and clients for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from configcat_management import Client
from configcat_management.testing import Simulator

pytest_plugins = ["pytester"]


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def client(simulator: Simulator) -> Iterator[Client]:
    with simulator.client() as client:
        yield client


@pytest.fixture
def product(client: Client) -> Iterator[Any]:
    organization = client.organizations.list()[0]
    product = client.products.create(organization.organization_id, name="Shop")
    yield product
    client.products.delete(product.product_id)


@pytest.fixture
def demo() -> Iterator[Simulator]:
    """A simulator for one test, with the demo seed."""
    with Simulator(seed="demo") as simulator:
        yield simulator


@pytest.fixture
def shop(demo: Simulator) -> Iterator[Client]:
    with demo.client() as client:
        yield client
