"""Rolls a flag out in steps, checks the health of the application after each step, and rolls back if the check fails.

    python rollout_in_steps.py "Web Shop" Storefront Staging newCheckout --steps 5 25 100 --pause 600 \
        --health https://shop.example/health
"""

import argparse
import sys
import time
import urllib.request

from configcat_management import Client, models


def healthy(url: str) -> bool:
    """Returns whether the health check of the application succeeds."""
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def share(client: Client, environment_id: str, setting_id: int, percentage: int, bypass: bool) -> None:
    """Serves the flag to a percentage of the users, after the existing rules."""
    with client.flag_values.edit(
        environment_id, setting_id, reason=f"Rollout: {percentage} %", bypass_approval=bypass, rebase=3
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
    parser.add_argument("--pause", type=float, default=600, metavar="SECONDS", help="wait before each health check")
    parser.add_argument("--health", required=True, metavar="URL")
    parser.add_argument("--bypass-approval", action="store_true", help="write although approval is required")
    options = parser.parse_args()

    with Client() as client:
        product = client.products.find(options.product)
        config = client.configs.find(product.product_id, options.config)
        environment = client.environments.find(product.product_id, options.environment)
        flag = client.settings.find(config.config_id, options.key)
        for step in options.steps:
            share(client, environment.environment_id, flag.setting_id, step, options.bypass_approval)
            print(f"{options.key}: {step} %", flush=True)
            time.sleep(options.pause)
            if not healthy(options.health):
                share(client, environment.environment_id, flag.setting_id, 0, options.bypass_approval)
                print(f"{options.key}: back to 0 %, because {options.health} is unhealthy", file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
