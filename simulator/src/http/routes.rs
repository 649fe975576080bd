//! Route table: from method and path to operation.

use configcat_management::operations;
use configcat_management::spec::{Http, Operation};
use percent_encoding::percent_decode_str;

/// The operations that share a path.
#[derive(Debug, Default, Clone)]
pub struct Entry {
    operations: Vec<&'static Operation>,
}

impl Entry {
    pub fn find(&self, method: &http::Method) -> Option<&'static Operation> {
        self.operations.iter().copied().find(|o| o.http.as_str() == method.as_str())
    }

    /// Returns the value of an `Allow` header.
    pub fn allow(&self) -> String {
        let methods: Vec<&str> = self.operations.iter().map(|o| o.http).map(Http::as_str).collect();
        methods.join(", ")
    }
}

/// Route table of all paths.
#[derive(Debug)]
pub struct Routes {
    table: matchit::Router<Entry>,
}

impl Routes {
    pub fn new() -> Self {
        let mut paths: Vec<(&'static str, Entry)> = Vec::new();
        for operation in operations::ALL {
            match paths.iter_mut().find(|(path, _)| *path == operation.path) {
                Some((_, entry)) => entry.operations.push(operation),
                None => paths.push((operation.path, Entry { operations: vec![operation] })),
            }
        }
        let mut table = matchit::Router::new();
        for (path, entry) in paths {
            // The paths of the spec do not collide; a test verifies it.
            let _ = table.insert(path, entry);
        }
        Self { table }
    }

    /// Returns the operations at a path, and the values of its path parameters.
    // Assumed: a slash at the end of a path is ignored.
    pub fn find(&self, path: &str) -> Option<(&Entry, Vec<String>)> {
        let found = self.table.at(path.strip_suffix('/').filter(|p| !p.is_empty()).unwrap_or(path)).ok()?;
        let values = found.params.iter().map(|(_, v)| percent_decode_str(v).decode_utf8_lossy().into_owned());
        Some((found.value, values.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_found_by_path_and_method() {
        let routes = Routes::new();
        for operation in operations::ALL {
            let path = operation.path.replace(['{', '}'], "");
            let (entry, values) = routes.find(&path).unwrap_or_else(|| panic!("{path}"));
            let method = http::Method::from_bytes(operation.http.as_str().as_bytes()).unwrap();
            assert_eq!(entry.find(&method).map(|o| o.id), Some(operation.id), "{path}");
            let names: Vec<&str> = operation.path_parameters().map(|p| p.wire).collect();
            assert_eq!(values, names, "{path}");
        }
    }

    #[test]
    fn path_values_are_percent_decoded() {
        let routes = Routes::new();
        let (_, values) = routes.find("/v2/settings/a%2Fb%20c/value").unwrap();
        assert_eq!(values, ["a/b c"]);
        assert!(routes.find("/v1/nothing").is_none());
    }
}
