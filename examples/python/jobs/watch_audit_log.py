"""Follows the audit log of a product: prints new entries until it is stopped.

    python watch_audit_log.py "Web Shop" --every 30
"""

import argparse
import asyncio
import contextlib
from datetime import datetime, timedelta, timezone

from configcat_management import AsyncClient


async def watch(product_name: str, every: float, rounds: int | None) -> None:
    async with AsyncClient() as client:
        product = await client.products.find(product_name)
        since = datetime.now(timezone.utc) - timedelta(hours=1)
        seen: set[int] = set()
        while rounds is None or rounds > 0:
            entries = client.audit_logs.iterate(product.product_id, from_utc_date_time=since)
            new = [entry async for entry in entries if entry.audit_log_id not in seen]
            for entry in sorted(new, key=lambda e: e.audit_log_date_time):
                who = entry.user_name or entry.user_email
                print(f"{entry.audit_log_date_time:%H:%M:%S}  {who}: {entry.audit_log_type}: {entry.action_target}")
                seen.add(entry.audit_log_id)
                # Entries with a similar timestamp may still arrive.
                since = max(since, entry.audit_log_date_time - timedelta(seconds=5))
            rounds = None if rounds is None else rounds - 1
            if rounds != 0:
                await asyncio.sleep(every)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("product")
    parser.add_argument("--every", type=float, default=30, metavar="SECONDS")
    parser.add_argument("--rounds", type=int, help="number of polls (default: no limit)")
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(watch(options.product, options.every, options.rounds))


if __name__ == "__main__":
    main()
