"""Measure the increase of memory for a long list, and the size of the response. Arguments: URL and config.

Run by ``cargo xtask bench python``.
"""

from __future__ import annotations

import base64
import resource
import sys
import urllib.request

from measure import figures, ready

from configcat_management import Client

url, config = sys.argv[1:]


def peak() -> float:
    """Return the peak memory of this process, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


with Client(username="simulator", password="simulator", base_url=url, no_proxy=True) as client:
    client.me.get()
    before = peak()
    flags = client.settings.list(config)
    rose = peak() - before
    ready()
request = urllib.request.Request(f"{url}/v1/configs/{config}/settings")
request.add_header("Authorization", "Basic " + base64.b64encode(b"simulator:simulator").decode())
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
with opener.open(request) as response:
    body = len(response.read()) / 1e6
if len(flags) != 10_000:
    sys.exit(f"a list of {len(flags)} flags")
shown = [("this", "MB", rose), ("the response", "MB of JSON", body), ("times the response", "x", rose / body)]
for contender, unit, value in shown:
    figures("memory for 10,000 flags", contender, unit, [value], "Python, process")
