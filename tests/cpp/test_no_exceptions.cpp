// Tests the headers without exceptions and without run-time type information: errors are values, and what would throw ends the
// program with the message.

#include "configcat_management.hpp"
#include "configcat_management_simulator.hpp"

#include <cstdio>
#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>

static_assert(CONFIGCAT_MANAGEMENT_EXCEPTIONS == 0, "this program is compiled with -fno-exceptions");

using namespace configcat::management;

namespace {

int passed = 0;
int failed = 0;

void check(bool holds, const char *what) {
    (holds ? passed : failed)++;
    if (!holds) std::fprintf(stderr, "%s\n", what);
}

void errors_are_values() {
    Simulator simulator;
    Options options;
    options.base_url = simulator.url();
    options.username = simulator.username();
    options.password = simulator.password();
    options.proxy = "";
    Result<Client> client = Client::create(options);
    check(client.has_value(), "the client was not created");
    auto products = client->products().list().try_send();
    check(products && !products->empty(), "the list of products failed");
    auto missing = client->products().get("00000000-0000-4000-8000-000000000000").try_send();
    check(!missing && missing.error().kind() == ErrorKind::not_found, "a product that does not exist was found");
    bool called = false;
    auto pending = client->me().get().send_async([&](Result<Me> me) { called = me.has_value(); });
    check(pending.wait(std::chrono::seconds(30)) && called, "the callback was not called");
    std::size_t items = 0;
    auto pages = client->audit_logs().list(products->at(0).product_id).page_size(2).pages();
    for (auto page = pages.try_next(); page && *page; page = pages.try_next()) {
        items += (**page).size();
    }
    check(items > 0, "there are no items");
    std::vector<Request<Me>> calls;
    calls.push_back(client->me().get());
    check(bulk(calls).failed().empty(), "a call failed");
    auto text = client->call("tags.create").with("name", "\xff").try_send();
    check(!text && text.error().kind() == ErrorKind::misuse, "a string that is not UTF-8 was sent");
    options.base_url = "ftp://x";
    check(Client::create(options).error().kind() == ErrorKind::configuration, "an invalid URL was accepted");
}

void functions_that_would_throw_abort_with_the_message() {
    int ends[2];
    if (pipe(ends) != 0) return check(false, "pipe");
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        SettingValue refused(std::int64_t{3000000000});
        _exit(0);
    }
    close(ends[1]);
    std::string said;
    char buffer[256];
    for (ssize_t length; (length = read(ends[0], buffer, sizeof buffer)) > 0;) said.append(buffer, static_cast<std::size_t>(length));
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    check(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "the program was not aborted");
    check(said.find("configcat-management: value of a flag: must be") != std::string::npos, said.c_str());
}

} // namespace

int main() {
    functions_that_would_throw_abort_with_the_message();
    errors_are_values();
    std::printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
