//! Reads a value in the document's form, or in the wire's.

use super::members::{
    COMPARATOR, DEFAULT, DOES_NOT_EQUAL, EQUALS, FLAG, HINT, IF, IS_IN, IS_NOT_IN, LEGACY, PERCENTAGE,
    PERCENTAGE_ATTRIBUTE, RULES, SEGMENT, SERVE, USER, VALUE,
};
use super::scalar::setting_value;
use super::state::{Comparison, FlagCondition, FlagRule, FlagState, ListItem, Serve};
use crate::call::suggestion;
use crate::models::{SettingValue, UserComparator};
use crate::spec::validate::Violation;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

type Read<T> = Result<T, Violation>;

/// Members of a value: those of documents, then those of the wire for V2 and V1 configs.
const STATE: [&str; 9] = [
    DEFAULT,
    "defaultValue",
    VALUE,
    RULES,
    "targetingRules",
    "rolloutRules",
    "rolloutPercentageItems",
    PERCENTAGE_ATTRIBUTE,
    "percentageEvaluationAttribute",
];

impl<'de> Deserialize<'de> for FlagState {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::from_json(value).map_err(|violation| D::Error::custom(message(&violation)))
    }
}

fn message(violation: &Violation) -> String {
    match violation.path.as_str() {
        "" => violation.message.clone(),
        path => format!("{path}: {}", violation.message),
    }
}

impl FlagState {
    /// Whether an object has the names of the document's form, and not those of the wire. For the simulator.
    #[doc(hidden)]
    #[must_use]
    pub fn is_document_form(members: &Map<String, Value>) -> bool {
        [DEFAULT, RULES, PERCENTAGE_ATTRIBUTE].iter().any(|name| members.contains_key(*name))
    }

    /// Reads a value: a plain one, or an object with `default`, `rules` and `percentageAttribute`, or with the names of the wire.
    pub(crate) fn from_json(value: Value) -> Read<Self> {
        let Value::Object(mut members) = value else {
            return Ok(Self::new(plain("", &value)?));
        };
        if let Some(value) = setting_value(&Value::Object(members.clone())).filter(|_| members.len() == 1)
            && !members.contains_key(VALUE)
        {
            return Ok(Self::new(value));
        }
        known("", &members, STATE)?;
        let default = take(&mut members, [DEFAULT, "defaultValue", VALUE])
            .ok_or_else(|| wrong("", format!("{DEFAULT} is missing")))?;
        let mut state = Self::new(plain(DEFAULT, &default)?);
        let rules = take(&mut members, [RULES, "targetingRules", "rolloutRules"]);
        for (i, rule) in list(RULES, rules)?.into_iter().enumerate() {
            state.rules.push(rule_of(&format!("{RULES}[{i}]"), rule)?);
        }
        let split = list("rolloutPercentageItems", members.remove("rolloutPercentageItems"))?;
        if !split.is_empty() {
            let serve = Serve::Split(shares("rolloutPercentageItems", split)?);
            state.rules.push(FlagRule { conditions: Vec::new(), serve });
        }
        state.percentage_attribute =
            match take(&mut members, [PERCENTAGE_ATTRIBUTE, "percentageEvaluationAttribute"]) {
                None => None,
                Some(value) => Some(text(PERCENTAGE_ATTRIBUTE, value)?),
            };
        Ok(state)
    }
}

/// Reads a rule.
fn rule_of(at: &str, value: Value) -> Read<FlagRule> {
    let mut members = object(at, value)?;
    let v1 = ["comparisonAttribute", "comparisonValue", "segmentId", "segmentComparator", COMPARATOR];
    if v1.iter().any(|name| members.contains_key(*name)) {
        return v1_rule(at, members);
    }
    known(at, &members, [IF, "conditions", SERVE, VALUE, "percentageOptions"])?;
    let mut conditions = Vec::new();
    for (i, condition) in list(at, take(&mut members, [IF, "conditions"]))?.into_iter().enumerate() {
        conditions.push(condition_of(&format!("{at}.{IF}[{i}]"), condition)?);
    }
    let served = take(&mut members, [SERVE, VALUE]);
    let options = members.remove("percentageOptions").filter(|options| options != &Value::Array(Vec::new()));
    let at = format!("{at}.{SERVE}");
    let serve = match (served, options) {
        (Some(Value::Array(options)), None) | (None, Some(Value::Array(options))) => {
            Serve::Split(shares(&at, options)?)
        }
        (Some(value), None) => Serve::Value(plain(&at, &value)?),
        (None, _) => return Err(wrong(&at, "a value, or a list of percentages with values, is missing")),
        (Some(_), Some(_)) => return Err(wrong(&at, "a rule serves a value or percentages, not both")),
    };
    Ok(FlagRule { conditions, serve })
}

/// Reads a rule of a V1 config in the wire's form.
fn v1_rule(at: &str, mut members: Map<String, Value>) -> Read<FlagRule> {
    let names =
        ["comparisonAttribute", COMPARATOR, "comparisonValue", VALUE, "segmentComparator", "segmentId"];
    known(at, &members, names)?;
    let serve = members.remove(VALUE).ok_or_else(|| wrong(at, "value is missing"))?;
    let mut string =
        |name: &str| take(&mut members, [name]).map(|value| text(&format!("{at}.{name}"), value)).transpose();
    let condition = match string("segmentId")? {
        Some(name) => {
            let comparator = string("segmentComparator")?.unwrap_or_default();
            FlagCondition::Segment { name, negated: comparator.eq_ignore_ascii_case(IS_NOT_IN) }
        }
        None => FlagCondition::User {
            attribute: string("comparisonAttribute")?.unwrap_or_default(),
            comparator: string(COMPARATOR)?.unwrap_or_default().as_str().into(),
            value: Comparison::Text(string("comparisonValue")?.unwrap_or_default()),
        },
    };
    Ok(FlagRule {
        conditions: vec![condition],
        serve: Serve::Value(plain(&format!("{at}.{VALUE}"), &serve)?),
    })
}

/// Reads values with percentages.
fn shares(at: &str, options: Vec<Value>) -> Read<Vec<(i32, SettingValue)>> {
    let mut shares = Vec::new();
    for (i, option) in options.into_iter().enumerate() {
        let at = format!("{at}[{i}]");
        let mut members = object(&at, option)?;
        known(&at, &members, [PERCENTAGE, VALUE])?;
        let percentage = members.remove(PERCENTAGE).and_then(|value| i32::try_from(value.as_i64()?).ok());
        let percentage = percentage.ok_or_else(|| wrong(&at, "percentage must be a whole number"))?;
        let value = members.remove(VALUE).ok_or_else(|| wrong(&at, "value is missing"))?;
        shares.push((percentage, plain(&format!("{at}.{VALUE}"), &value)?));
    }
    let sum = shares.iter().map(|(percentage, _)| i64::from(*percentage)).sum::<i64>();
    let in_range = shares.iter().all(|(percentage, _)| (0..=100).contains(percentage));
    if sum != 100 || !in_range {
        return Err(wrong(at, format!("percentages must be 0 to 100 and add up to 100, not {sum}")));
    }
    Ok(shares)
}

/// Reads a condition.
fn condition_of(at: &str, value: Value) -> Read<FlagCondition> {
    let mut members = object(at, value)?;
    members.retain(|_, value| !value.is_null());
    if let Some(wire) = take(&mut members, ["userCondition"]) {
        return user_of_wire(&format!("{at}.userCondition"), object(at, wire)?);
    }
    if let Some(wire) = take(&mut members, ["segmentCondition"]) {
        let mut wire = object(at, wire)?;
        let name = wire.remove("segmentId").unwrap_or_default();
        let comparator = wire.remove(COMPARATOR);
        return segment(at, name, comparator);
    }
    if let Some(wire) = take(&mut members, ["prerequisiteFlagCondition"]) {
        let mut wire = object(at, wire)?;
        let key = wire.remove("prerequisiteSettingId").unwrap_or_default();
        let value = wire.remove("prerequisiteComparisonValue").unwrap_or_default();
        let negated = wire.remove(COMPARATOR).is_some_and(|name| name.as_str() == Some(DOES_NOT_EQUAL));
        return flag(at, &key, &value, negated);
    }
    if let Some(attribute) = members.remove(USER) {
        return user(at, text(&format!("{at}.{USER}"), attribute)?, members);
    }
    if let Some(name) = members.remove(SEGMENT) {
        known(at, &members, [COMPARATOR])?;
        return segment(at, name, members.remove(COMPARATOR));
    }
    if let Some(key) = members.remove(FLAG) {
        known(at, &members, [EQUALS, DOES_NOT_EQUAL])?;
        let negated = members.contains_key(DOES_NOT_EQUAL);
        let mut values = members.into_iter().map(|(_, value)| value);
        return match (values.next(), values.next()) {
            (Some(value), None) => flag(at, &key, &value, negated),
            _ => Err(wrong(at, format!("exactly one of {EQUALS} and {DOES_NOT_EQUAL} is required"))),
        };
    }
    Err(wrong(at, format!("a condition has one of {USER}, {SEGMENT} and {FLAG}")))
}

fn flag(at: &str, key: &Value, value: &Value, negated: bool) -> Read<FlagCondition> {
    let key = match key {
        Value::Number(number) => number.to_string(),
        other => text(&format!("{at}.{FLAG}"), other.clone())?,
    };
    Ok(FlagCondition::Flag { key, negated, value: plain(&format!("{at}.{EQUALS}"), value)? })
}

fn segment(at: &str, name: Value, comparator: Option<Value>) -> Read<FlagCondition> {
    let negated = match comparator.as_ref().map(|value| value.as_str().unwrap_or_default()) {
        None => false,
        Some(name) if name.eq_ignore_ascii_case(IS_IN) => false,
        Some(name) if name.eq_ignore_ascii_case(IS_NOT_IN) => true,
        Some(name) => {
            let at = format!("{at}.{COMPARATOR}");
            return Err(wrong(&at, format!("{name:?} is neither {IS_IN} nor {IS_NOT_IN}")));
        }
    };
    Ok(FlagCondition::Segment { name: text(&format!("{at}.{SEGMENT}"), name)?, negated })
}

/// Reads what remains of a condition on an attribute: the comparator with its value.
fn user(at: &str, attribute: String, members: Map<String, Value>) -> Read<FlagCondition> {
    let mut members = members.into_iter();
    let (Some((name, value)), None) = (members.next(), members.next()) else {
        return Err(wrong(at, "a condition on an attribute has exactly one comparator"));
    };
    let comparator = comparator(at, &name)?;
    let value = comparison(&format!("{at}.{name}"), value)?;
    Ok(FlagCondition::User { attribute, comparator, value })
}

fn user_of_wire(at: &str, mut members: Map<String, Value>) -> Read<FlagCondition> {
    known(at, &members, ["comparisonAttribute", COMPARATOR, "comparisonValue"])?;
    let mut string = |name: &str| text(&format!("{at}.{name}"), members.remove(name).unwrap_or_default());
    let (attribute, name) = (string("comparisonAttribute")?, string(COMPARATOR)?);
    let value = match members.remove("comparisonValue") {
        Some(Value::Object(mut set)) => {
            set.retain(|_, value| !value.is_null());
            set.into_iter().next().map(|(_, value)| value).unwrap_or_default()
        }
        other => other.unwrap_or_default(),
    };
    let value = comparison(&format!("{at}.comparisonValue"), value)?;
    Ok(FlagCondition::User { attribute, comparator: comparator(at, &name)?, value })
}

/// Returns a comparator in any case.
fn comparator(at: &str, name: &str) -> Read<UserComparator> {
    let known = || UserComparator::ALL.iter().map(UserComparator::as_str).chain(LEGACY);
    match known().find(|known| known.eq_ignore_ascii_case(name)) {
        Some(known) => Ok(known.into()),
        None => {
            let hint =
                suggestion(name, known()).map_or_else(String::new, |name| format!(", did you mean {name}?"));
            Err(wrong(at, format!("unknown comparator {name:?}{hint}")))
        }
    }
}

fn comparison(at: &str, value: Value) -> Read<Comparison> {
    Ok(match value {
        Value::String(text) => Comparison::Text(text),
        Value::Number(number) => Comparison::Number(number.as_f64().unwrap_or_default()),
        Value::Array(items) => {
            let item = |(i, value)| item(&format!("{at}[{i}]"), value);
            Comparison::List(items.into_iter().enumerate().map(item).collect::<Read<_>>()?)
        }
        _ => return Err(wrong(at, "must be a string, a number or a list of strings")),
    })
}

fn item(at: &str, value: Value) -> Read<ListItem> {
    let Value::Object(mut members) = value else {
        return Ok(ListItem { value: text(at, value)?, hint: None });
    };
    known(at, &members, [VALUE, HINT])?;
    let hint = take(&mut members, [HINT]).map(|hint| text(at, hint)).transpose()?;
    Ok(ListItem { value: text(at, members.remove(VALUE).unwrap_or_default())?, hint })
}

fn plain(at: &str, value: &Value) -> Read<SettingValue> {
    setting_value(value).ok_or_else(|| wrong(at, "must be a boolean, a string or a number"))
}

fn text(at: &str, value: Value) -> Read<String> {
    match value {
        Value::String(text) => Ok(text),
        // People write names that look like numbers.
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(wrong(at, "must be a string")),
    }
}

fn object(at: &str, value: Value) -> Read<Map<String, Value>> {
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(wrong(at, "must be an object")),
    }
}

fn list(at: &str, value: Option<Value>) -> Read<Vec<Value>> {
    match value {
        None => Ok(Vec::new()),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(wrong(at, "must be a list")),
    }
}

/// Removes the first member of these names that is present and not null.
fn take<const N: usize>(members: &mut Map<String, Value>, names: [&str; N]) -> Option<Value> {
    names.iter().find_map(|name| members.remove(*name).filter(|value| !value.is_null()))
}

/// Refuses members that are not known: they would be ignored silently.
fn known<const N: usize>(at: &str, members: &Map<String, Value>, names: [&str; N]) -> Read<()> {
    let Some(unknown) = members.keys().find(|name| !names.contains(&name.as_str())) else { return Ok(()) };
    let hint = match suggestion(unknown, names) {
        Some(name) => format!(", did you mean {name}?"),
        None => format!("; known are {}", names.join(", ")),
    };
    Err(wrong(at, format!("unknown field {unknown}{hint}")))
}

fn wrong(at: &str, message: impl Into<String>) -> Violation {
    Violation { path: at.to_owned(), message: message.into() }
}
