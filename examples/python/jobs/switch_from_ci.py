"""Switches a flag from a CI pipeline. Prints the previous value, so that a later step can restore it.

    python switch_from_ci.py "Web Shop" Storefront Test expressDelivery on --reason "Release 1.4"
"""

import argparse
import sys

from configcat_management import Client, ConfigCatError


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("product", "config", "environment", "key"):
        parser.add_argument(name)
    parser.add_argument("value", choices=["on", "off"])
    parser.add_argument("--reason", default="Switched by a pipeline")
    parser.add_argument("--bypass-approval", action="store_true", help="write although approval is required")
    options = parser.parse_args()

    try:
        with Client(caller_id="switch-from-ci/1") as client:
            product = client.products.find(options.product)
            config = client.configs.find(product.product_id, options.config)
            environment = client.environments.find(product.product_id, options.environment)
            flag = client.settings.find(config.config_id, options.key)
            # Concurrent changes to the rules of the flag are tolerated three times.
            with client.flag_values.edit(
                environment.environment_id,
                flag.setting_id,
                reason=options.reason,
                bypass_approval=options.bypass_approval,
                rebase=3,
            ) as draft:
                before = draft.default_value
                draft.default_value = options.value == "on"
    except ConfigCatError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{options.key} in {options.environment}: {before} -> {options.value == 'on'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
