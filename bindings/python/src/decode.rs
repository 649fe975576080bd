//! Converts responses to Python objects in two steps: decoding needs no interpreter, creating objects does.

use configcat_management::CallResponse;
use configcat_management::Error;
use configcat_management::python::from_json;
use pyo3::IntoPyObjectExt as _;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyList;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A decoded body.
pub enum Decoded {
    /// The response has no value.
    Nothing,
    /// One of the core's types.
    Value(Box<dyn IntoPython>),
}

/// A value that converts to a Python object.
pub trait IntoPython: Send {
    fn into_python(self: Box<Self>, py: Python<'_>) -> PyResult<Py<PyAny>>;
}

impl<T> IntoPython for T
where
    T: for<'py> IntoPyObject<'py> + Send,
{
    fn into_python(self: Box<Self>, py: Python<'_>) -> PyResult<Py<PyAny>> {
        (*self).into_py_any(py)
    }
}

/// Number of models that are converted without releasing the interpreter.
const PART: usize = 500;

/// A list of models. Becomes a `ModelList`, which prints as a table.
struct Models<T>(Vec<T>);

impl<'py, T: for<'a> IntoPyObject<'a>> IntoPyObject<'py> for Models<T> {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let class = CLASS.import(py, "configcat_management._list", "ModelList")?;
        let list = PyList::empty(py);
        for (index, model) in self.0.into_iter().enumerate() {
            if index > 0 && index % PART == 0 {
                // Other threads, such as that of an event loop, do not wait for the whole list.
                py.detach(std::thread::yield_now);
            }
            list.append(model)?;
        }
        class.call1((list,))
    }
}

/// Decodes a body as a type.
pub fn typed<T>(response: &CallResponse) -> Result<Decoded, Error>
where
    T: DeserializeOwned + IntoPython + 'static,
{
    Ok(Decoded::Value(Box::new(response.decode::<T>()?)))
}

/// A value of any type.
struct Json(Value);

impl<'py> IntoPyObject<'py> for Json {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        from_json(py, &self.0)
    }
}

/// Decodes a body as any JSON.
pub fn json(response: &CallResponse) -> Result<Decoded, Error> {
    Ok(Decoded::Value(Box::new(Json(response.decode()?))))
}

/// Decodes a body as a list of models.
pub fn models<T>(response: &CallResponse) -> Result<Decoded, Error>
where
    T: DeserializeOwned + for<'py> IntoPyObject<'py> + Send + 'static,
{
    Ok(Decoded::Value(Box::new(Models(response.decode::<Vec<T>>()?))))
}

impl Decoded {
    pub fn into_python(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        match self {
            Self::Nothing => Ok(py.None()),
            Self::Value(value) => value.into_python(py),
        }
    }
}
