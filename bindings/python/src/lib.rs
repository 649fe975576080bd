//! The native half of the Python package: calls by name in, model objects out. Nothing in between is JSON text.
//!
//! The Python half (`python/configcat_management`) has the names, the signatures and the documentation; this half has
//! the transport. A call passes the operation's id and its arguments by name; [`arguments`] turns them into what the
//! core sends by the description, and [`decode`] turns the answer into the core's own types, which are Python classes.

mod arguments;
mod client;
mod decode;
mod errors;
#[path = "generated/decode.rs"]
mod generated_decode;
mod wait;

use pyo3::prelude::*;

/// Leaves an argument out of a request, which differs from `None`, which sends null.
#[pyclass(frozen, module = "configcat_management")]
struct Absent;

#[pymethods]
impl Absent {
    fn __repr__(&self) -> &'static str {
        "ABSENT"
    }

    fn __bool__(&self) -> bool {
        false
    }
}

#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("ABSENT", Bound::new(module.py(), Absent)?)?;
    module.add_class::<client::NativeClient>()?;
    module.add_class::<client::RateLimit>()?;
    module.add_class::<client::Usage>()?;
    module.add_class::<configcat_management::models::FlagValue>()?;
    configcat_management::python::register(module)
}
