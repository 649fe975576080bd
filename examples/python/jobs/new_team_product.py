"""Sets up a product for a new team: environments, permission groups, a config, tags, invitations.

    python new_team_product.py Payments --developers ann@example.com bob@example.com --leads eve@example.com
"""

import argparse

from configcat_management import Client, enums

ENVIRONMENTS = [("Test", "green"), ("Staging", "orange"), ("Production", "red")]
TAGS = [("experiment", "whale"), ("operations", "salmon"), ("release", "panther")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--organization", help="name of the organization (default: the first one)")
    parser.add_argument("--developers", nargs="*", default=[], metavar="EMAIL")
    parser.add_argument("--leads", nargs="*", default=[], metavar="EMAIL")
    options = parser.parse_args()

    with Client() as client:
        organizations = client.organizations.list()
        organization = (
            client.organizations.find(options.organization) if options.organization else organizations[0]
        )
        product = client.products.create(organization.organization_id, name=options.name)
        environments = {
            name: client.environments.create(product.product_id, name=name, color=color)
            for name, color in ENVIRONMENTS
        }
        client.products.update_preferences(
            product.product_id,
            key_generation_mode=enums.KeyGenerationMode.CAMEL_CASE,
            reason_required_environments=[
                {"environment_id": environments["Production"].environment_id, "reason_required": True}
            ],
        )
        client.configs.create(product.product_id, name="Main", evaluation_version="v2")
        for name, color in TAGS:
            client.tags.create(product.product_id, name=name, color=color)
        developers = client.permission_groups.create(
            product.product_id,
            name="Developers",
            can_create_or_update_setting=True,
            can_tag_setting=True,
            access_type=enums.AccessType.CUSTOM,
            new_environment_access_type=enums.EnvironmentAccessType.NONE,
            environment_accesses=[
                {
                    "environment_id": environment.environment_id,
                    "environment_access_type": "readOnly" if name == "Production" else "full",
                }
                for name, environment in environments.items()
            ],
        )
        leads = client.permission_groups.create(
            product.product_id,
            name="Leads",
            can_create_or_update_setting=True,
            can_delete_setting=True,
            can_create_or_update_config=True,
            can_manage_members=True,
            access_type=enums.AccessType.FULL,
        )
        for group, emails in ((developers, options.developers), (leads, options.leads)):
            if emails:
                client.members.invite(
                    product.product_id, emails=emails, permission_group_id=group.permission_group_id
                )
        print(f"{product.name}: {product.product_id}")
        print(client.invitations.list_for_product(product.product_id))


if __name__ == "__main__":
    main()
