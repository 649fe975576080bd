// Creates a product with an environment, a config and a flag, switches the flag on, and lists the flags of the config.

#include <configcat_management.hpp>
#include <iostream>

using namespace configcat::management;

int main() try {
    Client client; // CONFIGCAT_API_USER and CONFIGCAT_API_PASS
    Organization organization = client.organizations().list().send().at(0);
    Product product = client.products().create(organization.organization_id, CreateProduct("Web shop")).send();
    Environment environment = client.environments().create(product.product_id, CreateEnvironment("Production")).send();
    CreateConfig main_config("Main");
    main_config.evaluation_version = EvaluationVersion::v2;
    Config config = client.configs().create(product.product_id, main_config).send();
    CreateSetting checkout("New checkout", "newCheckout", SettingType::boolean);
    Setting flag = client.settings().create(config.config_id, checkout).send();
    UpdateEvaluationFormula on(true);
    client.flag_values().replace(environment.environment_id, flag.setting_id, on).reason("Launch").send();
    for (const Setting &setting : client.settings().list(config.config_id).send()) {
        std::cout << setting.key << ": " << setting.name << '\n';
    }
} catch (const std::exception &error) {
    std::cerr << error.what() << '\n';
    return 1;
}
