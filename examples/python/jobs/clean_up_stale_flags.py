"""Reports stale flags as CSV and, on request, deletes those without code references.

    python clean_up_stale_flags.py "Web Shop" --days 60 > stale.csv
    python clean_up_stale_flags.py "Web Shop" --days 60 --delete
"""

import argparse
import csv
import sys
from functools import partial

from configcat_management import Client


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("product")
    parser.add_argument("--days", type=int, default=60, help="minimum days without a change (default: 60)")
    parser.add_argument("--ignore", nargs="*", default=[], metavar="ENVIRONMENT", help="environments to ignore")
    parser.add_argument("--delete", action="store_true", help="delete flags without code references")
    options = parser.parse_args()

    with Client() as client:
        product = client.products.find(options.product)
        ignored = [client.environments.find(product.product_id, name) for name in options.ignore]
        report = client.stale_flags.get(
            product.product_id,
            stale_flag_age_days=options.days,
            ignored_environment_ids=[environment.environment_id for environment in ignored],
        )
        flags = [(config, flag) for config in report.configs for flag in config.settings]
        references = client.bulk([partial(client.code_references.list, flag.setting_id) for _, flag in flags])
        unused: list[int] = []
        table = csv.writer(sys.stdout)
        table.writerow(["config", "key", "name", "references"])
        for (config, flag), found in zip(flags, references.raise_for_errors()):
            mentions = sum(len(reference.references or []) for reference in found)
            table.writerow([config.name, flag.key, flag.name, mentions])
            if not mentions:
                unused.append(flag.setting_id)
        if options.delete:
            done = client.bulk([partial(client.settings.delete, setting_id) for setting_id in unused])
            print(f"deleted {len(done.values)} flags", file=sys.stderr)
            for outcome in done.failed:
                # For example a flag that is a prerequisite of others: it can be deleted after them.
                print(f"kept {unused[outcome.index]}: {outcome.error}", file=sys.stderr)


if __name__ == "__main__":
    main()
