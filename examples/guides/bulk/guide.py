from functools import partial

from configcat_management import Client

with Client() as client:
    product = client.products.find("Web Shop")
    names = [f"team-{number}" for number in range(20)] + [""]
    create = partial(client.tags.create, product.product_id)
    result = client.bulk([partial(create, name=name) for name in names])
    for outcome in result.failed:
        attempts = outcome.error.attempts
        print(f"number {outcome.index} failed, attempts: {attempts}")
    print(len(result.values), "tags created")
