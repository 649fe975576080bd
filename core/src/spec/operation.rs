//! Operations: what can be called, where, and with which parameters.

use super::schema::Type;

/// One operation of the API.
#[derive(Debug)]
pub struct Operation {
    /// `resource.method`, the same in every language.
    pub id: &'static str,
    /// Name in the service's own document.
    pub operation_id: &'static str,
    /// Resource that the operation belongs to.
    pub resource: &'static str,
    /// Method of the resource.
    pub method: &'static str,
    /// HTTP method.
    pub http: Http,
    /// Path with `{parameters}`.
    pub path: &'static str,
    /// What it does, in a sentence.
    pub summary: &'static str,
    /// Whether sending it twice does no more than sending it once.
    pub idempotent: bool,
    /// Whether the service keeps it for old clients only.
    pub deprecated: bool,
    /// Parameters in path, query and headers, in the order of the description.
    pub parameters: &'static [Parameter],
    /// Type of the body.
    pub body: Option<Type>,
    /// Whether a body has to be sent.
    pub body_required: bool,
    /// Statuses of success.
    pub statuses: &'static [u16],
    /// Type of the answer's body.
    pub answer: Option<Type>,
    /// How its answers are read page by page, if they are.
    pub pages: Option<Pages>,
}

/// Where a paged answer has its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pages {
    /// Fields that lead from the answer to the page; none when the answer is the page.
    pub envelope: &'static [&'static str],
    /// Field of the page with the items; beside it is `paging`.
    pub items: &'static str,
}

/// A method of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Http {
    /// GET
    Get,
    /// POST
    Post,
    /// PUT
    Put,
    /// PATCH
    Patch,
    /// DELETE
    Delete,
}

impl Http {
    /// The method as it is sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A parameter of an operation. Those in the path are required, the others are not.
#[derive(Debug)]
pub struct Parameter {
    /// Name in Rust, Python and C.
    pub name: &'static str,
    /// Name on the wire.
    pub wire: &'static str,
    /// Where it goes.
    pub location: Location,
    /// Its type.
    pub ty: Type,
}

/// Where a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// Into the path.
    Path,
    /// Into the query.
    Query,
    /// Into a header.
    Header,
}

impl Operation {
    /// The parameters in the path, in order.
    pub fn path_parameters(&self) -> impl Iterator<Item = &'static Parameter> {
        self.parameters.iter().filter(|p| p.location == Location::Path)
    }

    /// Whether a request may be sent twice because of what the operation does: it is idempotent, and its HTTP method says so.
    #[must_use]
    pub const fn is_repeatable(&self) -> bool {
        self.idempotent && !matches!(self.http, Http::Post | Http::Patch)
    }

    /// A parameter by its name, with or without the underscore that keeps it from being a keyword, or by its wire name.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        let plain = name.strip_suffix('_').unwrap_or(name);
        self.parameters.iter().find(|p| p.name == name || p.wire == name || p.name == plain)
    }
}
