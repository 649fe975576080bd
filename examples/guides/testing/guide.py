from configcat_management import Client
from configcat_management.testing import Simulator


def rename(client: Client) -> str:
    """The code under test."""
    product = client.products.find("Web Shop")
    client.products.update(product.product_id, name="Shop")
    return client.products.get(product.product_id).name


def test_rename_succeeds_although_the_service_fails_once() -> None:
    with Simulator(seed="demo") as simulator, simulator.client() as client:
        simulator.add_fault(operation="products.update", status=503, times=1)
        assert rename(client) == "Shop"
        assert len(simulator.journal(operation="products.update")) == 2
        print("renamed after 2 requests")


if __name__ == "__main__":  # pytest calls the test itself
    test_rename_succeeds_although_the_service_fails_once()
