//! Makes uniffi's own declarations internal. It declares everything public, because types of other modules might need it.

use anyhow::{Result, ensure};

/// Classes of the native interface that are part of the public API.
const PUBLIC: [&str; 12] = [
    "AttemptEvent",
    "ClientOptions",
    "FinishedEvent",
    "OutcomeEvent",
    "PlanOptions",
    "PlannedRequest",
    "Price",
    "Promotion",
    "RateLimit",
    "StepOutcome",
    "Usage",
    "WaitEvent",
];

/// Package of the native interface. Everything in it is internal, except for [`PUBLIC`]; the other package has the models.
const NATIVE: &str = "\npackage configcat.management\n";

/// Makes top-level declarations internal.
pub fn hide_internals(text: &str) -> Result<String> {
    let native = text.contains(NATIVE);
    let mut depth = 0_i32;
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let code = line.trim_start();
        // A declaration may follow its documentation on the same line.
        let code = code.strip_prefix("*/").map_or(code, str::trim_start);
        let comment = code.starts_with("//") || code.starts_with('*') || code.starts_with("/*");
        match declaration(code).filter(|_| depth == 0 && !comment) {
            Some(declared) if !is_public(&declared, native) => {
                out.push_str(line.get(..line.len() - code.len()).unwrap_or_default());
                out.push_str("internal ");
                out.push_str(code.strip_prefix("public ").unwrap_or(code));
            }
            _ => out.push_str(line),
        }
        out.push('\n');
        if !comment {
            depth += balance(code);
        }
    }
    ensure!(depth == 0, "{depth} brackets are open at the end: the output of uniffi has changed");
    Ok(out)
}

/// Whether a class of the native interface, or of the models, is part of the public API.
pub fn is_public_class(name: &str, native: bool) -> bool {
    if native {
        return PUBLIC.contains(&name);
    }
    let own =
        ["FfiConverter", "Foreign", "InternalException", "RustBuffer", "Uniffi", "VerificationException"];
    !own.iter().any(|prefix| name.starts_with(prefix))
}

/// Whether the text is that of the native interface.
pub fn is_native(text: &str) -> bool {
    text.contains(NATIVE)
}

fn is_public(declared: &Declaration<'_>, native: bool) -> bool {
    declared.is_type && is_public_class(declared.name, native)
}

struct Declaration<'a> {
    name: &'a str,
    /// Whether it is a class that users may need, or an alias.
    is_type: bool,
}

/// Parses a declaration that is public.
fn declaration(code: &str) -> Option<Declaration<'_>> {
    const TYPES: [&str; 4] = ["data class ", "sealed class ", "enum class ", "typealias "];
    const OTHERS: [&str; 12] = [
        "abstract class ",
        "class ",
        "const val ",
        "fun ",
        "fun<",
        "inline fun ",
        "interface ",
        "object ",
        "open class ",
        "suspend fun ",
        "val ",
        "var ",
    ];
    let code = code.strip_prefix("public ").unwrap_or(code);
    let found = |keywords: &[&str]| keywords.iter().find_map(|keyword| code.strip_prefix(keyword));
    let (rest, is_type) = match found(&TYPES) {
        Some(rest) => (rest, true),
        None => (found(&OTHERS)?, false),
    };
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '`').unwrap_or(rest.len());
    Some(Declaration { name: rest.get(..end)?.trim_matches('`'), is_type })
}

/// Returns the number of brackets that a line opens, less those that it closes.
fn balance(code: &str) -> i32 {
    let code = code.split(" //").next().unwrap_or(code);
    code.chars().fold(0, |depth, c| match c {
        '(' | '{' => depth + 1,
        ')' | '}' => depth - 1,
        _ => depth,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internals_of_the_native_interface_are_not_public() {
        let text = "x\npackage configcat.management\npublic object FfiConverterString {\n    fun lift() = 1\n}\ndata class Usage (\n    val `requests`: Long\n)\ndata class CallOptions (\n    val `a`: Int\n)\n@Throws(X::class)\n     fun `parseJson`(`text`: String): JsonValue {\n}\n    /**\n     * About.\n     */ fun `jsonText`(`value`: JsonValue): String {\n}\n";
        let hidden = hide_internals(text).unwrap_or_default();
        assert!(hidden.contains("\ninternal object FfiConverterString {\n    fun lift() = 1\n"), "{hidden}");
        assert!(hidden.contains("\ndata class Usage (\n    val `requests`: Long\n)"), "{hidden}");
        assert!(hidden.contains("\ninternal data class CallOptions (\n    val `a`: Int\n"), "{hidden}");
        assert!(hidden.contains("     internal fun `parseJson`("), "{hidden}");
        assert!(hidden.contains("     */ internal fun `jsonText`("), "{hidden}");
    }

    #[test]
    fn models_stay_public() {
        let text = "\npackage configcat.management.models\ndata class Config (\n    val `a`: Int\n){\n}\npublic typealias ConfigId = String\npublic typealias FfiConverterTypeConfigId = FfiConverterString\nclass InternalException(message: String) : kotlin.Exception(message)\nprivate val hidden = 1\n";
        let hidden = hide_internals(text).unwrap_or_default();
        assert!(hidden.contains("\ndata class Config ("), "{hidden}");
        assert!(hidden.contains("\npublic typealias ConfigId"), "{hidden}");
        assert!(hidden.contains("\ninternal typealias FfiConverterTypeConfigId"), "{hidden}");
        assert!(hidden.contains("\ninternal class InternalException("), "{hidden}");
        assert!(hidden.contains("\nprivate val hidden"), "{hidden}");
    }
}
