// Verifies the signature of a webhook request.

// docs: guide
#include <configcat_management.hpp>
#include <iostream>
#include <map>
#include <string>

using namespace configcat::management;

int main() {
    const std::string key = "configcat_whsk_ZGVtbw==";
    WebhookVerifier verifier({key}); // two keys during a rotation
    // In a test of the receiver, headers as the service sends them:
    auto signed_request = webhook_signed_headers({key}, "{}");
    std::map<std::string, std::string> headers(signed_request.begin(),
                                               signed_request.end());
    for (std::string body : {"{}", "{ }"}) {
        // The raw bytes, before anything parses them.
        bool accepted = verifier.verify(
            headers["X-ConfigCat-Webhook-ID"],
            headers["X-ConfigCat-Webhook-Timestamp"],
            headers["X-ConfigCat-Webhook-Signature-V1"], body);
        std::cout << (body == "{}" ? "signed request" : "changed body")
                  << " accepted: " << (accepted ? "True" : "False") << '\n';
    }
}
// docs: end
