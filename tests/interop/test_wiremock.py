"""WireMock, with mappings exported by the simulator, responds as the simulator does."""

from __future__ import annotations

import base64
import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import PROGRAM, needs, node_package

from configcat_management import Client, NotFoundError, RateLimitError

BASIC = "Basic " + base64.b64encode(b"simulator:simulator").decode()
PRODUCT = "20000000-0000-4000-8000-000000000001"


def call(
    url: str, method: str = "GET", body: Any = None, headers: dict[str, str] | None = None
) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    sent = {"Authorization": BASIC, "Content-Type": "application/json", **(headers or {})}
    sent = {name: value for name, value in sent.items() if value}
    request = urllib.request.Request(url, data=data, method=method, headers=sent)
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            status, content = response.status, response.read()
    except urllib.error.HTTPError as error:
        status, content = error.code, error.read()
    try:
        return status, json.loads(content)
    except ValueError:
        return status, content.decode()


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """State of the demo seed, so that simulator and export have the same generated identifiers."""
    folder = tmp_path_factory.mktemp("state")
    snapshot = str(folder / "snapshot.json")
    subprocess.run(
        [PROGRAM, "--seed", "demo", "--state", str(folder), "export", "snapshot", snapshot], check=True
    )
    return folder


@pytest.fixture(scope="module")
def mappings(state: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wiremock")
    subprocess.run([PROGRAM, "--state", str(state), "export", "wiremock", str(folder)], check=True)
    return folder


@pytest.fixture(scope="module")
def wiremock(mappings: Path) -> Iterator[str]:
    java = needs("java")
    jar = next((node_package("wiremock") / "build").glob("*.jar"))
    port = free_port()
    command = [java, "-jar", str(jar), "--port", str(port), "--root-dir", str(mappings)]
    command += ["--bind-address", "127.0.0.1", "--disable-banner", "--no-request-journal"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            for _ in range(200):
                try:
                    urllib.request.urlopen(f"{url}/__admin/mappings", timeout=5).read()
                    break
                except OSError:
                    time.sleep(0.1)
            else:
                pytest.fail("WireMock did not start")
            yield url
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def simulator(state: Path) -> Iterator[str]:
    command = [PROGRAM, "--state", str(state)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def test_every_get_mapping_matches_the_simulator(
    wiremock: str, simulator: str, mappings: Path
) -> None:
    stubs = json.loads((mappings / "mappings" / "configcat.json").read_text())["mappings"]
    reads = [s["request"] for s in stubs if s["request"]["method"] == "GET" and "urlPath" in s["request"]]
    assert len(reads) > 100
    for read in reads:
        headers = {name: match["equalTo"] for name, match in read.get("headers", {}).items()}
        ours = call(simulator + read["urlPath"], headers=headers)
        assert call(wiremock + read["urlPath"], headers=headers) == ours, read["urlPath"]


def test_wrong_credentials_and_unknown_ids_are_rejected(wiremock: str) -> None:
    assert call(f"{wiremock}/v1/products", headers={"Authorization": ""})[0] == 401
    assert call(f"{wiremock}/v1/products", headers={"Authorization": "Basic eDp5"})[0] == 401
    assert call(f"{wiremock}/v1/products/20000000-0000-4000-8000-00000000ffff")[0] == 404


def test_created_objects_echo_the_request(wiremock: str) -> None:
    name = 'quote " backslash \\ line\nbreak'
    status, config = call(
        f"{wiremock}/v1/products/{PRODUCT}/configs", "POST", {"name": name, "evaluationVersion": "v2"}
    )
    assert (status, config["name"], config["evaluationVersion"]) == (201, name, "v2")
    assert config["product"]["productId"] == PRODUCT and config["description"] is None
    _, another = call(f"{wiremock}/v1/products/{PRODUCT}/configs", "POST", {"name": "x"})
    assert another["configId"] != config["configId"]
    status, tag = call(f"{wiremock}/v1/tags/2001", "PUT", {"name": "renamed"})
    assert (status, tag["name"], tag["color"], tag["tagId"]) == (200, "renamed", "panther", 2001)
    assert call(f"{wiremock}/v1/tags/2001", "DELETE") == (204, "")


def test_client_reads_from_wiremock_and_is_rate_limited(wiremock: str) -> None:
    with Client(username="simulator", password="simulator", base_url=wiremock, max_attempts=1) as client:
        organization = client.organizations.list()[0]
        assert organization.name == "Corner Shop"
        for product in client.products.list():
            for config in client.configs.list(product.product_id):
                assert client.configs.get(config.config_id) == config
                for setting in client.settings.list(config.config_id):
                    assert client.settings.get(setting.setting_id) == setting
        page = client.audit_logs.list(PRODUCT)
        assert page.paging is not None and page.paging.total_count > 0
        with pytest.raises(NotFoundError):
            client.products.get("20000000-0000-4000-8000-00000000ffff")
        limited = f"{wiremock}/__admin/scenarios/rate-limit/state"
        assert call(limited, "PUT", {"state": "limited"})[0] == 200
        with pytest.raises(RateLimitError) as refused:
            client.me.get()
        assert refused.value.retry_after == 1
    with Client(username="simulator", password="simulator", base_url=wiremock) as patient:
        assert patient.me.get().email == "simulator@example.com", "the limit applies once"
