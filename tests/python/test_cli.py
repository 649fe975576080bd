"""The command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from configcat_management import _cli, _native
from configcat_management.testing import Simulator

PRODUCT = "20000000-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def environment(demo: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in demo.environment.items():
        monkeypatch.setenv(name, value)


class Run:
    """Runs commands and captures their output."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: str, status: int = 0) -> str:
        assert _cli.main(list(arguments)) == status
        out, err = self.capsys.readouterr()
        return err if status else out

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--json"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(capsys)


def test_whoami_shows_the_user(run: Run) -> None:
    assert run.json("whoami")["email"] == "simulator@example.com"
    assert "email" in run("whoami", "--table")


def test_get_lists_resources_and_reads_one(run: Run) -> None:
    assert [p["name"] for p in run.json("get", "products")] == ["Web Shop", "Back Office"]
    assert "Web Shop" in run("get", "products", "--table").splitlines()[2]
    [config, *_] = run.json("get", "configs", PRODUCT)
    [flag, *_] = run.json("get", "settings", config["configId"])
    assert flag["key"] == "newCheckout" and run.json("get", "settings.get", str(flag["settingId"])) == flag
    assert len(run.json("get", "audit_logs", PRODUCT, "page_size=3")["data"]) == 3


def test_call_parses_arguments_by_declared_type(run: Run, tmp_path: Path) -> None:
    [config, *_] = run.json("get", "configs", PRODUCT)
    fields = [f"config_id={config['configId']}", "key=cli", "name=7", "setting_type=int"]
    flag = run.json("call", "settings.create", *fields)
    assert (flag["name"], flag["settingType"]) == ("7", "int")
    [test, *_] = run.json("get", "environments", PRODUCT)
    patch = tmp_path / "patch.json"
    patch.write_text('[{"op": "replace", "path": "/defaultValue/intValue", "value": 5}]')
    path = [f"environment_id={test['environmentId']}", f"setting_id={flag['settingId']}"]
    assert run.json("call", "flag_values.patch", *path, f"patch=@{patch}")["defaultValue"]["intValue"] == 5
    rules = '[{"conditions": [], "percentage_options": [{"percentage": 100, "value": 3}]}]'
    formula = run.json("call", "flag_values.replace", *path, "default_value=4", f"targeting_rules={rules}")
    assert formula["targetingRules"][0]["percentageOptions"][0]["value"]["intValue"] == 3
    assert run("call", "settings.delete", f"setting_id={flag['settingId']}") == "null\n"
    # Operation ids of the spec are accepted too.
    assert run.json("call", "get-me")["email"] == "simulator@example.com"


def test_operations_lists_all_and_shows_arguments_of_one(run: Run) -> None:
    assert len(run("operations").splitlines()) == len(_native.describe())
    shown = run("operations", "settings.create")
    assert "POST /v1/configs/{configId}/settings" in shown and "setting_type=string (boolean, string, int, double)" in shown


def test_get_with_several_scopes_asks_for_the_name_of_the_id(run: Run) -> None:
    # An organization's id and a product's id have the same form.
    refused = run("get", "members", PRODUCT, status=2)
    assert "members.list_for_organization organization_id" in refused
    assert "members.list_for_product product_id" in refused and "_id=ID" in refused
    members = run.json("get", "members", f"product_id={PRODUCT}")
    assert members == run.json("get", "members.list_for_product", PRODUCT) and members[0]["email"]
    organization = run.json("get", "products")[0]["organization"]["organizationId"]
    assert "admins" in run.json("get", "members", f"organization_id={organization}")


def test_tables_show_plain_values_instead_of_reprs(run: Run) -> None:
    [config, *_] = run.json("get", "configs", PRODUCT)
    [test, *_] = run.json("get", "environments", PRODUCT)
    ids = [config["configId"], test["environmentId"]]
    for command in (["flag_values.get_all", *ids], ["settings", config["configId"]], ["products.get", PRODUCT]):
        text = run("get", *command, "--table")
        for word in ("None", "True", "False", "FlagValue", "datetime", "Organization(", "Tag("):
            assert word not in text, (command, word)
    values = run("get", "flag_values.get_all", *ids, "--table")
    assert "\nsetting_formulas:\nsetting " in values and "read_only " in values and "false" in values


def test_table_of_one_object_begins_with_its_name(run: Run) -> None:
    lines = run("get", "products.get", PRODUCT, "--table").splitlines()
    assert lines[0].split() == ["name", "Web", "Shop"] and lines[1].split() == ["product_id", PRODUCT]
    assert ["organization", "Corner", "Shop"] in [line.split() for line in lines]


def test_pages_are_tables_of_their_items(run: Run) -> None:
    text = run("get", "audit_logs", PRODUCT, "page_size=3", "--table")
    assert "current_page=1" in text and "\ndata:\n" in text and "audit_log_id" in text


@pytest.mark.parametrize(
    ("arguments", "status", "text"),
    [
        (["get", "product"], 2, "did you mean products?"),
        (["call", "settings.creat"], 2, "did you mean settings.create?"),
        (["call", "tags.create", f"product_id={PRODUCT}", "nam=x"], 2, "did you mean name?"),
        (["call", "tags.create", "name=x"], 2, "product_id missing"),
        (["call", "tags.create", "name"], 2, "key=value"),
        (["call", "tags.create", f"product_id={PRODUCT}"], 1, "name"),
        (["call", "settings.reorder", "x=1"], 2, "unknown operation"),
        (["call", "audit_logs.list", f"product_id={PRODUCT}", "page_size=many"], 2, "is not a valid integer"),
        (["get", "products", "1", "2"], 2, "takes 2 ids"),
        (["get", "configs", PRODUCT, f"product_id={PRODUCT}"], 2, "no query takes 1 id;"),
        (["call", "tags.create", f"product_id={PRODUCT}", "name=a", "name=b"], 2, "name is present more than once"),
        (["get", "audit_logs", PRODUCT, "page_size=1", "page_size=2"], 2, "page_size is present more than once"),
        (
            ["call", "members.invite", f"product_id={PRODUCT}", 'emails=["a@example.com"]', 'emails=["b@example.com"]'],
            2,
            "write a list as JSON: emails='[",
        ),
        (["get", "configs", "20000000-0000-4000-8000-00000000ffff"], 1, "404"),
    ],
)
def test_invalid_command_reports_the_problem(run: Run, arguments: list[str], status: int, text: str) -> None:
    assert text in run(*arguments, status=status)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script_contains_operations_and_resources(run: Run, shell: str) -> None:
    script = run("completion", shell)
    assert "settings.create" in script and "audit_logs" in script and "{{" not in script


def test_bash_completes_operation_names() -> None:
    script = subprocess.run(
        [sys.executable, "-m", "configcat_management", "completion", "bash"], capture_output=True, text=True, check=True
    ).stdout
    ask = "COMP_WORDS=(configcat-management call settings.cr); COMP_CWORD=2; _configcat_management; echo ${COMPREPLY[@]}"
    done = subprocess.run(["bash", "-c", f"{script}\n{ask}"], capture_output=True, text=True)
    assert done.stdout == "settings.create\n", done.stderr


def test_module_runs_as_program_and_prints_help() -> None:
    done = subprocess.run([sys.executable, "-m", "configcat_management", "--help"], capture_output=True, text=True)
    assert done.returncode == 0 and "configcat-management call settings.create" in done.stdout
    assert subprocess.run([sys.executable, "-m", "configcat_management"], capture_output=True).returncode == 2
