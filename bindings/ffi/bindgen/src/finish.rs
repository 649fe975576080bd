//! Post-processes the code that uniffi generates, for changes that its configuration has no option for.
//!
//! Changes that depend on uniffi's exact output require a fixed number of matches. A new version of uniffi that generates
//! different code therefore fails here and not at users.

use crate::builders::add_builders;
use crate::copies::add_copy_functions;
use crate::swift::finish_declarations;
use crate::text::{lines, once};
use crate::values::name_invalid_values;
use crate::visibility::hide_internals;
use anyhow::{Context as _, Result, ensure};
use std::collections::HashMap;
use std::path::Path;

/// Post-processes the files with an extension in a directory and its subdirectories.
pub fn files(folder: &Path, extension: &str, finish: fn(&str) -> Result<String>) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files(&path, extension, finish)?;
        } else if path.extension().is_some_and(|e| e == extension) {
            let text = std::fs::read_to_string(&path)?;
            let text = finish(&text).with_context(|| format!("cannot finish {}", path.display()))?;
            std::fs::write(&path, text)?;
        }
    }
    Ok(())
}

/// The value of a variant that is a list. Where a variant itself is named `List`, that is another class.
const VARIANT_LIST: &str = "val v1: List<";

/// Post-processes Kotlin:
///
/// - Three-state fields default to absent; uniffi takes them for optional and generates `null`.
/// - Drafts and options have functions that copy them with one other value, and builders, for Java.
/// - The library is loaded by its path, after a check that it is the one that the code was generated from.
/// - Strings and durations that Rust does not have are reported with the name of their field.
/// - uniffi's own declarations are internal, and the error of calls has another name than the public exception.
/// - Enum variants without data print their names, and JSON values their text.
/// - Lists of enum variants are qualified, because a variant may be named `List`.
/// - Threads of the library that resume calls stay attached to the Java virtual machine.
/// - Functions that are never called are not looked up.
/// - Options do not print headers, certificates and proxies, which may contain secrets.
pub fn kotlin(text: &str) -> Result<String> {
    let text = text.replace("ConfigCatException", "NativeException");
    let text = hide_options(&keep_threads_attached(&add_java_overloads(&text))?)?;
    let text = name_invalid_values(&load_by_path(&text)?)?;
    let text = print_json(&text);
    let text = without_unused(&text).replace(VARIANT_LIST, "val v1: kotlin.collections.List<");
    let text = hide_internals(&add_builders(&add_copy_functions(&text)))?;
    Ok(lines(&text, |line| {
        let code = line.trim_start();
        if code.starts_with("object ") && code.contains(" : ") && line.starts_with("    ") {
            return line.replacen("object ", "data object ", 1);
        }
        three_state(line, " = null", " = Field.Absent")
    }))
}

/// Prints JSON values as JSON text. A final function is not replaced by those of the variants, which are data classes.
fn print_json(text: &str) -> String {
    const CLASS: &str = "\nsealed class JsonValue {\n";
    text.replacen(
        CLASS,
        &format!(
            "{CLASS}    /** Returns JSON text. */\n    final override fun toString(): kotlin.String =\n        \
             runCatching {{ configcat.management.jsonText(this) }}.getOrElse {{ \"not JSON: ${{it.message}}\" }}\n"
        ),
        1,
    )
}

/// Loads the library by its path. JNA would search for its name in the directories of the system first, where there may be another
/// library of this name.
fn load_by_path(text: &str) -> Result<String> {
    if !text.contains("fun findLibraryName(") {
        return Ok(text.to_owned());
    }
    once(
        text,
        "    val libOverride = System.getProperty(\"uniffi.component.$componentName.libraryOverride\")\n    if \
         (libOverride != null) {\n        return libOverride\n    }\n    return \"configcat_management\"\n",
        "    return configcat.management.NativeLibrary.path()\n",
    )
}

/// Gives models with default arguments overloaded constructors, because Java has no default arguments.
fn add_java_overloads(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\ndata class ") {
        let (before, from) = rest.split_at(at);
        let end = from.find("\n)").unwrap_or(from.len());
        let (class, after) = from.split_at(end);
        out.push_str(before);
        if class.contains(" = ") {
            out.push_str(&class.replacen(" (", " @JvmOverloads constructor(", 1));
        } else {
            out.push_str(class);
        }
        rest = after;
    }
    out + rest
}

/// Replaces the strings that options are printed as.
fn hide_options(text: &str) -> Result<String> {
    let mut text = text.to_owned();
    for (class, shown) in [("ClientOptions", "baseUrl"), ("CallOptions", "timeout")] {
        let Some(start) = text.find(&format!("data class {class} ")) else { continue };
        let parameters = text.get(start..).and_then(|rest| rest.find("\n){"));
        let body = start + parameters.with_context(|| format!("no body of {class}"))? + "\n){".len();
        text.insert_str(
            body,
            &format!("\n    override fun toString(): String = \"{class}({shown}=${shown})\"\n"),
        );
    }
    Ok(text)
}

/// Keeps callback threads attached to the Java virtual machine. JNA attaches and detaches the thread for each callback by
/// default, which takes longer than everything else in a small call.
fn keep_threads_attached(text: &str) -> Result<String> {
    const CALLBACK: &str =
        "internal object uniffiRustFutureContinuationCallbackImpl: UniffiRustFutureContinuationCallback {\n";
    if !text.contains("suspend fun<T, F, E: kotlin.Exception> uniffiRustCallAsync") {
        return Ok(text.to_owned());
    }
    let attached = format!(
        "{CALLBACK}    init {{\n        Native.setCallbackThreadInitializer(\n            this,\n            \
         com.sun.jna.CallbackThreadInitializer(true, false, \"configcat-management\"),\n        )\n    }}\n\n"
    );
    once(text, CALLBACK, &attached)
}

/// Removes declarations of native functions that are never called, because JNA looks up each declared function when an
/// application starts.
fn without_unused(text: &str) -> String {
    const DECLARATION: &str = "    external fun ";
    let mut names: HashMap<&str, usize> = HashMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '_') {
        *names.entry(word).or_default() += 1;
    }
    let mut unused = false;
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        if let Some(declared) = line.strip_prefix(DECLARATION) {
            unused = declared.split('(').next().is_some_and(|name| names.get(name) == Some(&1));
        }
        if !unused {
            out.push_str(line);
            out.push('\n');
        }
        // The last line of a declaration has the return type.
        unused &= !line.starts_with("    ):");
    }
    out
}

/// Post-processes Swift:
///
/// - Three-state fields default to absent.
/// - Cancelling a task cancels its call; uniffi exports a function for this, but generates no call of it.
/// - Responses are decoded from the native buffer without a copy.
/// - Models can be encoded, and uniffi's own declarations are internal.
pub fn swift(text: &str) -> Result<String> {
    let text = lines(text, |line| three_state(line, " = nil", " = .absent"));
    finish_declarations(&read_in_place(&cancel_with_task(&text)?)?)
}

/// Decodes values from the native buffer. uniffi's code reads through `Data`, which takes most of the time of a long list on
/// Linux, and creates an array for each string.
fn read_in_place(text: &str) -> Result<String> {
    const READER: &str = "(data: Data, offset: Data.Index)";
    ensure!(text.contains(READER), "no {READER}: the output of uniffi has changed");
    let text = text.replace(READER, "(data: UnsafeRawBufferPointer, offset: Int)");
    let text = once(
        &text,
        "func createReader(data: Data) -> ",
        "func createReader(data: UnsafeRawBufferPointer) -> ",
    )?;
    let text = once(
        &text,
        "createReader(data: Data(rustBuffer: buf))",
        "createReader(data: UnsafeRawBufferPointer(start: buf.data, count: Int(buf.len)))",
    )?;
    let text = once(
        &text,
        "    var value: T = 0\n    let _ = withUnsafeMutableBytes(of: &value, { reader.data.copyBytes(to: $0, from: range)})\n",
        "    let value = reader.data.loadUnaligned(fromByteOffset: range.lowerBound, as: T.self)\n",
    )?;
    let text = once(
        &text,
        "    var value = [UInt8](repeating: 0, count: count)\n    value.withUnsafeMutableBufferPointer({ buffer in\n        \
         reader.data.copyBytes(to: buffer, from: range)\n    })\n",
        "    let value = Array(reader.data[range])\n",
    )?;
    once(
        &text,
        "        return String(decoding: try readBytes(&buf, count: Int(len)), as: UTF8.self)\n",
        "        let end = buf.offset + Int(len)\n        guard buf.data.count >= end else { throw \
         UniffiInternalError.bufferOverflow }\n        defer { buf.offset = end }\n        return String(decoding: \
         UnsafeRawBufferPointer(rebasing: buf.data[buf.offset..<end]), as: UTF8.self)\n",
    )
}

/// Replaces the default value of every parameter in a line whose type name starts with `Field`.
fn three_state(line: &str, default: &str, absent: &str) -> String {
    let mut parts = line.split(": Field");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(": Field");
        let end = part.find(|c: char| !c.is_alphanumeric()).unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        out.push_str(name);
        match rest.strip_prefix(default) {
            Some(rest) => {
                out.push_str(absent);
                out.push_str(rest);
            }
            None => out.push_str(rest),
        }
    }
    out
}

fn cancel_with_task(text: &str) -> Result<String> {
    if !text.contains("func uniffiRustCallAsync") {
        return Ok(text.to_owned());
    }
    let calls = text.matches("            freeFunc: ffi_").count();
    let text = lines(text, |line| match line.strip_prefix("            freeFunc: ") {
        Some(function) => {
            let cancel = function.replacen("_rust_future_free_", "_rust_future_cancel_", 1);
            format!("            cancelFunc: {cancel}\n{line}")
        }
        None => line.to_owned(),
    });
    ensure!(calls > 0, "no asynchronous call found");
    let text = once(
        &text,
        "    freeFunc: (UInt64) -> (),\n",
        "    cancelFunc: @escaping @Sendable (UInt64) -> (),\n    freeFunc: (UInt64) -> (),\n",
    )?;
    // The handler does not run after the wait has ended, so it never receives a future that was freed.
    let text = once(
        &text,
        "        pollResult = await withUnsafeContinuation {\n",
        "        pollResult = await withTaskCancellationHandler { await withUnsafeContinuation {\n",
    )?;
    let text = once(
        &text,
        "        }\n    } while pollResult",
        "        } } onCancel: {\n            cancelFunc(rustFuture)\n        }\n    } while pollResult",
    )?;
    once(&text, "fatalError(\"Cancellation not supported yet\")", "throw CancellationError()")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_state_fields_default_to_absent_and_others_to_null() {
        let text = "data class Wish (\n    val `a`: FieldString = null \n    , \n    val `b`: kotlin.String? = null \n)\n";
        let finished = kotlin(text).unwrap_or_default();
        assert!(finished.contains("`a`: FieldString = Field.Absent"), "{finished}");
        assert!(finished.contains("`b`: kotlin.String? = null"), "{finished}");
        assert!(finished.starts_with("data class Wish"), "{finished}");
        let line = "init(a: FieldString = nil, b: String? = nil, c: FieldInt32 = nil)";
        assert_eq!(
            three_state(line, " = nil", " = .absent"),
            "init(a: FieldString = .absent, b: String? = nil, c: FieldInt32 = .absent)"
        );
    }

    #[test]
    fn models_with_defaults_get_java_overloads() {
        let finished = add_java_overloads(
            "x\ndata class A (\n    val a: Int = null \n)\ndata class B (\n    val b: Int\n)\n",
        );
        assert!(finished.contains("data class A @JvmOverloads constructor(\n"), "{finished}");
        assert!(finished.contains("data class B (\n"), "{finished}");
    }

    #[test]
    fn declarations_of_unused_functions_are_removed() {
        let used = "    external fun used(`a`: Long,\n    ): Int\n";
        let text = format!("{used}    external fun idle(`a`: Long,\n    ): Unit\nval x = lib.used(1)\n");
        assert_eq!(without_unused(&text), format!("{used}val x = lib.used(1)\n"));
    }

    #[test]
    fn unexpected_uniffi_output_is_an_error() {
        assert!(cancel_with_task("func uniffiRustCallAsync").is_err());
        assert!(read_in_place("").is_err());
        assert!(once("aa", "a", "b").is_err());
    }
}
