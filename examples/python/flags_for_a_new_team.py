"""Creates a product for a new team, with environments, a config and flags, turns a flag on and lists all flags.

Runs against the service with your credentials (CONFIGCAT_API_USER and CONFIGCAT_API_PASS), or against the simulator:

    cargo xtask demo
"""

from __future__ import annotations

import sys
import time

from configcat_management import Client, enums, models

FLAGS = [
    ("newCheckout", "New checkout", enums.SettingType.BOOLEAN),
    ("searchBackend", "Search backend", enums.SettingType.STRING),
    ("maxCartItems", "Most items in a cart", enums.SettingType.INT),
    ("discountFactor", "Discount factor", enums.SettingType.DOUBLE),
    ("darkMode", "Dark mode", enums.SettingType.BOOLEAN),
]


def progress(text: str) -> None:
    print(f"  {text}", flush=True)


def main() -> None:
    start = time.monotonic()
    with Client() as client:
        organization = client.organizations.list()[0]
        product = client.products.create(organization.organization_id, name="Web shop", description="Demo")
        progress(f"product      {product.name}")
        environments: list[models.Environment] = []
        for name, color in [("Test", "green"), ("Staging", "orange"), ("Production", "red")]:
            environments.append(client.environments.create(product.product_id, name=name, color=color))
            progress(f"environment  {name}")
        config = client.configs.create(product.product_id, name="Main", evaluation_version="v2")
        progress(f"config       {config.name}")
        flags: dict[str, models.Setting] = {}
        for key, name, setting_type in FLAGS:
            flags[key] = client.settings.create(config.config_id, key=key, name=name, setting_type=setting_type)
            progress(f"flag         {key}")
        for environment in environments[:2]:
            client.flag_values.replace(
                environment.environment_id,
                flags["newCheckout"].setting_id,
                default_value=environment.name == "Test",
                targeting_rules=[
                    {
                        "conditions": [
                            {
                                "user_condition": {
                                    "comparison_attribute": "Email",
                                    "comparator": enums.UserComparator.CONTAINS_ANY_OF,
                                    "comparison_value": {"list_value": [{"value": "@example.com"}]},
                                }
                            }
                        ],
                        "value": True,
                    }
                ],
                reason="Our own people first",
            )
            people = "everybody" if environment.name == "Test" else "our own people"
            progress(f"switched on  newCheckout for {people} in {environment.name}")

        values = {}
        for environment in environments:
            formulas = client.flag_values.get_all(config.config_id, environment.environment_id).setting_formulas
            for formula in formulas:
                rules = f" +{len(formula.targeting_rules)} rule" if formula.targeting_rules else ""
                values[formula.setting.key, environment.name] = f"{formula.default_value.value!r}{rules}"
        settings = client.settings.list(config.config_id)

        usage = client.usage
        print(
            f"\n{usage.requests} requests in {time.monotonic() - start:.1f} s, "
            f"{usage.waited:.1f} s of that waiting for the rate limit, "
            f"{usage.rate_limited} throttled (429)"
        )
        if usage.rate_limited:
            sys.exit("pacing should have kept every request within the rate limit")

        print(f"\n{'flag':<16}{'type':<10}" + "".join(f"{e.name:<16}" for e in environments).rstrip())
        for setting in settings:
            row = "".join(f"{values[setting.key, e.name]:<16}" for e in environments)
            print(f"{setting.key:<16}{setting.setting_type:<10}{row}".rstrip())


if __name__ == "__main__":
    main()
