// Makes more calls than the rate limit allows at once.

// docs: guide
#include <configcat_management.hpp>
#include <chrono>
#include <iostream>
#include <vector>

using namespace configcat::management;

int main() {
    Client client; // waits for the rate limit, which is the default
    std::vector<Request<Me>> calls;
    for (int i = 0; i < 25; i++) calls.push_back(client.me().get());
    BulkResult<Me> result = bulk(calls);
    std::cout << calls.size() - result.failed().size() << " of "
              << calls.size() << " calls succeeded\n";

    Options options;
    options.max_rate_limit_wait = std::chrono::milliseconds(1);
    Client hasty(options); // does not wait so long
    int refused = 0;
    for (int i = 0; i < 25; i++) {
        try {
            hasty.me().get().send();
        } catch (const RateLimitedError &) {
            refused++;
        }
    }
    std::cout << "calls that would have waited too long: "
              << (refused > 0 ? "True" : "False") << '\n';
}
// docs: end
