"""Saves the flags of a config and their values to a file, and restores missing flags and different values.

    python backup_and_restore.py save "Web Shop" Storefront storefront.json
    python backup_and_restore.py restore "Web Shop" Storefront storefront.json
"""

import argparse
import json
from functools import partial
from pathlib import Path
from typing import Any

from configcat_management import Client, models


def save(client: Client, product_id: str, config_id: str) -> dict[str, Any]:
    """Returns the flags of a config and their values in each environment."""
    return {
        "flags": client.settings.list(config_id).to_dicts(),
        "values": {
            environment.name: client.flag_values.get_all(config_id, environment.environment_id).to_dict()
            for environment in client.environments.list(product_id)
        },
    }


def restore(
    client: Client, product_id: str, config_id: str, backup: dict[str, Any], reason: str, bypass_approval: bool
) -> None:
    """Creates missing flags and writes the values that differ."""
    existing = {flag.key: flag for flag in client.settings.list(config_id)}
    saved = [models.Setting.from_dict(flag) for flag in backup["flags"]]
    missing = [flag for flag in saved if flag.key not in existing]
    created = client.bulk(
        [
            partial(
                client.settings.create,
                config_id,
                key=flag.key,
                name=flag.name,
                hint=flag.hint,
                setting_type=flag.setting_type,
            )
            for flag in missing
        ]
    )
    existing |= {flag.key: flag for flag in created.raise_for_errors()}
    # A recreated flag has a new id. Rules that refer to it are written with the new id.
    new_ids = {flag.setting_id: existing[flag.key].setting_id for flag in saved}
    for environment in client.environments.list(product_id):
        if environment.name not in backup["values"]:
            print(f"{environment.name}: not in the backup")
            continue
        values = models.ConfigSettingFormulas.from_dict(backup["values"][environment.name])
        now = client.flag_values.get_all(config_id, environment.environment_id)
        current = {formula.setting.key: formula for formula in now.setting_formulas}
        formulas = [
            models.UpdateEvaluationFormulaWithId(
                setting_id=existing[formula.setting.key].setting_id,
                default_value=formula.default_value,
                targeting_rules=[rule_with(rule, new_ids) for rule in formula.targeting_rules],
                percentage_evaluation_attribute=formula.percentage_evaluation_attribute,
            )
            for formula in values.setting_formulas
            if content(formula) != content(current[formula.setting.key])
        ]
        if not formulas:
            continue
        client.flag_values.replace_many(
            config_id,
            environment.environment_id,
            update_formulas=formulas,
            reason=reason,
            bypass_approval=bypass_approval,
        )
        print(f"{environment.name}: wrote the values of {len(formulas)} flags")
    print(f"created {len(missing)} flags")


def content(formula: models.ConfigSettingFormula) -> tuple[object, ...]:
    """Returns the values and rules of a flag, without the author and timestamp of the last change."""
    return formula.default_value, formula.targeting_rules, formula.percentage_evaluation_attribute


def rule_with(rule: models.TargetingRule, new_ids: dict[int, int]) -> models.UpdateTargetingRule:
    """Returns a rule whose prerequisites refer to the new ids."""
    draft = models.UpdateTargetingRule(
        conditions=rule.conditions, percentage_options=rule.percentage_options, value=rule.value
    )
    for condition in draft.conditions or []:
        if condition.prerequisite_flag_condition:
            needed = condition.prerequisite_flag_condition
            needed.prerequisite_setting_id = new_ids[needed.prerequisite_setting_id]
    return draft


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["save", "restore"])
    for name in ("product", "config"):
        parser.add_argument(name)
    parser.add_argument("file", type=Path)
    parser.add_argument("--reason", default="Restored from a backup")
    parser.add_argument("--bypass-approval", action="store_true", help="restore although approval is required")
    options = parser.parse_args()

    with Client() as client:
        product_id = client.products.find(options.product).product_id
        config_id = client.configs.find(product_id, options.config).config_id
        if options.action == "save":
            backup = save(client, product_id, config_id)
            options.file.write_text(json.dumps(backup, indent=1), encoding="utf-8")
            print(f"saved {len(backup['flags'])} flags to {options.file}")
        else:
            backup = json.loads(options.file.read_text(encoding="utf-8"))
            restore(client, product_id, config_id, backup, options.reason, options.bypass_approval)


if __name__ == "__main__":
    main()
