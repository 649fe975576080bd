from functools import partial

from configcat_management import Client

with Client() as client:
    product = client.products.find("Web Shop")
    names = [f"team-{number}" for number in range(20)] + [""]
    result = client.bulk(
        [partial(client.tags.create, product.product_id, name=name) for name in names]
    )
    for outcome in result.failed:
        print(f"number {outcome.index} failed, attempts:", outcome.error.attempts)
    print(len(result.values), "tags created")
