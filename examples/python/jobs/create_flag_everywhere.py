"""Creates a flag in every V2 config of a product and sets its initial value in every environment.

    python create_flag_everywhere.py "Web Shop" newSearch "New search" --on Test

Can be run repeatedly: existing flags are not changed.
"""

import argparse

from configcat_management import Client, NotFoundError, models


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("product")
    parser.add_argument("key")
    parser.add_argument("name")
    parser.add_argument("--on", nargs="*", default=[], metavar="ENVIRONMENT", help="environments where the flag is on")
    options = parser.parse_args()

    with Client() as client:
        product = client.products.find(options.product)
        environments = client.environments.list(product.product_id)
        for name in options.on:
            # Raises an error with similar names if there is none.
            client.environments.find(product.product_id, name)
        first = [
            models.InitialValue(environment_id=e.environment_id, value=e.name in options.on) for e in environments
        ]
        for config in client.configs.list(product.product_id):
            if config.evaluation_version != "v2":
                continue
            try:
                client.settings.find(config.config_id, options.key)
                print(f"{config.name}: {options.key} already exists")
            except NotFoundError:
                client.settings.create(
                    config.config_id,
                    key=options.key,
                    name=options.name,
                    setting_type="boolean",
                    initial_values=first,
                )
                print(f"{config.name}: created {options.key}")


if __name__ == "__main__":
    main()
