"""The simulator's console: the last writes as code make the same changes in another simulator."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from configcat_management import Client, enums
from configcat_management.testing import Simulator

ORGANIZATION = "10000000-0000-4000-8000-000000000001"
TEST = "30000000-0000-4000-8000-000000000001"
CHECKOUT = 3001
SDK_KEY = "configcat-sdk-1/DemoStorefrontTest00_1/DemoStorefrontTest00_2"
PRODUCTS = ["Web Shop", "Back Office", "Pop-up store"]


def change(client: Client) -> None:
    """Changes what the demo has, and creates a product whose parts refer to each other by generated ids."""
    text = "it's \"quoted\" $HOME `x` \\ {braces} ü\nsecond line"
    product = client.products.create(ORGANIZATION, name="Pop-up store", description=text)
    environment = client.environments.create(product.product_id, name="Test", color=None)
    tags = [client.tags.create(product.product_id, name=name) for name in ("new", "old")]
    segment = client.segments.create(
        product.product_id,
        name="Staff",
        comparison_attribute="Email",
        comparator=enums.RolloutRuleComparator.CONTAINS,
        comparison_value="@x",
    )
    config = client.configs.create(product.product_id, name="Main", evaluation_version=enums.EvaluationVersion.V2)
    first = client.settings.create(
        config.config_id, key="first", name="First", setting_type=enums.SettingType.BOOLEAN, tags=[tags[0].tag_id]
    )
    second = client.settings.create(
        config.config_id, key="second", name="Second", setting_type=enums.SettingType.DOUBLE
    )
    before = client.flag_values.get(environment.environment_id, second.setting_id)
    client.flag_values.replace(
        environment.environment_id,
        second.setting_id,
        default_value=2.0,
        targeting_rules=[
            {
                "conditions": [
                    {
                        "prerequisite_flag_condition": {
                            "prerequisite_setting_id": first.setting_id,
                            "comparator": enums.PrerequisiteComparator.EQUALS,
                            "prerequisite_comparison_value": True,
                        }
                    },
                    {
                        "segment_condition": {
                            "segment_id": segment.segment_id,
                            "comparator": enums.SegmentComparator.IS_IN,
                        }
                    },
                ],
                "value": 0.5,
            }
        ],
        reason="a & b",
        latest_version_id=before.last_version_id,
    )
    client.settings.patch(first.setting_id, [{"op": "add", "path": "/tags/-", "value": tags[1].tag_id}])
    doomed = client.settings.create(
        config.config_id, key="doomed", name="Doomed", setting_type=enums.SettingType.STRING
    )
    client.settings.delete(doomed.setting_id)
    client.flag_values.replace(TEST, CHECKOUT, default_value=False)
    client.flag_values_by_sdk_key.replace("bannerText", default_value="Hello?", sdk_key=SDK_KEY)


def products(client: Client) -> list[str]:
    """Returns every product by names, without ids."""
    return [client.export(product).to_yaml() for product in PRODUCTS]


@pytest.mark.parametrize(("language", "program"), [("python", [sys.executable]), ("curl", ["sh"])])
def test_copied_code_makes_the_same_changes(
    demo: Simulator, shop: Client, tmp_path: Path, language: str, program: list[str]
) -> None:
    if language == "curl" and not shutil.which("curl"):
        pytest.skip("curl is not installed")
    change(shop)
    with urlopen(f"{demo.url}/__simulator/console/code?language={language}") as response:
        code = response.read().decode()
    # Methods of the client where there are some: only the patch is a request by method and path.
    assert "latest" not in code and code.count("client.request(") == (language == "python")
    file = tmp_path / "code"
    file.write_text(code, encoding="utf-8")
    with Simulator(seed="demo") as other, other.client() as client:
        environment = {**os.environ, **other.environment}
        subprocess.run([*program, str(file)], env=environment, check=True, stdout=subprocess.DEVNULL)
        expected = products(shop)
        assert "second" in expected[2] and "doomed" not in expected[2]
        assert products(client) == expected
