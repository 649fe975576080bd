"""What comes before the first answer, and what TLS adds to it: the address of the answers.

Run by ``cargo xtask bench python``.
"""

from __future__ import annotations

import sys
import time

start = time.perf_counter()
from configcat_management import Client  # noqa: E402

imported = time.perf_counter()
client = Client(username="simulator", password="simulator", base_url=sys.argv[1], no_proxy=True)
made = time.perf_counter()
client.me.get()
called = time.perf_counter()
client.close()
# Nothing is sent: an address that is not this machine's needs the certificates of the platform.
tls = time.perf_counter()
Client(username="user", password="password", base_url="https://api.example.com").close()
with_tls = time.perf_counter()
times = [imported - start, made - imported, called - made, with_tls - tls]
print("import, client, first call, TLS" + "".join(f"{took * 1e3:>10.3f} ms" for took in times))
