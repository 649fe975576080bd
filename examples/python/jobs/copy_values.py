"""Copies values and targeting of all flags of a config from one environment to another.

    python copy_values.py "Web Shop" Storefront Test Staging --dry-run

Only flags that differ are written, each with the version that was compared. A flag that is changed in the target meanwhile is not
overwritten: it is reported, and the exit status is 1.
"""

import argparse
import sys
from functools import partial

from configcat_management import Client, models


def content(formula: models.ConfigSettingFormula) -> tuple[object, ...]:
    """Returns the values and rules of a flag, without the author and timestamp of the last change."""
    return formula.default_value, formula.targeting_rules, formula.percentage_evaluation_attribute


def shown(formula: models.ConfigSettingFormula) -> str:
    """Returns the value of a flag for people, with the number of its rules."""
    return f"{formula.default_value.value!r} (rules: {len(formula.targeting_rules)})"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("product", "config", "source", "target"):
        parser.add_argument(name)
    parser.add_argument("--reason", default="Copied from another environment")
    parser.add_argument("--bypass-approval", action="store_true", help="write although the target requires approval")
    parser.add_argument("--dry-run", action="store_true", help="only print what would change")
    options = parser.parse_args()

    with Client() as client:
        product = client.products.find(options.product)
        config = client.configs.find(product.product_id, options.config)
        source = client.environments.find(product.product_id, options.source)
        target = client.environments.find(product.product_id, options.target)
        wanted = client.flag_values.get_all(config.config_id, source.environment_id).setting_formulas
        existing = client.flag_values.get_all(config.config_id, target.environment_id).setting_formulas
        current = {formula.setting.setting_id: formula for formula in existing}
        # A flag that was created between the two requests is left for the next run.
        pairs = [(f, current[f.setting.setting_id]) for f in wanted if f.setting.setting_id in current]
        changes = [(formula, other) for formula, other in pairs if content(formula) != content(other)]
        for formula, other in changes:
            print(f"{formula.setting.key}: {shown(other)} -> {shown(formula)}")
        if options.dry_run:
            print(f"{len(changes)} of {len(current)} flags would change")
            return 0
        result = client.bulk(
            [
                partial(
                    client.flag_values.replace,
                    target.environment_id,
                    formula.setting.setting_id,
                    default_value=formula.default_value,
                    targeting_rules=formula.targeting_rules,
                    percentage_evaluation_attribute=formula.percentage_evaluation_attribute,
                    # The guard: a newer version is refused with a ConflictError.
                    latest_version_id=other.last_version_id,
                    reason=options.reason,
                    bypass_approval=options.bypass_approval,
                )
                for formula, other in changes
            ]
        )
    for outcome in result.failed:
        print(f"{changes[outcome.index][0].setting.key}: not changed: {outcome.error}", file=sys.stderr)
    print(f"{len(result.values)} of {len(current)} flags changed")
    return 1 if result.failed else 0


if __name__ == "__main__":
    sys.exit(main())
