//! Errors about values that cannot be passed to the library: they name the field, and leave nothing behind.

use crate::text::once;
use anyhow::Result;

/// Makes Kotlin report strings and durations that Rust does not have with the name of their field.
pub fn name_invalid_values(text: &str) -> Result<String> {
    let text = check_strings(text)?;
    let text = text.replace(
        "throw IllegalArgumentException(\"Invalid duration, must be non-negative\")",
        "throw configcat.management.InvalidValueException(\"must not be negative, not $value\")",
    );
    Ok(name_arguments(&name_fields(&free_unused_handles(&text))))
}

/// Checks strings before they are encoded: an unpaired surrogate is no character.
fn check_strings(text: &str) -> Result<String> {
    if !text.contains("object FfiConverterString") {
        return Ok(text.to_owned());
    }
    once(
        text,
        "        // Make sure we don't have invalid UTF-16, check for lone surrogates.\n        return \
         Charsets.UTF_8.newEncoder().run {\n            onMalformedInput(CodingErrorAction.REPORT)\n            \
         encode(CharBuffer.wrap(value))\n        }\n",
        "        return configcat.management.utf8(value)\n",
    )
}

/// Frees the handle that was meant for a call, if an argument is invalid and the call is not made. Otherwise the client would never be
/// freed.
fn free_unused_handles(text: &str) -> String {
    text.replace(
        "            return block(this.uniffiCloneHandle())\n",
        "            val uniffiCloned = this.uniffiCloneHandle()\n            try {\n                return \
         block(uniffiCloned)\n            } catch (e: configcat.management.InvalidValueException) {\n                \
         uniffiFreeHandle(uniffiCloned)\n                throw e\n            }\n",
    )
    .replace(
        "    internal inline fun <R> callWithHandle(",
        "    internal fun uniffiFreeHandle(handle: Long) = UniffiCleanAction(handle).run()\n\n    internal inline fun <R> \
         callWithHandle(",
    )
}

/// Names the field that is being written.
fn name_fields(text: &str) -> String {
    text.lines().fold(String::with_capacity(text.len()), |mut out, line| {
        match field(line) {
            Some(name) => {
                let code = line.trim_start();
                let indent = line.get(..line.len() - code.len()).unwrap_or_default();
                out.push_str(&format!("{indent}configcat.management.named(\"{name}\") {{ {code} }}"));
            }
            None => out.push_str(line),
        }
        out.push('\n');
        out
    })
}

/// Returns the name of the field that a line writes.
fn field(line: &str) -> Option<&str> {
    let (converter, rest) = line.trim_start().split_once(".write(value.`")?;
    let name = rest.strip_suffix("`, buf)")?;
    converter.chars().all(char::is_alphanumeric).then_some(name)
}

/// Names the argument that is being converted.
fn name_arguments(text: &str) -> String {
    const CALL: &str = ".lower(`";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(CALL) {
        let (before, from) = rest.split_at(at);
        let start = before.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |end| end + 1);
        let (before, converter) = before.split_at(start);
        let after = from.get(CALL.len()..).unwrap_or_default();
        out.push_str(before);
        match after.split_once("`)") {
            Some((name, tail)) => {
                out.push_str(&format!(
                    "configcat.management.named(\"{name}\") {{ {converter}{CALL}{name}`) }}"
                ));
                rest = tail;
            }
            None => {
                out.push_str(converter);
                out.push_str(CALL);
                rest = after;
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_arguments_are_named() {
        let text = "            FfiConverterString.write(value.`name`, buf)\n        FfiConverterTypeConfigId.lower(`configId`),FfiConverterString.lower(`name`),\n";
        let named = name_arguments(&name_fields(text));
        assert_eq!(
            named,
            "            configcat.management.named(\"name\") { FfiConverterString.write(value.`name`, buf) }\n        configcat.management.named(\"configId\") { FfiConverterTypeConfigId.lower(`configId`) },configcat.management.named(\"name\") { FfiConverterString.lower(`name`) },\n"
        );
    }
}
