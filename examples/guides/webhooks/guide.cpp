// Verifies the signature of a webhook request.

// docs: guide
#include <configcat_management.hpp>
#include <iostream>
#include <string>

using namespace configcat::management;

int main() {
    const std::string key = "configcat_whsk_ZGVtbw==";
    WebhookVerifier verifier({key}); // two keys during a rotation
    // In a test of the receiver, headers as the service sends them:
    auto headers = webhook_signed_headers({key}, "{}");
    for (std::string body : {"{}", "{ }"}) {
        // The raw bytes, before anything parses them.
        bool accepted = verifier.verify(headers[0].second, headers[1].second,
                                        headers[2].second, body);
        std::cout << (body == "{}" ? "signed request" : "changed body")
                  << " accepted: " << (accepted ? "True" : "False") << '\n';
    }
}
// docs: end
