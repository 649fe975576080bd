from configcat_management import Client, RateLimitError

with Client() as client:  # waits for the rate limit, which is the default
    calls = [client.me.get for _ in range(25)]
    result = client.bulk(calls)
    print(len(result.values), "of", len(calls), "calls succeeded")

with Client(max_rate_limit_wait=0.001) as client:  # does not wait so long
    refused = 0
    for _ in range(25):
        try:
            client.me.get()
        except RateLimitError:
            refused += 1
    print("calls that would have waited too long:", refused > 0)
