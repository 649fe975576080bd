// Signs in, and shows what wrong credentials lead to.

// docs: guide
#include <configcat_management.hpp>
#include <iostream>

using namespace configcat::management;

int main() {
    Client client; // CONFIGCAT_API_USER and CONFIGCAT_API_PASS
    std::cout << "signed in as " << client.me().get().send().email << '\n';

    Options options;
    options.username = "ada";
    options.password = "not hers";
    Client stranger(options);
    try {
        stranger.me().get().send();
    } catch (const AuthenticationError &error) {
        std::cout << "refused with status " << error.http_status() << '\n';
    }
}
// docs: end
