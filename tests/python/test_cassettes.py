"""Cassettes: recorded with the simulator, played back without it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from configcat_management import AsyncClient, Client, ConfigurationError
from configcat_management.testing import Cassette, Simulator


def job(client: Client) -> list[str]:
    organization = client.organizations.list()[0]
    client.products.create(organization.organization_id, name="Recorded")
    return [product.name for product in client.products.list()]


def test_recording_is_played_back_without_a_server(demo: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new" / "products.jsonl"
    with demo.client(cassette=Cassette(path)) as client:
        recorded = job(client)
    demo.close()
    monkeypatch.delenv("CONFIGCAT_API_USER", raising=False)
    cassette = Cassette(str(path))
    assert cassette.path == path
    assert repr(cassette) == f"<Cassette {path}>"
    with Client(base_url="http://127.0.0.1:1", cassette=cassette) as client:
        assert job(client) == recorded
        with pytest.raises(ConfigurationError, match="GET /v1/products is recorded once, and that response was used"):
            client.products.list()

    async def names() -> list[str]:
        async with AsyncClient(cassette=Cassette(path, "replay")) as client:
            return [product.name for product in await client.products.list()]

    assert asyncio.run(names()) == recorded


def test_clients_record_to_a_shared_cassette(demo: Simulator, tmp_path: Path) -> None:
    cassette = Cassette(tmp_path / "both.jsonl", mode="record")
    for _ in range(2):
        with demo.client(cassette=cassette) as client:
            client.me.get()
    lines = cassette.path.read_text().splitlines()
    assert len(lines) == 3
    assert all("simulator" not in line.split('"response"')[0] for line in lines)


def test_invalid_mode_or_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="mode: must be 'auto', 'record' or 'replay', not \"rewind\""):
        Cassette(tmp_path / "x", "rewind")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="none.jsonl"):
        Client(cassette=Cassette(tmp_path / "none.jsonl", "replay"))
