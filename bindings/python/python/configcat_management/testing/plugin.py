"""Fixtures for pytest.

pytest always loads the plugin. Until a fixture is requested, it imports only the clients, without models, asyncio and
HTTP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .. import AsyncClient, Client
    from . import Simulator

MARKER = "configcat_simulator"


def pytest_configure(config: pytest.Config) -> None:
    """Registers the marker with the options of a test's simulator."""
    config.addinivalue_line("markers", f"{MARKER}(**options): options of the test's Simulator, such as seed='demo'")


@pytest.fixture
def configcat_simulator(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    """A simulator of the API for this test only. Options come from ``@pytest.mark.configcat_simulator``."""
    from . import Simulator

    test: pytest.Item = request.node
    marker = test.get_closest_marker(MARKER)
    options: dict[str, Any] = dict(marker.kwargs) if marker else {}
    with Simulator(**options) as simulator:
        yield simulator


@pytest.fixture
def configcat_client(configcat_simulator: Simulator) -> Iterator[Client]:
    """A client for the test's simulator, with the owner's credentials."""
    with configcat_simulator.client() as client:
        yield client


@pytest.fixture
def async_configcat_client(configcat_simulator: Simulator) -> Iterator[AsyncClient]:
    """An asyncio client for the test's simulator. Works with any plugin that runs coroutines."""
    client = configcat_simulator.async_client()
    yield client
    client.close()
