//! Converts identifiers to their wire types: strings and numbers.

/// Converts an identifier to its wire type.
macro_rules! id {
    ($name:ident, $repr:ty) => {
        impl<'py> pyo3::IntoPyObject<'py> for $name {
            type Target = pyo3::PyAny;
            type Output = pyo3::Bound<'py, pyo3::PyAny>;
            type Error = pyo3::PyErr;

            fn into_pyobject(self, py: pyo3::Python<'py>) -> pyo3::PyResult<Self::Output> {
                use pyo3::IntoPyObjectExt as _;
                crate::python::ids::Plain::<$repr>::plain(&self).into_bound_py_any(py)
            }
        }
    };
}

pub(crate) use id;

/// The string or number of an identifier.
pub(crate) trait Plain<T> {
    fn plain(&self) -> T;
}

impl<I: std::fmt::Display> Plain<String> for I {
    fn plain(&self) -> String {
        self.to_string()
    }
}

macro_rules! plain_number {
    ($($repr:ty),*) => {
        $(
            impl<I: Copy + Into<$repr>> Plain<$repr> for I {
                fn plain(&self) -> $repr {
                    (*self).into()
                }
            }
        )*
    };
}

plain_number!(i32, i64);
