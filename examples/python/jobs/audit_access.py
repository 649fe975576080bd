"""Lists the permissions of each user in each product, as CSV, and rotates proxy secrets on request.

    python audit_access.py > access.csv
    python audit_access.py --rotate-proxy-secrets

A remark marks lines to review: users without two-factor authentication who may change flags.
"""

import argparse
import csv
import sys

from configcat_management import Client, models

CHANGES = ("can_create_or_update_setting", "can_delete_setting", "can_manage_members", "can_delete_config")


def rights(group: models.PermissionGroup) -> list[str]:
    """Returns the permissions of a group that need review."""
    return [right for right in CHANGES if getattr(group, right)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rotate-proxy-secrets", action="store_true")
    options = parser.parse_args()

    with Client() as client:
        table = csv.writer(sys.stdout)
        table.writerow(["product", "person", "group", "environments", "rights", "remark"])
        secured: set[str] = set()
        for organization in client.organizations.list():
            people = client.members.list_for_organization(organization.organization_id)
            secured |= {person.user_id for person in people.admins or [] if person.two_factor_enabled}
            secured |= {person.user_id for person in people.members or [] if person.two_factor_enabled}
        for product in client.products.list():
            groups = {g.permission_group_id: g for g in client.permission_groups.list(product.product_id)}
            for member in client.members.list_for_product(product.product_id):
                group = groups[member.permission_group_id]
                granted = rights(group)
                remark = "" if member.user_id in secured or not granted else "no second factor"
                table.writerow([product.name, member.email, group.name, group.access_type, " ".join(granted), remark])
            for invitation in client.invitations.list_for_product(product.product_id):
                table.writerow([product.name, invitation.email, "", "", "", "invited, not here yet"])
        if options.rotate_proxy_secrets:
            for organization in client.organizations.list():
                for profile in client.proxy_profiles.list(organization.organization_id).profiles:
                    secret = client.proxy_profiles.generate_secret(profile.proxy_profile_id)
                    # Replace this line: store the secret in a vault, never in a log.
                    characters = len(secret.secret_token or "")
                    print(f"{profile.name}: a new secret of {characters} characters", file=sys.stderr)


if __name__ == "__main__":
    main()
