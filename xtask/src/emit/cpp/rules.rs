//! A method per comparator: `rules.hpp`.

use super::models::enumerator;
use super::{DIR, header, ident};
use crate::emit::comparators::{self, Takes};
use crate::emit::slashes as doc;
use crate::emit::{Context, File};
use anyhow::Result;
use std::fmt::Write;

pub fn file(cx: &Context<'_>) -> Result<File> {
    let mut body = String::from(
        "namespace when {\n\n/// A user attribute, with a method per comparator.\nclass Attribute {\n  public:\n    /// An attribute by its name: 1 to 1000 characters, case-sensitive.\n    explicit Attribute(std::string name) : name_(std::move(name)) {}\n\n",
    );
    for comparator in comparators::all(cx.api)? {
        let argument = comparator.argument();
        let (ty, function) = match comparator.takes {
            Takes::List => ("const std::vector<std::string> &", "list"),
            Takes::String => ("std::string ", "string"),
            Takes::Number => ("double ", "number"),
        };
        let value = if comparator.takes == Takes::String { "std::move(value)" } else { argument };
        let _ = writeln!(
            body,
            "{}    [[nodiscard]] UpdateCondition {}({ty}{argument}) const {{ return {function}(UserComparator::{}, {value}); }}\n",
            doc(&comparator.doc(), "    "),
            ident(&comparator.method),
            enumerator(comparator.value),
        );
    }
    body.push_str(PRIVATE);
    let includes = ["models/flag_values.hpp".to_owned()].map(|file| format!("\"{file}\""));
    let about = "Conditions on user attributes, by comparator.";
    Ok(File { path: format!("{DIR}/rules.hpp"), text: header("generated/rules", about, &includes, &body) })
}

const PRIVATE: &str = r"  private:
    [[nodiscard]] UpdateCondition list(UserComparator comparator, const std::vector<std::string> &values) const {
        std::vector<UpdateComparisonValueList> items;
        items.reserve(values.size());
        for (const std::string &value : values) {
            items.emplace_back(value);
        }
        UpdateComparisonValue compared;
        compared.list_value = std::move(items);
        return compare(comparator, std::move(compared));
    }

    [[nodiscard]] UpdateCondition string(UserComparator comparator, std::string value) const {
        UpdateComparisonValue compared;
        compared.string_value = std::move(value);
        return compare(comparator, std::move(compared));
    }

    [[nodiscard]] UpdateCondition number(UserComparator comparator, double value) const {
        UpdateComparisonValue compared;
        compared.double_value = value;
        return compare(comparator, std::move(compared));
    }

    [[nodiscard]] UpdateCondition compare(UserComparator comparator, UpdateComparisonValue value) const {
        UpdateCondition condition;
        condition.user_condition = UpdateUserCondition(name_, comparator, std::move(value));
        return condition;
    }

    std::string name_;
};

} // namespace when

";
