//! Operations of the API: paths, parameters, and types.

use super::schema::Type;

/// One operation of the API.
#[derive(Debug)]
pub struct Operation {
    /// `resource.method`, the same in every language.
    pub id: &'static str,
    /// `operationId` in the OpenAPI document.
    pub operation_id: &'static str,
    /// Resource that the operation belongs to.
    pub resource: &'static str,
    /// Method of the resource.
    pub method: &'static str,
    /// HTTP method.
    pub http: Http,
    /// Path with `{parameters}`.
    pub path: &'static str,
    /// Summary, in one sentence.
    pub summary: &'static str,
    /// Whether sending it twice has the same effect as sending it once.
    pub idempotent: bool,
    /// Whether it is deprecated: the service keeps it for old clients only.
    pub deprecated: bool,
    /// Parameters in path, query and headers, in the order of the spec.
    pub parameters: &'static [Parameter],
    /// Type of the body.
    pub body: Option<Type>,
    /// Whether a body has to be sent.
    pub body_required: bool,
    /// Success statuses.
    pub statuses: &'static [u16],
    /// Type of the response body, if there is one.
    pub response: Option<Type>,
    /// Pagination of the response, if it is paged.
    pub pages: Option<Pages>,
    /// Fields by which an item of the response is found, if it is a list with names.
    pub find: Option<NameFields>,
}

/// Position of the items in a paged response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pages {
    /// Fields that lead from the response to the page; empty if the response is the page.
    pub envelope: &'static [&'static str],
    /// Field of the page with the items; another field is `paging`.
    pub items: &'static str,
}

/// Fields by which users find an item of a list, and the call that does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameFields {
    /// Name of the call, such as `settings.find`.
    pub call: &'static str,
    /// Name of its argument, such as `key_or_name`.
    pub argument: &'static str,
    /// Fields to compare, in this order.
    pub fields: &'static [&'static str],
    /// Field with the id of an item.
    pub id: &'static str,
}

/// HTTP method.
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
    /// All methods of the spec.
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// Whether sending a request twice has the same effect as sending it once, according to HTTP.
    #[must_use]
    pub const fn is_repeatable(self) -> bool {
        !matches!(self, Self::Post | Self::Patch)
    }

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
    /// Its location in the request.
    pub location: Location,
    /// Its type.
    pub ty: Type,
}

/// Location of a parameter in the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
}

impl Operation {
    /// Returns the parameters in the path, in order.
    pub fn path_parameters(&self) -> impl Iterator<Item = &'static Parameter> {
        self.parameters.iter().filter(|p| p.location == Location::Path)
    }

    /// Whether a request may be sent twice: the operation is idempotent, and so is its HTTP method.
    #[must_use]
    pub const fn is_repeatable(&self) -> bool {
        self.idempotent && self.http.is_repeatable()
    }

    /// Finds a parameter by its name, with or without the trailing underscore that avoids a keyword, or by its wire name.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        let plain = name.strip_suffix('_').unwrap_or(name);
        self.parameters.iter().find(|p| p.name == name || p.wire == name || p.name == plain)
    }
}
