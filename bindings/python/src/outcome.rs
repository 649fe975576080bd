//! What a call brought: its value, or the whole response around it.

use crate::call::Call;
use crate::client::RateLimit;
use crate::decode::Decoded;
use crate::generated_decode;
use configcat_management::Client;
use configcat_management::dynamic::Answer;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyList;

/// A call that has succeeded.
pub struct Outcome {
    decoded: Decoded,
    /// The answer, when more than the value is wanted.
    answer: Option<Answer>,
}

impl Outcome {
    /// Carries out a call. Needs no interpreter.
    pub async fn of(client: &Client, call: Call, whole: bool) -> Result<Self, configcat_management::Error> {
        let answer = client.call(call.operation, call.arguments).await?;
        let decoded = generated_decode::decode(call.operation, &answer)?;
        Ok(Self { decoded, answer: whole.then_some(answer) })
    }

    pub fn into_python(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let value = self.decoded.into_python(py)?;
        let Some(answer) = self.answer else { return Ok(value) };
        let headers = answer
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let headers = PyList::new(py, headers.collect::<Vec<_>>())?;
        let class = CLASS.import(py, "configcat_management._response", "Response")?;
        let response = class.call1((
            value,
            answer.status(),
            headers,
            RateLimit::from(answer.rate_limit()),
            answer.attempts(),
            answer.elapsed().as_secs_f64(),
            answer.waited().as_secs_f64(),
            answer.already_deleted(),
        ))?;
        Ok(response.unbind())
    }
}
