//! Named arguments: one object for parameters and body, for dynamic callers.

use super::convert::{InputValue, convert};
use super::input::{CallInput, PATCH};
use super::problem::{InputProblem, Reason};
use crate::error::Result;
use crate::spec::{Operation, Path, Schema, Type};
use serde_json::{Map, Value};

/// The named argument with the whole body, instead of its fields.
const BODY: &str = "body";

impl CallInput {
    /// Creates the input from one object with the parameters and the fields of the body, by name.
    ///
    /// A JSON Patch is under `patch`; a whole body may be under `body` instead of its fields. Null leaves out an optional
    /// parameter, and is sent as null in a body. Names are those of Rust, Python and C, or wire names.
    ///
    /// # Errors
    /// [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) for a name that the operation does not have, with a
    /// suggestion.
    pub fn named(operation: &'static Operation, arguments: Map<String, Value>) -> Result<Self> {
        let mut input = Self::new(operation);
        input.collect(arguments).map_err(|error| error.with_operation(operation))?;
        Ok(input)
    }

    fn collect(&mut self, arguments: Map<String, Value>) -> Result<()> {
        let operation = self.operation;
        let mut fields = Map::new();
        let mut whole = None;
        for (name, value) in arguments {
            if let Some(parameter) = operation.parameter(&name) {
                self.convert_parameter(parameter, value)?;
                continue;
            }
            match operation.body {
                Some(Type::Patch(_)) if name == PATCH => whole = Some(value),
                Some(Type::Object(schema)) if name == BODY && is_whole(schema, &value) => whole = Some(value),
                Some(Type::Object(schema)) if schema.field(&name).is_some() => {
                    fields.insert(name, value);
                }
                Some(Type::Object(schema)) => return Err(Value::refuse(self.unknown_field(schema, &name))),
                _ => return Err(Value::refuse(self.unknown(&name))),
            }
        }
        let Some(ty) = &operation.body else { return Ok(()) };
        let body = match whole {
            Some(_) if !fields.is_empty() => {
                let message = "is present beside fields of the body: pass one or the other";
                return Err(Value::refuse(InputProblem::new(&Path::Root(BODY), Reason::Duplicate, message)));
            }
            Some(whole) => whole,
            None if matches!(ty, Type::Patch(_)) => return Ok(()),
            None => Value::Object(fields),
        };
        let json = convert(body, ty, &Path::Root(""))?;
        self.set_json(&json);
        Ok(())
    }

    fn unknown_field(&self, schema: &Schema, name: &str) -> InputProblem {
        let parameters = self.operation.parameters.iter().map(|parameter| parameter.name);
        let known = parameters.chain(schema.fields.iter().map(|field| field.name));
        InputProblem::unknown_name(&Path::Root(""), self.operation.id, name, known)
    }
}

/// Whether the argument `body` is the whole body: a field may have the same name.
fn is_whole(schema: &Schema, value: &Value) -> bool {
    let field = schema.field(BODY);
    field.is_none_or(|field| value.is_object() && !matches!(field.ty, Type::Object(_) | Type::Map(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations;
    use serde_json::json;

    fn named(operation: &'static Operation, arguments: Value) -> Result<CallInput> {
        let Value::Object(arguments) = arguments else { panic!("not an object") };
        CallInput::named(operation, arguments)
    }

    fn with_body(operation: &'static Operation, body: Value) -> Result<CallInput> {
        let mut input = CallInput::new(operation);
        input.set_body(body)?;
        Ok(input)
    }

    fn body(input: &CallInput) -> Value {
        serde_json::from_slice(input.body().unwrap()).unwrap()
    }

    #[test]
    fn parameters_and_body_fields_are_separated() {
        let arguments =
            json!({ "product_id": "p", "name": "n", "evaluationVersion": "v2", "description": null });
        let input = named(&operations::configs::CREATE, arguments).unwrap();
        assert_eq!(input.parameters().collect::<Vec<_>>(), [("productId", "p")]);
        assert_eq!(body(&input), json!({ "name": "n", "evaluationVersion": "v2", "description": null }));
    }

    #[test]
    fn misspelt_name_gets_a_suggestion() {
        let error =
            named(&operations::configs::CREATE, json!({ "product_id": "p", "nam": "n" })).unwrap_err();
        assert!(error.message().contains("configs.create has no nam; did you mean name?"), "{error}");
        let error = named(&operations::products::LIST, json!({ "x": 1 })).unwrap_err();
        assert!(error.message().contains("it takes nothing"), "{error}");
        let misspelt = json!({ "default_value": true, "targeting_rules": [{ "conditoins": [] }] });
        let error = with_body(&operations::flag_values::REPLACE, misspelt).unwrap_err();
        assert!(error.field_errors().contains_key("targeting_rules[0].conditoins"), "{error}");
    }

    #[test]
    fn violation_names_the_argument_once() {
        let refusal = |input: CallInput| input.prepare().unwrap_err().with_snake_names().message().to_owned();
        let empty = named(&operations::products::GET, json!({ "product_id": "" })).unwrap();
        assert_eq!(refusal(empty), "not sent: product_id: must not be \"\"");
        let mut input = named(&operations::webhooks::PATCH, json!({ "webhook_id": 1, "patch": [] })).unwrap();
        input.set_body(json!({ "op": "test" })).unwrap();
        assert!(refusal(input).starts_with("not sent: patch: must be a list"));
    }

    #[test]
    fn field_in_both_spellings_is_refused() {
        let twice = json!({ "product_id": "p", "evaluation_version": "v1", "evaluationVersion": "v2" });
        let error = named(&operations::configs::CREATE, twice).unwrap_err();
        assert!(error.message().contains("is present twice"), "{error}");
    }

    #[test]
    fn plain_value_becomes_the_member_of_its_type() {
        let plain = json!({ "default_value": 1.5, "targeting_rules": [{ "value": { "value": "x" } }] });
        let sent = body(&with_body(&operations::flag_values::REPLACE, plain).unwrap());
        assert_eq!(sent["defaultValue"], json!({ "doubleValue": 1.5 }));
        assert_eq!(sent["targetingRules"][0]["value"], json!({ "stringValue": "x" }));
    }

    #[test]
    fn list_as_a_flag_value_is_refused_not_lost() {
        for value in [json!([true]), json!({ "value": [true] }), json!({ "value": {} })] {
            let sent = with_body(&operations::flag_values::REPLACE, json!({ "default_value": value }));
            let message = match sent {
                Ok(mut input) => {
                    ["environmentId", "e", "settingId", "1"]
                        .chunks(2)
                        .for_each(|p| input.push(p[0], p[1].into()));
                    input.prepare().unwrap_err().to_string()
                }
                Err(error) => error.to_string(),
            };
            assert!(message.contains("must be"), "{value}: {message}");
        }
    }

    #[test]
    fn endless_nesting_is_refused() {
        let mut value = json!(1);
        (0..100).for_each(|_| value = json!([value]));
        let error = with_body(&operations::flag_values::REPLACE, json!({ "settingTags": value }));
        assert!(error.is_err());
    }

    #[test]
    fn whole_body_is_distinguished_from_a_field_named_body() {
        let add = &operations::change_request_comments::ADD;
        for arguments in [json!({ "body": "text" }), json!({ "body": { "body": "text" } })] {
            assert_eq!(body(&named(add, arguments).unwrap()), json!({ "body": "text" }));
        }
        let whole = json!({ "product_id": "p", "body": { "name": "n" } });
        assert_eq!(body(&named(&operations::configs::CREATE, whole).unwrap()), json!({ "name": "n" }));
    }

    #[test]
    fn patch_is_a_named_argument() {
        let patch = json!([{ "op": "remove", "path": "/hint" }]);
        let arguments = json!({ "environment_id": "e", "setting_id": 7, "reason": null, "patch": patch });
        let input = named(&operations::flag_values::PATCH, arguments).unwrap();
        assert_eq!(body(&input), patch);
        assert_eq!(input.parameters().collect::<Vec<_>>(), [("environmentId", "e"), ("settingId", "7")]);
    }
}
