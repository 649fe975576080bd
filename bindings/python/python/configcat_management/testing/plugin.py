"""Fixtures for pytest. The plugin is always on: until a fixture is asked for it imports the clients, without
models, asyncio and HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .. import AsyncClient, Client
    from . import Simulator

MARKER = "configcat_simulator"


def pytest_configure(config: pytest.Config) -> None:
    """Names the marker that sets a simulator up."""
    config.addinivalue_line("markers", f"{MARKER}(**options): options of the test's Simulator, such as seed='demo'")


@pytest.fixture
def configcat_simulator(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    """A simulator of the API for this test alone; options come from ``@pytest.mark.configcat_simulator``."""
    from . import Simulator

    test: pytest.Item = request.node
    marker = test.get_closest_marker(MARKER)
    options: dict[str, Any] = dict(marker.kwargs) if marker else {}
    with Simulator(**options) as simulator:
        yield simulator


@pytest.fixture
def configcat_client(configcat_simulator: Simulator) -> Iterator[Client]:
    """A client of the test's simulator, with the owner's credentials."""
    with configcat_simulator.client() as client:
        yield client


@pytest.fixture
def async_configcat_client(configcat_simulator: Simulator) -> Iterator[AsyncClient]:
    """A client of the test's simulator for asyncio; for any plugin that runs coroutines."""
    client = configcat_simulator.async_client()
    yield client
    client.close()
