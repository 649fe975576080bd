"""Sets up a product for a new team from a template, and invites its members.

    python new_team_product.py Payments --developers ann@example.com bob@example.com --leads eve@example.com

It can be run again: what exists is left as it is, and what is missing is added.
"""

import argparse

from configcat_management import Client
from configcat_management.changes import Document

TEMPLATE = """
environments:
  - { name: Test, color: green }
  - { name: Staging, color: orange }
  - { name: Production, color: red, reasonRequired: true }
keyGenerationMode: camelCase
permissionGroups:
  - name: Developers
    canCreateOrUpdateSetting: true
    canTagSetting: true
    accessType: custom
    environments: { Test: full, Staging: full, Production: readOnly }
  - name: Leads
    canCreateOrUpdateSetting: true
    canDeleteSetting: true
    canCreateOrUpdateConfig: true
    canManageMembers: true
    accessType: full
tags:
  - { name: experiment, color: whale }
  - { name: operations, color: salmon }
  - { name: release, color: panther }
configs:
  - name: Main
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--organization", help="name of the organization, if there are several")
    parser.add_argument("--developers", nargs="*", default=[], metavar="EMAIL")
    parser.add_argument("--leads", nargs="*", default=[], metavar="EMAIL")
    options = parser.parse_args()

    place = {"product": options.name, "organization": options.organization}
    named = [f"{key}: {value!r}\n" for key, value in place.items() if value]
    with Client() as client:
        report = client.apply(Document.from_yaml("".join(named) + TEMPLATE), reason="New team")
        print(report, end="")
        product = client.products.find(options.name)
        for group, emails in (("Developers", options.developers), ("Leads", options.leads)):
            if emails:
                group_id = client.permission_groups.find(product.product_id, group).permission_group_id
                client.members.invite(product.product_id, emails=emails, permission_group_id=group_id)
        print(f"{product.name}: {product.product_id}")
        print(client.invitations.list_for_product(product.product_id))


if __name__ == "__main__":
    main()
