// Tests the contract vectors with typed values: every call must send exactly the request, and the result converted back to JSON
// must equal the value. CONTRACT_PLAYER is the URL of the contract player, CONTRACT_VECTORS the directory of the vectors.

#include "contract.hpp"
#include "testing.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

namespace {

/// Returns whether two values are equal. Nulls may be absent, and timestamps may have different formats.
bool same(Value found, Value expected, std::string &where) {
    auto differs = [&](bool equal) {
        if (!equal) {
            where = std::string(expected.name()) + ": " + std::string(found.json()) + " instead of " + std::string(expected.json());
        }
        return equal;
    };
    switch (expected.kind()) {
    case CCM_OBJECT:
        for (Value member : expected) {
            if (!same(found[std::string(member.name()).c_str()], member, where)) {
                return false;
            }
        }
        return differs(found.kind() == CCM_OBJECT);
    case CCM_LIST:
        if (!differs(found.kind() == CCM_LIST && found.size() == expected.size())) {
            return false;
        }
        for (std::size_t i = 0; i < expected.size(); i++) {
            if (!same(found[i], expected[i], where)) {
                return false;
            }
        }
        return true;
    case CCM_STRING: {
        bool times = expected.timestamp() && found.timestamp() == expected.timestamp();
        return differs(found.kind() == CCM_STRING && (times || found.text() == expected.text()));
    }
    case CCM_BOOLEAN: return differs(found.kind() == CCM_BOOLEAN && found.boolean() == expected.boolean());
    case CCM_INTEGER:
    case CCM_NUMBER: return differs(found.kind() == expected.kind() && found.number() == expected.number());
    default: return differs(found.is_null());
    }
}

std::string setting(const char *name) {
    const char *value = std::getenv(name);
    if (value == nullptr) {
        throw std::runtime_error(std::string(name) + " is not set");
    }
    return value;
}

void play(const std::string &url, Value vector) {
    Options options;
    options.base_url = url;
    options.username = "user";
    options.password = "pass";
    options.proxy = "";
    options.max_attempts = 1;
    Client client(options);
    auto id = vector["operation"].text();
    auto operation = std::find_if(OPERATIONS.begin(), OPERATIONS.end(), [&](const auto &o) { return o.id == id; });
    CHECK(operation != OPERATIONS.end());
    std::string where;
    Document found = Document::parse(operation->call(client, vector["arguments"]));
    if (!same(found.value(), vector["value"], where)) {
        throw std::logic_error(std::string(vector["name"].text()) + ": " + where);
    }
}

void every_vector_matches() {
    std::filesystem::path folder = setting("CONTRACT_VECTORS");
    std::vector<std::filesystem::path> files{folder / "tricky.json"};
    for (const auto &entry : std::filesystem::directory_iterator(folder / "generated")) {
        files.push_back(entry.path());
    }
    std::set<std::string> covered;
    std::size_t played = 0;
    for (const auto &file : files) {
        std::ifstream stream(file);
        std::stringstream text;
        text << stream.rdbuf();
        Document document = Document::parse(text.str());
        std::size_t number = 0;
        for (Value vector : document.value()) {
            play(setting("CONTRACT_PLAYER") + "/" + file.stem().string() + "/" + std::to_string(number++), vector);
            covered.emplace(vector["operation"].text());
            played++;
        }
    }
    CHECK(covered.size() == OPERATIONS.size());
    std::cout << covered.size() << " operations, " << played << " calls\n";
}

} // namespace

int main() { return run({{"every_vector_matches", every_vector_matches}}); }
