// Handles errors by their class.

// docs: guide
#include <configcat_management.hpp>
#include <iostream>

using namespace configcat::management;

int main() {
    Client client;
    Product product = client.products().find("Web Shop").send();
    try {
        client.tags().create(product.product_id, CreateTag("")).send();
    } catch (const BadRequestError &error) {
        for (const FieldError &problem : error.field_errors())
            std::cout << problem.field << ": " << problem.message << '\n';
        // 0: nothing was sent
        std::cout << "attempts: " << error.attempts() << '\n';
    }
    try {
        EnvironmentId unknown("30000000-0000-4000-8000-00000000ffff");
        client.environments().get(unknown).send();
    } catch (const NotFoundError &error) {
        std::cout << "status: " << error.http_status() << '\n';
        std::cout << "attempts: " << error.attempts() << '\n';
    }
}
// docs: end
