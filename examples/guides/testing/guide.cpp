// Tests code against a simulator in its own process.

// docs: guide
#include <configcat_management.hpp>
#include <configcat_management_simulator.hpp>
#include <cstdlib>
#include <iostream>

using namespace configcat::management;

// The code under test.
std::string rename(Client &client) {
    ProductId product = client.products().find("Web Shop").send().product_id;
    UpdateProduct body;
    body.name = "Shop";
    client.products().update(product, body).send();
    return client.products().get(product).send().name;
}

int main() {
    SimulatorOptions seeded;
    seeded.seed = "demo";
    Simulator simulator(seeded);
    Options options;
    options.base_url = simulator.url();
    options.username = simulator.username();
    options.password = simulator.password();
    Client client(options);

    Fault fault;
    fault.operation = "products.update";
    fault.status = 503;
    fault.times = 1;
    simulator.add_fault(fault);
    if (rename(client) != "Shop") return EXIT_FAILURE;
    auto requests = simulator.requests("products.update");
    std::cout << "renamed after " << requests << " requests\n";
    return requests == 2 ? EXIT_SUCCESS : EXIT_FAILURE;
}
// docs: end
