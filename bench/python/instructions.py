"""Do work for counting instructions. Arguments: URL, work (``python-small`` or ``python-list``), number of calls.

Run by ``cargo xtask bench instructions``.
"""

from __future__ import annotations

import gc
import sys

from configcat_management import Client

CONFIG = "08d9f1bd-1f1c-4a1b-8b2d-000000000001"

url, work, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
gc.disable()
with Client(username="simulator", password="simulator", base_url=url, no_proxy=True) as client:
    for _ in range(times):
        if work == "python-list":
            client.settings.list(CONFIG)
        else:
            client.me.get()
