"""Measure the time until the first response, and what TLS adds to it. Argument: URL of the recorded responses.

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
# Nothing is sent: a client for a remote `https` URL loads the platform's certificates.
tls = time.perf_counter()
Client(username="user", password="password", base_url="https://api.example.com").close()
with_tls = time.perf_counter()
# Imported after the measurement, so that it has loaded no modules that the package would load.
from measure import figures, ready  # noqa: E402

ready()
figures("importing the package", "this", "ms", [(imported - start) * 1e3], "Python, process")
figures("creating a client", "this", "ms", [(made - imported) * 1e3], "Python, process")
figures("its first call", "this", "ms", [(called - made) * 1e3], "Python, process")
figures("added by TLS", "this", "ms", [(with_tls - tls) * 1e3], "Python, process")
