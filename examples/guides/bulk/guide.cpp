// Creates many tags at once. One of them fails.

// docs: guide
#include <configcat_management.hpp>
#include <iostream>
#include <vector>

using namespace configcat::management;

int main() {
    Client client;
    Product product = client.products().find("Web Shop").send();
    std::vector<Request<Tag>> calls;
    for (int i = 0; i <= 20; i++) {
        std::string name = i < 20 ? "team-" + std::to_string(i) : "";
        CreateTag tag(name);
        calls.push_back(client.tags().create(product.product_id, tag));
    }
    BulkResult<Tag> result = bulk(calls);
    for (const Outcome<Tag> *outcome : result.failed())
        std::cout << "number " << outcome->index << " failed, attempts: "
                  << outcome->result.error().attempts() << '\n';
    std::cout << calls.size() - result.failed().size() << " tags created\n";
}
// docs: end
