// Rolls a flag out step by step: rollout KEY PERCENT [PERCENT...]
//
// In every environment of the first product, except for those that require approvals, each step serves true to PERCENT of the
// users. A step changes all environments concurrently; the first error ends the program.

#include <algorithm>
#include <configcat_management.hpp>
#include <iostream>

using namespace configcat::management;

namespace {

Setting find(const Client &client, const std::string &product, const std::string &key) {
    for (const Config &config : client.configs().list(product).send()) {
        for (const Setting &flag : client.settings().list(config.config_id).send()) {
            if (flag.key == key) {
                return flag;
            }
        }
    }
    throw std::runtime_error("there is no flag " + key);
}

UpdateEvaluationFormula share(int percent) {
    UpdateEvaluationFormula formula(false);
    if (percent >= 100) {
        formula.default_value = true;
        return formula;
    }
    UpdateTargetingRule rule;
    rule.percentage_options = std::vector<UpdatePercentageOption>{UpdatePercentageOption(percent, true),
                                                                  UpdatePercentageOption(100 - percent, false)};
    formula.targeting_rules = std::vector<UpdateTargetingRule>{rule};
    return formula;
}

} // namespace

int main(int argc, char **argv) try {
    if (argc < 3) {
        std::cerr << "usage: rollout KEY PERCENT [PERCENT...]\n";
        return 2;
    }
    Client client;
    std::string product = client.products().list().send().at(0).product_id;
    Setting flag = find(client, product, argv[1]);
    auto environments = client.environments().list(product).send();
    auto requires_approval = [](const Environment &environment) { return environment.approve_required; };
    environments.erase(std::remove_if(environments.begin(), environments.end(), requires_approval), environments.end());
    for (int step = 2; step < argc; step++) {
        int percent = std::stoi(argv[step]);
        std::vector<std::future<SettingFormula>> changes;
        for (const auto &environment : environments) {
            changes.push_back(client.flag_values()
                                  .replace(environment.environment_id, flag.setting_id, share(percent))
                                  .reason("Rollout to " + std::to_string(percent) + " %")
                                  .send_async());
        }
        for (auto &change : changes) {
            (void)change.get();
        }
        std::cout << flag.key << ": " << percent << " % in " << environments.size() << " environments\n";
    }
} catch (const std::exception &error) {
    std::cerr << error.what() << '\n';
    return 1;
}
