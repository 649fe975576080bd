// Creates a flag in every config and switches it on in every environment.

#include <configcat_management.hpp>
#include <iostream>

using namespace configcat::management;

int main() try {
    Client client; // CONFIGCAT_API_USER and CONFIGCAT_API_PASS
    for (const Product &product : client.products().list().send()) {
        auto environments = client.environments().list(product.product_id).send();
        for (const Config &config : client.configs().list(product.product_id).send()) {
            CreateSetting body("Fast search", "fastSearch", SettingType::boolean);
            Setting flag = client.settings().create(config.config_id, body).send();
            for (const auto &environment : environments) {
                UpdateEvaluationFormula on(true);
                client.flag_values().replace(environment.environment_id, flag.setting_id, on).reason("Launch").send();
            }
            std::cout << flag.key << " is on in " << environments.size() << " environments\n";
        }
    }
} catch (const Error &error) {
    std::cerr << error.what() << '\n';
    return 1;
}
