"""Gives a flag to more and more users, looks after each step whether all is well, and takes it back when it is not.

    python rollout_in_steps.py "Web Shop" Storefront Staging newCheckout --steps 5 25 100 --pause 600 \
        --health https://shop.example/health
"""

import argparse
import sys
import time
import urllib.request

from configcat_management import Client, models


def healthy(url: str) -> bool:
    """Whether the application says that it is well."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def share(client: Client, environment_id: str, setting_id: int, percentage: int) -> None:
    """Serves the flag to so many percent of the users, below the rules that are there."""
    with client.flag_values.edit(
        environment_id, setting_id, reason=f"Rollout: {percentage} %", retries=3
    ) as draft:
        rules = [rule for rule in draft.targeting_rules or [] if rule.conditions]
        if 0 < percentage < 100:
            options = [
                models.UpdatePercentageOption(percentage=percentage, value=True),
                models.UpdatePercentageOption(percentage=100 - percentage, value=False),
            ]
            rules.append(models.UpdateTargetingRule(conditions=[], percentage_options=options))
        draft.default_value = percentage == 100
        draft.targeting_rules = rules


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("product", "config", "environment", "key"):
        parser.add_argument(name)
    parser.add_argument("--steps", nargs="+", type=int, default=[5, 25, 50, 100], metavar="PERCENT")
    parser.add_argument("--pause", type=float, default=600, metavar="SECONDS", help="between a step and its check")
    parser.add_argument("--health", required=True, metavar="URL")
    options = parser.parse_args()

    with Client() as client:
        product = client.products.find(options.product)
        config = client.configs.find(product.product_id, options.config)
        environment = client.environments.find(product.product_id, options.environment)
        flag = client.settings.find(config.config_id, options.key)
        for step in options.steps:
            share(client, environment.environment_id, flag.setting_id, step)
            print(f"{options.key}: {step} %", flush=True)
            time.sleep(options.pause)
            if not healthy(options.health):
                share(client, environment.environment_id, flag.setting_id, 0)
                print(f"{options.key}: back to 0 %, for {options.health} is not well", file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
