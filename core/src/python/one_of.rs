//! Python classes of the enums of which the wire form is an object with exactly one member set.

/// Defines the class of an enum: an attribute per variant, all of which are `None` but one.
macro_rules! one_of_class {
    ($(#[$about:meta])* $name:ident $schema:path {
        $($(#[$doc:meta])* $index:literal $wire:literal $field:ident $variant:ident($ty:ty),)*
    }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq)]
        #[pyo3::pyclass(frozen, get_all, eq, module = "configcat_management.models")]
        pub struct $name {
            $($(#[$doc])* $field: Option<$ty>,)*
            /// Members that the spec does not have.
            extra: crate::models::Extra,
        }

        crate::models::object::object! { $name { $($index $wire $field required,)* } }

        crate::python::model!($name, $schema { $($field),* } extra);

        impl From<crate::models::$name> for $name {
            fn from(value: crate::models::$name) -> Self {
                let mut class = Self { $($field: None,)* extra: crate::models::Extra::new() };
                match value {
                    $(crate::models::$name::$variant(value) => class.$field = Some(value),)*
                    crate::models::$name::Unknown(extra) => {
                        let json = serde_json::Value::Object(extra.clone().into());
                        // Members that the spec has were decoded before, and are attributes again.
                        class = serde_json::from_value(json).unwrap_or(Self { extra, ..class });
                    }
                }
                class
            }
        }

        impl<'py> pyo3::IntoPyObject<'py> for crate::models::$name {
            type Target = $name;
            type Output = pyo3::Bound<'py, $name>;
            type Error = pyo3::PyErr;

            fn into_pyobject(self, py: pyo3::Python<'py>) -> pyo3::PyResult<Self::Output> {
                pyo3::Bound::new(py, $name::from(self))
            }
        }
    };
}

pub(crate) use one_of_class;
