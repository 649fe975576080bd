"""Tests of the example scripts in the documentation."""

from __future__ import annotations

import csv
import importlib.util
import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from configcat_management import Client, models
from configcat_management.testing import Simulator
from configcat_management.webhook import ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, sign

JOBS = Path(__file__).parents[2] / "examples/python/jobs"
PRODUCT = "20000000-0000-4000-8000-000000000001"
STOREFRONT = "50000000-0000-4000-8000-000000000001"
TEST, STAGING = (f"30000000-0000-4000-8000-00000000000{n}" for n in (1, 2))

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(demo: Simulator) -> Run:
    def script(name: str, *arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-W", "error", str(JOBS / f"{name}.py"), *arguments]
        done = subprocess.run(
            command, env={**os.environ, **demo.environment}, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == status, done.stderr
        return done

    return script


def value(client: Client, environment: str, key: str) -> Any:
    flag = client.settings.find(STOREFRONT, key)
    return client.flag_values.get(environment, flag.setting_id).default_value.value


def test_document_is_planned_applied_and_taken_back(run: Run, shop: Client, tmp_path: Path) -> None:
    document = tmp_path / "flags.yaml"
    document.write_text(
        "product: Web Shop\nconfigs: [{ name: Storefront, settings: [{ key: expressDelivery, values: { Test: true } }] }]\n"
    )
    report, undo = str(tmp_path / "report.json"), str(tmp_path / "undo.json")
    before = value(shop, TEST, "expressDelivery")
    assert run("apply_document", str(document), status=2).stdout.endswith("Plan: 1 to update, with 1 request.\n")
    assert value(shop, TEST, "expressDelivery") is before is False
    assert "1 applied" in run("apply_document", str(document), "--apply", report).stdout
    assert value(shop, TEST, "expressDelivery") is True
    assert run("apply_document", str(document)).stdout == "No changes: Web Shop is as the document says.\n"
    run("apply_document", "--undo", report, "--apply", undo)
    assert value(shop, TEST, "expressDelivery") is before


@pytest.fixture
def health() -> Iterator[tuple[str, list[int]]]:
    statuses = [200]

    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(statuses[0])
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Health)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", statuses
    server.shutdown()
    thread.join()
    server.server_close()


def test_rollout_reverts_when_health_check_fails(run: Run, shop: Client, health: tuple[str, list[int]]) -> None:
    url, statuses = health
    scope = ("Web Shop", "Storefront", "Staging", "expressDelivery", "--pause", "0", "--health", url)
    done = run("rollout_in_steps", *scope, "--steps", "10", "100")
    assert done.stdout == "expressDelivery: 10 %\nexpressDelivery: 100 %\n"
    flag = shop.settings.find(STOREFRONT, "expressDelivery").setting_id
    after = shop.flag_values.get(STAGING, flag)
    assert after.default_value.value is True and len(after.targeting_rules) == 1
    statuses[0] = 500
    assert "back to 0 %" in run("rollout_in_steps", *scope, "--steps", "30", status=1).stderr
    assert shop.flag_values.get(STAGING, flag).default_value.value is False


def test_unknown_environment_of_a_job_has_a_suggestion(run: Run) -> None:
    assert "did you mean 'Test'?" in run("clean_up_stale_flags", "Web Shop", "--ignore", "Tset", status=1).stderr


def test_clean_up_stale_flags_keeps_recent_flags(run: Run, shop: Client, demo: Simulator) -> None:
    demo.clock.advance(100 * 24 * 3600)
    shop.settings.create(STOREFRONT, key="fresh", name="Fresh", setting_type="boolean")
    rows = list(csv.DictReader(io.StringIO(run("clean_up_stale_flags", "Web Shop", "--days", "60").stdout)))
    assert {"newCheckout", "discountFactor"} <= {row["key"] for row in rows}
    assert "fresh" not in {row["key"] for row in rows}
    assert "deleted" in run("clean_up_stale_flags", "Web Shop", "--days", "60", "--delete").stderr
    assert "fresh" in [flag.key for flag in shop.settings.list(STOREFRONT)]
    assert len(shop.settings.list(STOREFRONT)) < 6


def test_audit_access_lists_rights_and_rotates_secrets(run: Run, shop: Client) -> None:
    organization = next(o for o in shop.organizations.list() if o.name == "Corner Shop")
    shop.proxy_profiles.create(organization.organization_id, name="Edge")
    done = run("audit_access", "--rotate-proxy-secrets")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    ada = next(row for row in rows if row["person"] == "ada@shop.example" and row["product"] == "Web Shop")
    assert (ada["group"], ada["remark"]) == ("Developers", "no second factor")
    assert "Edge: a new secret" in done.stderr


def test_watch_audit_log_prints_each_entry_once(run: Run, shop: Client) -> None:
    shop.tags.create(PRODUCT, name="seen")
    lines = run("watch_audit_log", "Web Shop", "--every", "0.1", "--rounds", "2").stdout.splitlines()
    assert len([line for line in lines if "seen" in line]) == 1


def test_new_team_product_creates_product_and_invitations(run: Run, shop: Client) -> None:
    done = run(
        "new_team_product", "Payments", "--organization", "Corner Shop", "--developers", "a@example.com",
        "b@example.com", "--leads", "c@example.com",
    )  # fmt: skip
    product = shop.products.find("Payments")
    assert product.product_id in done.stdout and "a@example.com" in done.stdout
    assert [e.name for e in shop.environments.list(product.product_id)] == ["Test", "Staging", "Production"]
    assert len(shop.invitations.list_for_product(product.product_id)) == 3
    assert isinstance(shop.permission_groups.find(product.product_id, "Leads"), models.PermissionGroup)
    assert run("new_team_product", "Payments").stdout.startswith("Nothing to do.\n")


KEY = "configcat_whsk_test"
BODY = b'{"changed": true}'


def load(name: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("CONFIGCAT_WEBHOOK_KEY", f"old,{KEY}")
    spec = importlib.util.spec_from_file_location(name, JOBS / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module


def headers() -> dict[str, str]:
    timestamp = str(int(time.time()))
    id = "b616ca659d154a5fb907dd8475792eeb"
    return {ID_HEADER: id, TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: sign(KEY, id, timestamp, BODY)}


def test_flask_receiver_rejects_invalid_signatures(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("flask")
    client = load("verify_webhooks_flask", monkeypatch).app.test_client()
    assert client.post("/configcat", data=BODY, headers=headers()).status_code == 204
    assert client.post("/configcat", data=BODY + b" ", headers=headers()).status_code == 401
    assert client.post("/configcat", data=BODY).status_code == 401


def test_fastapi_receiver_rejects_invalid_signatures(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("fastapi")
    from fastapi.testclient import TestClient

    client = TestClient(load("verify_webhooks_fastapi", monkeypatch).app)
    assert client.post("/configcat", content=BODY, headers=headers()).status_code == 204
    assert client.post("/configcat", content=BODY + b" ", headers=headers()).status_code == 401
    assert client.post("/configcat", content=BODY).status_code == 401
