//! Fuzz test with malformed bodies, paths, queries and headers: no panic, no 5xx, and the simulator keeps serving.

use crate::support::random::Random;
use crate::support::*;
use configcat_management::operations;
use configcat_management::spec::{Field, Http, Location, Operation, Schema, Type};
use serde_json::{Map, Value, json};

/// Number of requests. `FUZZ_REQUESTS` overrides it, `FUZZ_SEED` sets the seed.
const REQUESTS: u64 = 6_000;

/// Malformed requests.
impl Random {
    fn text(&mut self) -> String {
        let texts = [
            "",
            " ",
            "x",
            "0",
            "null",
            "\u{0}",
            "\u{1f600}",
            "a\"b\\c",
            "../..",
            "{{x}}",
            "##URL##",
            "ß",
            "2020-01-01",
        ];
        match self.below(8) {
            0 => "y".repeat(self.below(2_000)),
            1 => (*self.pick(&[SHOP, STOREFRONT, OLD_APP, TEST, STAGING, PRODUCTION, BETA, ORGANIZATION]))
                .into(),
            2 => self.below(5_000).to_string(),
            _ => (*self.pick(&texts)).into(),
        }
    }

    fn arbitrary_value(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 6 } else { 8 }) {
            0 => Value::Null,
            1 => self.chance(50).into(),
            2 => json!(*self.pick(&[0_i64, 1, -1, i64::MAX, i64::MIN, 2_147_483_648, 3001])),
            3 => json!(*self.pick(&[0.5, -0.0, 1e308, 1e-308, 99.99])),
            4 | 5 => self.text().into(),
            6 => (0..self.below(4)).map(|_| self.arbitrary_value(depth - 1)).collect(),
            _ => (0..self.below(4))
                .map(|_| (self.text(), self.arbitrary_value(depth - 1)))
                .collect::<Map<_, _>>()
                .into(),
        }
    }

    /// Returns a value of a type, or with a probability of 6 % a value of any type.
    fn value(&mut self, ty: &Type, depth: usize) -> Value {
        if self.chance(6) {
            return self.arbitrary_value(2);
        }
        match ty {
            Type::Boolean => self.chance(50).into(),
            Type::Integer { .. } => json!(*self.pick(&[0_i64, 1, 50, 100, 3001, 3003, 3101, 2001, 1001, -5])),
            Type::Number => json!(*self.pick(&[0.0, 1.5, 100.0])),
            Type::Uuid => {
                (*self.pick(&[SHOP, STOREFRONT, OLD_APP, TEST, PRODUCTION, BETA, ORGANIZATION])).into()
            }
            Type::Timestamp => {
                (*self.pick(&["2020-01-01T00:00:00Z", "2099-12-31T23:59:59.9999999+14:00"])).into()
            }
            Type::Enum(values) => (*self.pick(values)).into(),
            Type::List(item) => {
                (0..self.below(3)).map(|_| self.value(item, depth.saturating_sub(1))).collect()
            }
            Type::Map(item) => {
                (0..self.below(3)).map(|_| (self.text(), self.value(item, 0))).collect::<Map<_, _>>().into()
            }
            Type::Patch(_) => self.patch(),
            Type::Object(schema) if depth > 0 => self.object(schema, depth - 1),
            Type::Object(_) => json!({}),
            Type::Value => self.arbitrary_value(0),
            _ => self.text().into(),
        }
    }

    fn object(&mut self, schema: &Schema, depth: usize) -> Value {
        let mut map = Map::new();
        for Field { wire, required, ty, .. } in schema.fields {
            if (*required && !self.chance(3)) || self.chance(50) {
                map.insert((*wire).into(), self.value(ty, depth));
            }
        }
        map.into()
    }

    fn patch(&mut self) -> Value {
        let paths = [
            "",
            "/",
            "/name",
            "/tags/-",
            "/tags/0",
            "/defaultValue/boolValue",
            "/targetingRules/0",
            "/x/y",
            "name",
            "/rolloutRules/9",
        ];
        let operations = ["add", "remove", "replace", "move", "copy", "test", "unknown", ""];
        let one = |random: &mut Self| json!({ "op": random.pick(&operations), "path": random.pick(&paths), "from": random.pick(&paths), "value": random.arbitrary_value(2) });
        (0..self.below(4)).map(|_| one(self)).collect()
    }

    fn parameter(&mut self, ty: &Type) -> String {
        let raw = ["%00", "%ff", "..", "%2e%2e", "99999999999999999999", "-1", "a%2Fb", "%F0%9F%98%80"];
        if self.chance(25) {
            return (*self.pick(&raw)).into();
        }
        match self.value(ty, 1) {
            Value::String(text) => {
                let keep = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
                let text: String = text.chars().filter(|c| keep(*c)).take(60).collect();
                if text.is_empty() { "x".into() } else { text }
            }
            other => {
                other
                    .to_string()
                    .chars()
                    .filter(|c| c.is_ascii_alphanumeric() || "-.".contains(*c))
                    .collect::<String>()
                    + ""
            }
        }
    }

    fn line(&mut self, operation: &Operation) -> String {
        let mut path = operation.path.to_owned();
        for parameter in operation.parameters.iter().filter(|p| p.location == Location::Path) {
            let value = self.parameter(&parameter.ty);
            path =
                path.replace(&format!("{{{}}}", parameter.wire), if value.is_empty() { "x" } else { &value });
        }
        let mut query = Vec::new();
        for parameter in operation.parameters.iter().filter(|p| p.location == Location::Query) {
            if self.chance(50) {
                query.push(format!("{}={}", parameter.wire, self.parameter(&parameter.ty)));
            }
        }
        if self.chance(5) {
            query.push((*self.pick(&["=", "&&", "%zz=%zz", "a=b=c", "+=+"])).into());
        }
        let method = if self.chance(97) { operation.http.as_str() } else { "PATCH" };
        if query.is_empty() {
            format!("{method} {path}")
        } else {
            format!("{method} {path}?{}", query.join("&"))
        }
    }

    fn headers(&mut self) -> String {
        let media = [
            "application/json",
            "application/json",
            "application/json",
            "application/json",
            "text/plain",
            "x",
            "application/hal+json",
        ];
        let mut headers = format!("content-type: {}\r\n", self.pick(&media));
        if self.chance(30) {
            let accept = [
                "application/hal+json",
                "*/*;q=x",
                "text/html",
                ",;,",
                "application/hal+json;q=0.1,application/json",
            ];
            headers.push_str(&format!("accept: {}\r\n", self.pick(&accept)));
        }
        if self.chance(30) {
            let keys = ["configcat-sdk-1/DemoStorefrontTest00_1/DemoStorefrontTest00_2", "x", "", "\u{e9}"];
            headers.push_str(&format!("X-CONFIGCAT-SDKKEY: {}\r\n", self.pick(&keys)));
        }
        headers
    }
}

#[tokio::test]
async fn malformed_requests_never_cause_a_5xx() {
    let number =
        |name: &str, otherwise| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(otherwise);
    let (simulator, owner) = demo().await;
    let mut random = Random(number("FUZZ_SEED", 1));
    let mut taken = [0_usize; 6];
    for n in 0..number("FUZZ_REQUESTS", REQUESTS) {
        if n % 500 == 499 {
            // Every state that requests produce is accepted as a snapshot.
            simulator.restore(simulator.snapshot()).await.unwrap();
            // Restore what has been deleted.
            simulator.reset().await.unwrap();
        }
        let operation = *random.pick(&operations::ALL);
        if operation.http == Http::Delete && random.chance(80) {
            continue;
        }
        let line = random.line(operation);
        let mut body = match &operation.body {
            Some(ty) => random.value(ty, 6).to_string(),
            None => String::new(),
        };
        if random.chance(4) {
            let mut cut = body.len() / 2;
            while !body.is_char_boundary(cut) {
                cut -= 1;
            }
            body.truncate(cut);
        }
        let headers = random.headers();
        let response = owner.send(&line, &headers, &body).await;
        assert!(response.status < 500, "{line}\n{headers}\n{body}\n{}: {}", response.status, response.body);
        taken[usize::from(response.status / 100)] += 1;
        if response.status < 300 && !response.body.is_empty() {
            serde_json::from_str::<Value>(&response.body).unwrap();
        }
    }
    assert!(taken[2] > 100 && taken[4] > 100, "too few successes or rejections: {taken:?}");
    let kept = simulator.snapshot();
    simulator.restore(kept).await.unwrap();
    assert_eq!(owner.status("GET /v1/me").await, 200);
}
