//! Parses the generated Python files: classes, the signatures of their methods, and their docstrings.

use anyhow::{Context as _, Result};

/// Class with its methods and attributes.
#[derive(Debug, Default)]
pub struct Class {
    pub name: String,
    pub doc: Doc,
    pub methods: Vec<Method>,
    /// Attributes that are declared with a type: name and type.
    pub attributes: Vec<(String, String)>,
}

/// Method or property.
#[derive(Debug, Default)]
pub struct Method {
    pub name: String,
    /// What to use instead of a deprecated method.
    pub deprecated: Option<String>,
    /// Whether it is read like an attribute.
    pub property: bool,
    pub parameters: Vec<Parameter>,
    pub result: String,
    pub doc: Doc,
}

/// Parameter of a method. The marker `*` is one too.
#[derive(Debug, Default, PartialEq)]
pub struct Parameter {
    pub name: String,
    pub ty: String,
    pub default: Option<String>,
}

/// Docstring: paragraphs, and the lines of the sections after them, such as `Args`.
#[derive(Debug, Default, PartialEq)]
pub struct Doc {
    pub paragraphs: Vec<String>,
    pub sections: Vec<(String, Vec<String>)>,
}

impl Doc {
    /// Returns the entries of a section as pairs of name and text. A line that begins with a known name begins an entry; with no
    /// known names, a line that begins with a word and a colon does.
    pub fn entries(&self, section: &str, known: &[&str]) -> Vec<(String, String)> {
        let mut entries: Vec<(String, String)> = Vec::new();
        for line in self.section(section) {
            let entry = line.split_once(": ").filter(|(name, _)| {
                known.contains(name) || (known.is_empty() && name.chars().all(char::is_alphanumeric))
            });
            match (entry, entries.last_mut()) {
                (Some((name, text)), _) => entries.push((name.to_owned(), text.to_owned())),
                (None, Some((_, text))) => *text += &format!(" {line}"),
                (None, None) => {}
            }
        }
        entries
    }

    /// Returns the text of a section on one line.
    pub fn text(&self, section: &str) -> String {
        self.section(section).join(" ")
    }

    fn section(&self, name: &str) -> &[String] {
        self.sections.iter().find(|(title, _)| title == name).map_or(&[], |(_, lines)| lines)
    }
}

/// Returns the classes of a file.
pub fn classes(text: &str) -> Result<Vec<Class>> {
    let mut lines = text.lines().peekable();
    let mut classes: Vec<Class> = Vec::new();
    let (mut deprecated, mut property) = (None, false);
    while let Some(line) = lines.next() {
        if let Some(rest) = line.strip_prefix("class ") {
            let name = rest.split(['(', ':']).next().unwrap_or(rest).to_owned();
            let doc = docstring(&mut lines);
            classes.push(Class { name, doc, ..Class::default() });
            continue;
        }
        let Some(class) = classes.last_mut() else { continue };
        let Some(member) = line.strip_prefix("    ") else { continue };
        if let Some(text) = member.strip_prefix("@deprecated(\"") {
            deprecated = Some(text.trim_end_matches("\")").to_owned());
        } else if member == "@property" {
            property = true;
        } else if let Some(rest) = member.strip_prefix("async def ").or_else(|| member.strip_prefix("def ")) {
            let mut signature = rest.to_owned();
            while !signature.ends_with(':') && !signature.ends_with(": ...") {
                let next = lines.next().with_context(|| format!("{signature}: does not end"))?;
                signature += next.trim_start();
            }
            let mut method = method(&signature)?;
            method.doc = docstring(&mut lines);
            (method.deprecated, method.property) = (deprecated.take(), property);
            property = false;
            class.methods.push(method);
        } else if let Some((name, ty)) = member.split_once(": ")
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        {
            class.attributes.push((name.to_owned(), ty.to_owned()));
        }
    }
    Ok(classes)
}

/// Parses `name(self, a: int = 1) -> str:`.
fn method(signature: &str) -> Result<Method> {
    let (name, rest) = signature.split_once('(').context("a method without parameters")?;
    let (parameters, result) =
        rest.rsplit_once(") -> ").with_context(|| format!("{signature}: no return type"))?;
    let result = result.trim_end_matches(" ...").trim_end_matches(':').to_owned();
    let parameters = split(parameters).into_iter().map(parameter).filter(|p| p.name != "self").collect();
    Ok(Method { name: name.to_owned(), parameters, result, ..Method::default() })
}

fn parameter(text: &str) -> Parameter {
    let (declared, default) = match text.split_once(" = ") {
        Some((declared, default)) => (declared, Some(default.to_owned())),
        None => (text, None),
    };
    let (name, ty) = declared.split_once(": ").unwrap_or((declared, ""));
    Parameter { name: name.to_owned(), ty: ty.to_owned(), default }
}

/// Splits at the commas that are not in brackets.
fn split(parameters: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, c) in parameters.char_indices() {
        match c {
            '[' | '(' => depth += 1,
            ']' | ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.extend(parameters.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(parameters.get(start..));
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// Reads the docstring that the next line begins, if it does.
fn docstring<'a>(lines: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>) -> Doc {
    const QUOTES: &str = "\"\"\"";
    let Some(first) = lines.peek().and_then(|line| line.trim_start().strip_prefix(QUOTES)) else {
        return Doc::default();
    };
    let mut content = vec![first.to_owned()];
    lines.next();
    while !content.last().is_some_and(|line| line.ends_with(QUOTES)) {
        let Some(line) = lines.next() else { break };
        content.push(line.trim().to_owned());
    }
    let mut doc = Doc::default();
    let mut paragraph = String::new();
    for line in content.iter().map(|line| line.trim_end_matches(QUOTES).trim()) {
        let title =
            line.strip_suffix(':').filter(|t| ["Args", "Returns", "Raises", "Attributes"].contains(t));
        match (title, doc.sections.last_mut()) {
            (Some(title), _) => doc.sections.push((title.to_owned(), Vec::new())),
            (None, Some((_, section))) if !line.is_empty() => section.push(line.to_owned()),
            (None, Some(_)) => {}
            (None, None) if line.is_empty() => doc.paragraphs.push(std::mem::take(&mut paragraph)),
            (None, None) => {
                paragraph += if paragraph.is_empty() { "" } else { " " };
                paragraph += line;
            }
        }
    }
    doc.paragraphs.push(paragraph);
    doc.paragraphs.retain(|paragraph| !paragraph.is_empty());
    doc
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"
class Products(Resource):
    """Products of an organization."""

    organization_id: str

    @deprecated("use list")
    def list_v1(
        self,
        ids: Sequence[Union[str, int]],
        *,
        timeout: float | None = None,
    ) -> ModelList[models.Product]:
        """Lists the products
        of a person.

        ``GET /v1/products``

        Args:
            ids: Ids of products. A long text that
                goes on: here.
            timeout: Time limit.

        Raises:
            ConfigCatError: The call failed.
        """
        response = None

    @property
    def name(self) -> str: ...
"#;

    #[test]
    fn methods_have_their_signature_and_documentation() {
        let classes = classes(SOURCE).unwrap();
        let class = classes.first().unwrap();
        assert_eq!(
            (class.name.as_str(), class.doc.paragraphs.join("")),
            ("Products", "Products of an organization.".into())
        );
        assert_eq!(class.attributes, [("organization_id".into(), "str".into())]);
        let list = class.methods.first().unwrap();
        assert_eq!(
            (list.deprecated.as_deref(), list.result.as_str()),
            (Some("use list"), "ModelList[models.Product]")
        );
        let parameter = |name: &str, ty: &str, default: Option<&str>| Parameter {
            name: name.into(),
            ty: ty.into(),
            default: default.map(str::to_owned),
        };
        let expected = [
            parameter("ids", "Sequence[Union[str, int]]", None),
            parameter("*", "", None),
            parameter("timeout", "float | None", Some("None")),
        ];
        assert_eq!(list.parameters, expected);
        assert_eq!(list.doc.paragraphs, ["Lists the products of a person.", "``GET /v1/products``"]);
        let arguments = list.doc.entries("Args", &["ids", "timeout"]);
        assert_eq!(arguments.first().unwrap().1, "Ids of products. A long text that goes on: here.");
        assert_eq!(list.doc.entries("Raises", &[]), [("ConfigCatError".into(), "The call failed.".into())]);
        assert!(class.methods.last().unwrap().property);
    }
}
