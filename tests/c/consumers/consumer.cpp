// A minimal C++ program that links the installed libraries: calls the simulator.

#include <configcat_management.hpp>
#include <configcat_management_simulator.hpp>
#include <iostream>

int main() {
    configcat::management::Simulator simulator;
    configcat::management::Options options;
    options.base_url = simulator.url();
    options.username = simulator.username();
    options.password = simulator.password();
    options.proxy = "";
    configcat::management::Client client(options);
    for (const auto &product : client.products().list().send()) {
        std::cout << product.name << '\n';
    }
}
