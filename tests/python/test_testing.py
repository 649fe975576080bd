"""The in-process simulator, its pytest fixtures, and its command line."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from configcat_management import AuthenticationError, ServerError
from configcat_management.testing import AdminError, Simulator

PRODUCT = "20000000-0000-4000-8000-000000000001"


def test_simulators_have_separate_ports_and_states() -> None:
    with Simulator() as one, Simulator(seed="demo") as other:
        assert one.url != other.url
        with one.client() as client:
            assert client.products.list() == []
        with other.client() as client:
            assert len(client.products.list()) == 2


def test_closed_simulator_refuses_connections() -> None:
    with Simulator() as simulator:
        client = simulator.client(max_attempts=1)
        client.me.get()
    with pytest.raises(ConnectionError):
        client.me.get()
    client.close()
    simulator.close()


def test_seed_is_accepted_as_dictionary_or_file(tmp_path: Path) -> None:
    seed = {"organizations": [{"name": "Mine", "products": [{"name": "P"}]}]}
    file = tmp_path / "seed.yaml"
    file.write_text("organizations:\n  - name: Mine\n    products: [{ name: P }]\n")
    for source in (seed, file, str(file)):
        with Simulator(seed=source) as simulator, simulator.client() as client:
            assert [p.name for p in client.products.list()] == ["P"]
    with pytest.raises(ValueError, match=r"organizations\[0\].nam"):
        Simulator(seed={"organizations": [{"nam": "x"}]})
    with pytest.raises(ValueError, match="rate_limit"):
        Simulator(rate_limit="many")


def test_faults_and_journal_can_be_verified(demo: Simulator) -> None:
    name = demo.add_fault(operation="tags.*", status=500, times=1)
    with demo.client(max_attempts=1) as client:
        with pytest.raises(ServerError):
            client.tags.list(PRODUCT)
        client.tags.list(PRODUCT)
        client.tags.create(PRODUCT, name="new")
    [created] = demo.journal(method="POST")
    assert created["requestBody"] == {"name": "new"} and created["status"] == 201
    assert demo.verify("tags.list") == 2 and demo.verify("tags.list", status=200, times=1) == 1
    assert demo.verify(path=f"/v1/products/{PRODUCT}/tags", at_least=2, at_most=3) == 3
    with pytest.raises(AssertionError, match='expected exactly 5 calls with operation "tags.list", found 2; called were'):
        demo.verify("tags.list", times=5)
    demo.remove_fault(name)
    with pytest.raises(AdminError) as caught:
        demo.remove_fault(name)
    assert caught.value.status == 404
    demo.clear_journal()
    assert demo.journal() == []


def test_failed_verification_shows_what_was_called(demo: Simulator) -> None:
    with pytest.raises(AssertionError) as empty:
        demo.verify("tags.list")
    assert str(empty.value) == 'expected at least 1 call with operation "tags.list", found 0; nothing was called'
    with demo.client() as client:
        client.tags.list(PRODUCT)
        client.tags.list(PRODUCT)
        client.me.get()
    with pytest.raises(AssertionError) as caught:
        demo.verify("tags.create", status=201, times=1)
    expected = 'expected exactly 1 call with operation "tags.create", status 201, found 0'
    assert str(caught.value) == f"{expected}; called were me.get 1x (200), tags.list 2x (200)"


def test_failed_verification_shows_only_the_line_of_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "def test_calls(configcat_client, configcat_simulator):\n"
        "    configcat_client.products.list()\n"
        "    configcat_simulator.verify('products.create')\n"
    )
    result = pytester.runpytest_subprocess(*plugin())
    result.assert_outcomes(failed=1)
    text = result.stdout.str()
    assert "called were products.list 1x (200)" in text and "configcat_simulator.verify('products.create')" in text
    for internal in ("_admin.py", "AdminError", "filters =", "object(\"POST\""):
        assert internal not in text


def test_clock_freezes_advances_and_resumes(demo: Simulator) -> None:
    at = datetime(2027, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    assert demo.clock.freeze(at) == at and demo.clock.frozen and demo.clock.now() == at
    assert demo.clock.advance(90) == at + timedelta(seconds=90)
    demo.clock.resume()
    assert not demo.clock.frozen


def test_snapshot_reset_and_plant_change_the_state(demo: Simulator) -> None:
    before = demo.snapshot()
    with demo.client() as client:
        client.products.delete(PRODUCT)
        demo.restore(before)
        assert len(client.products.list()) == 2
        client.products.delete(PRODUCT)
        demo.reset()
        assert len(client.products.list()) == 2
        demo.plant({"organizations": [{"name": "More", "products": [{"name": "Third"}]}]})
        assert len(client.products.list()) == 3


def test_exported_seed_plants_the_same_state(demo: Simulator) -> None:
    with demo.client() as client:
        client.products.update(PRODUCT, name="Renamed")
    seed = demo.export_seed()
    with Simulator(seed=seed) as copy, copy.client() as client:
        assert client.products.get(PRODUCT).name == "Renamed"
        assert copy.export_seed() == seed


def test_added_credentials_and_invitations_work(demo: Simulator) -> None:
    demo.add_credential("ci", "secret", user="ci@example.com", full_name="CI", rate_limit="2/60")
    with demo.client(username="ci", password="secret", rate_limit="off", max_attempts=1) as client:
        assert client.me.get().full_name == "CI" and client.products.list() == []
        with pytest.raises(Exception, match="429"):
            client.me.get()
    with demo.client() as client:
        group = client.permission_groups.list(PRODUCT)[0]
        client.members.invite(PRODUCT, emails=["new@example.com"], permission_group_id=group.permission_group_id)
        [invitation] = client.invitations.list_for_product(PRODUCT)
        demo.accept_invitation(invitation.invitation_id, full_name="New")
        assert "new@example.com" in [m.email for m in client.members.list_for_product(PRODUCT)]


def test_custom_owner_credentials_are_required(demo: Simulator) -> None:
    with Simulator(username="me", password="mine") as simulator:
        with simulator.client() as client:
            client.me.get()
        with simulator.client(password="wrong") as client, pytest.raises(AuthenticationError):
            client.me.get()


def test_simulator_starts_and_stops_within_200_ms() -> None:
    took = []
    for _ in range(10):
        start = time.perf_counter()
        Simulator(seed="demo").close()
        took.append(time.perf_counter() - start)
    print(f"start and stop: {sorted(took)[5] * 1e3:.1f} ms")
    # Far above the documented time: this machine may be busy, and the build may be unoptimized.
    assert min(took) < 0.2


TESTS = """
import asyncio
import pytest

def test_fixtures(configcat_client, configcat_simulator):
    assert configcat_client.products.list() == []
    configcat_simulator.verify("products.list")

@pytest.mark.configcat_simulator(seed="demo", rate_limit="50/60")
@pytest.mark.parametrize("n", range(4))
def test_options(configcat_client, n):
    assert len(configcat_client.products.list()) == 2
    assert configcat_client.rate_limit.remaining == 49

def test_asyncio(async_configcat_client):
    assert asyncio.run(async_configcat_client.products.list()) == []
"""


def plugin() -> list[str]:
    """Returns the options that load the plugin by name if the package, and so its entry point, is not installed."""
    from importlib.metadata import entry_points

    known = any(point.value == "configcat_management.testing.plugin" for point in entry_points(group="pytest11"))
    return [] if known else ["-p", "configcat_management.testing.plugin"]


def test_pytest_fixtures_work_with_and_without_xdist(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(TESTS)
    options = ["--strict-markers", "-W", "error", *plugin()]
    pytester.runpytest_subprocess(*options).assert_outcomes(passed=6)
    pytest.importorskip("xdist")
    pytester.runpytest_subprocess("-n", "2", *options).assert_outcomes(passed=6)


def test_plugin_does_not_import_models_or_asyncio_client(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "import sys\ndef test_nothing():\n"
        "    for name in ('_generated.models', '_async_client', '_async_connection'):\n"
        "        assert f'configcat_management.{name}' not in sys.modules\n"
    )
    pytester.runpytest_subprocess(*plugin()).assert_outcomes(passed=1)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are different there")
def test_simulator_module_runs_from_a_shell() -> None:
    command = [sys.executable, "-m", "configcat_management.simulator", "--seed", "demo", "--rate-limit", "9/60"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
        environment = {"CONFIGCAT_BASE_URL": url, "CONFIGCAT_API_USER": "simulator", "CONFIGCAT_API_PASS": "simulator"}
        whoami = subprocess.run(
            [sys.executable, "-m", "configcat_management", "whoami"],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
        )
        assert "simulator@example.com" in whoami.stdout
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 0
    wrong = subprocess.run([*command, "--nonsense"], capture_output=True, text=True)
    assert wrong.returncode == 2 and "--nonsense" in wrong.stderr
