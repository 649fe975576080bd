//! Equality of JSON values by the rules of JSON Patch: numbers are equal if their values are, however they are written.

use serde_json::{Number, Value};

/// Whether two JSON values are equal (RFC 6902, section 4.6).
pub fn are_equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => are_equal_numbers(a, b),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| are_equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let has = |(name, a): (&String, &Value)| b.get(name).is_some_and(|b| are_equal(a, b));
            a.len() == b.len() && a.iter().all(has)
        }
        _ => a == b,
    }
}

/// Compares exactly: an `f64` does not have all 64-bit integers.
fn are_equal_numbers(a: &Number, b: &Number) -> bool {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a == b,
        (None, None) => a.as_f64() == b.as_f64(),
        (Some(integer), None) => is_integer(b.as_f64(), integer),
        (None, Some(integer)) => is_integer(a.as_f64(), integer),
    }
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "a number that is out of range saturates, which no JSON integer equals"
)]
fn is_integer(number: Option<f64>, integer: i128) -> bool {
    number.is_some_and(|number| number.fract() == 0.0 && number as i128 == integer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn equal(a: &str, b: &str) -> bool {
        let [a, b] = [a, b].map(|text| serde_json::from_str::<Value>(text).unwrap());
        assert_eq!(are_equal(&a, &b), are_equal(&b, &a), "{a} {b}");
        are_equal(&a, &b)
    }

    #[test]
    fn numbers_are_equal_by_value() {
        for (a, b) in [
            ("1", "1.0"),
            ("1", "1e0"),
            ("100", "1E2"),
            ("0", "-0.0"),
            ("-3", "-3.0"),
            ("0.5", "5e-1"),
            ("18446744073709551615", "18446744073709551615"),
            ("9007199254740992", "9007199254740992.0"),
            ("[1, {\"a\": [2.0]}]", "[1.0, {\"a\": [2]}]"),
            ("{\"a\": 1, \"b\": null}", "{\"b\": null, \"a\": 1.0}"),
        ] {
            assert!(equal(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("1", "1.5"),
            ("1", "\"1\""),
            ("1", "true"),
            ("0", "null"),
            ("9007199254740993", "9007199254740992"),
            ("9007199254740993", "9007199254740992.0"),
            ("18446744073709551615", "18446744073709551616"),
            ("9223372036854775807", "9223372036854775808.0"),
            ("-1", "18446744073709551615"),
            ("1", "1e300"),
            ("[1]", "[1, 1]"),
            ("[1, 2]", "[2, 1]"),
            ("{\"a\": 1}", "{\"a\": 1, \"b\": 1}"),
            ("{\"a\": 1, \"c\": 1}", "{\"a\": 1, \"b\": 1}"),
            ("{\"a\": null}", "{\"b\": null}"),
        ] {
            assert!(!equal(a, b), "{a} {b}");
        }
    }
}
