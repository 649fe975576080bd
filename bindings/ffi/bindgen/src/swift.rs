//! Visibility and conformances of Swift declarations.

use crate::text::lines;
use anyhow::{Result, ensure};

/// Error of uniffi itself. Each file has one, private to the file.
const INTERNAL_ERROR: &str = "fileprivate enum UniffiInternalError: LocalizedError {";

/// Types that have a public form of the same name, written by hand, with Swift's durations, integers and names of cases. uniffi can
/// rename types too, but misses the errors of constructors, and boxed fields.
const NATIVE: [(&str, &str); 15] = [
    ("AttemptEvent", "NativeAttemptEvent"),
    ("ClientOptions", "NativeClientOptions"),
    ("ConfigCatError", "NativeError"),
    ("ErrorDetails", "NativeErrorDetails"),
    ("FinishedEvent", "NativeFinishedEvent"),
    ("OutcomeEvent", "NativeOutcomeEvent"),
    ("PlanOptions", "NativePlanOptions"),
    ("PlannedRequest", "NativePlannedRequest"),
    ("Price", "NativePrice"),
    ("Promotion", "NativePromotion"),
    ("RateLimit", "NativeRateLimit"),
    ("StepOutcome", "NativeStepOutcome"),
    ("Usage", "NativeUsage"),
    ("VerificationError", "NativeVerificationError"),
    ("WaitEvent", "NativeWaitEvent"),
];

/// Makes uniffi's own declarations internal, and models codable.
pub fn finish_declarations(text: &str) -> Result<String> {
    let text = &renamed(text);
    if text.contains("class NativeClient:") {
        return native(text);
    }
    Ok(codable_enums(&models(text)))
}

/// Renames the types that have a public form.
fn renamed(text: &str) -> String {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(word) {
        let (before, from) = rest.split_at(start);
        let (name, after) = from.split_at(from.find(|c| !word(c)).unwrap_or(from.len()));
        out.push_str(before);
        out.push_str(NATIVE.iter().find(|(own, _)| *own == name).map_or(name, |(_, native)| native));
        rest = after;
    }
    out + rest
}

/// The native interface: nothing of it is public. Its errors are visible to the package, which translates them.
fn native(text: &str) -> Result<String> {
    ensure!(text.contains(INTERNAL_ERROR), "no {INTERNAL_ERROR}: the output of uniffi has changed");
    let text = text.replace(INTERNAL_ERROR, &INTERNAL_ERROR.replace("fileprivate ", ""));
    // The file of the models has one, too.
    let text = text.replace("UniffiInternalError", "NativeInternalError");
    let text = text.replace("required public init", "required init").replace("open class ", "class ");
    Ok(lines(&text, |line| {
        let code = line.trim_start();
        if code.starts_with("//") { line.to_owned() } else { line.replacen("public ", "", 1) }
    }))
}

/// The models: structs can be encoded, and what converts them is internal.
fn models(text: &str) -> String {
    lines(text, |line| {
        let own = ["public struct FfiConverter", "public func FfiConverter", "public func uniffi"];
        if own.iter().any(|own| line.starts_with(own)) || line.starts_with("public enum Native") {
            return line.replacen("public ", "", 1);
        }
        match line.strip_prefix("public struct ").and_then(|rest| rest.strip_suffix(" {")) {
            Some(declared) if declared.contains(':') => format!("public struct {declared}, Codable {{"),
            Some(declared) => format!("public struct {declared}: Codable {{"),
            None => line.to_owned(),
        }
    })
}

/// Makes enums codable all of whose cases have a value. Those that are strings get it from generated code.
fn codable_enums(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\npublic enum ").or_else(|| rest.find("\npublic indirect enum ")) {
        let (before, from) = rest.split_at(at + 1);
        let end = from.find("\n}").unwrap_or(from.len());
        let (declaration, after) = from.split_at(end);
        out.push_str(before);
        let cases = || declaration.lines().map(str::trim_start).filter(|line| line.starts_with("case "));
        let own =
            ["SettingValue", "JsonValue"].iter().any(|name| declaration.contains(&format!("enum {name}:")));
        if !own && cases().count() > 0 && cases().all(|case| case.contains('(')) {
            out.push_str(&declaration.replacen(" {", ", Codable {", 1));
        } else {
            out.push_str(declaration);
        }
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_native_interface_is_internal() {
        let text = format!(
            "{INTERNAL_ERROR}\nfunc used(_: ErrorDetails, FfiConverterTypeErrorDetails)\nopen class NativeClient: X {{\n    required public init(a: Int)\n    public func list()\n}}\n"
        );
        let finished = finish_declarations(&text).unwrap_or_default();
        assert!(finished.starts_with("enum NativeInternalError: LocalizedError {"), "{finished}");
        assert!(finished.contains("(_: NativeErrorDetails, FfiConverterTypeErrorDetails)"), "{finished}");
        assert!(!finished.contains("public") && !finished.contains("open"), "{finished}");
        assert!(finish_declarations("class NativeClient: X {}").is_err());
    }

    #[test]
    fn models_are_codable_and_their_converters_internal() {
        let text = "\npublic struct Config: Equatable, Hashable {\n}\npublic struct FfiConverterTypeConfig: FfiConverterRustBuffer {\n    public static func read()\n}\npublic enum Condition: Equatable, Hashable {\n    case user(UserCondition\n    )\n}\npublic enum SettingType: Equatable, Hashable {\n    case boolean\n    case unknown(String\n    )\n}\n";
        let finished = finish_declarations(text).unwrap_or_default();
        assert!(finished.contains("public struct Config: Equatable, Hashable, Codable {"), "{finished}");
        assert!(finished.contains("\nstruct FfiConverterTypeConfig: FfiConverterRustBuffer {"), "{finished}");
        assert!(finished.contains("public enum Condition: Equatable, Hashable, Codable {"), "{finished}");
        assert!(finished.contains("public enum SettingType: Equatable, Hashable {"), "{finished}");
    }
}
