"""Copies values and targeting of all flags of a config from one environment to another.

    python copy_values.py "Web Shop" Storefront Test Staging --dry-run

Only flags that differ are written, in one request. Changes that are made to the target meanwhile are overwritten.
"""

import argparse

from configcat_management import Client, models


def content(formula: models.ConfigSettingFormula) -> tuple[object, ...]:
    """Returns the values and rules of a flag, without the author and timestamp of the last change."""
    return formula.default_value, formula.targeting_rules, formula.percentage_evaluation_attribute


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("product", "config", "source", "target"):
        parser.add_argument(name)
    parser.add_argument("--reason", default="Copied from another environment")
    parser.add_argument("--dry-run", action="store_true", help="only print what would change")
    options = parser.parse_args()

    with Client() as client:
        product = client.products.find(options.product)
        config = client.configs.find(product.product_id, options.config)
        source = client.environments.find(product.product_id, options.source)
        target = client.environments.find(product.product_id, options.target)
        wanted = client.flag_values.get_all(config.config_id, source.environment_id)
        existing = client.flag_values.get_all(config.config_id, target.environment_id)
        current = {formula.setting.setting_id: formula for formula in existing.setting_formulas}
        changes: list[models.UpdateEvaluationFormulaWithId] = []
        for formula in wanted.setting_formulas:
            other = current[formula.setting.setting_id]
            if content(formula) != content(other):
                print(f"{formula.setting.key}: {other.default_value.value} -> {formula.default_value.value}")
                changes.append(
                    models.UpdateEvaluationFormulaWithId(
                        setting_id=formula.setting.setting_id,
                        default_value=formula.default_value,
                        targeting_rules=formula.targeting_rules,
                        percentage_evaluation_attribute=formula.percentage_evaluation_attribute,
                    )
                )
        if changes and not options.dry_run:
            client.flag_values.replace_many(
                config.config_id, target.environment_id, update_formulas=changes, reason=options.reason
            )
        print(f"{len(changes)} of {len(current)} flags {'would change' if options.dry_run else 'changed'}")


if __name__ == "__main__":
    main()
