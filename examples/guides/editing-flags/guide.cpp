// Changes a flag with rules and a percentage.

// docs: guide
#include <configcat_management.hpp>
#include <iostream>

using namespace configcat::management;

int main() {
    Client client;
    ProductId product = client.products().find("Web Shop").send().product_id;
    auto environment = client.environments().find(product, "Test").send();
    Config config = client.configs().find(product, "Storefront").send();
    ConfigId id = config.config_id;
    Setting flag = client.settings().find(id, "newCheckout").send();

    auto staff = rules::serve(
        true, {when::email().ends_with_any_of({"@shop.example"})});
    auto edit = client.flag_values()
                    .edit(environment.environment_id, flag.setting_id)
                    .reason("Start the rollout")
                    .begin();
    edit.turn_off(); // for everybody else
    edit.draft.targeting_rules = std::vector<UpdateTargetingRule>{staff};
    edit.set_percentage(20); // of those
    edit.commit();

    SettingFormula state = client.flag_values()
                               .get(environment.environment_id, flag.setting_id)
                               .send();
    std::cout << "rules: " << state.targeting_rules.size() << '\n';
    auto share = state.targeting_rules.at(1).percentage_options.at(0);
    std::cout << "percentage: " << share.percentage << '\n';
}
// docs: end
