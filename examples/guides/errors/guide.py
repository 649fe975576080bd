from configcat_management import BadRequestError, Client, NotFoundError

with Client() as client:
    product = client.products.find("Web Shop")
    try:
        client.tags.create(product.product_id, name="")
    except BadRequestError as error:
        for field, problems in error.field_errors.items():
            print(f"{field}: {problems[0]}")
        print("attempts:", error.attempts)  # 0: nothing was sent
    try:
        client.environments.get("30000000-0000-4000-8000-00000000ffff")
    except NotFoundError as error:
        print("status:", error.status)
        print("attempts:", error.attempts)
