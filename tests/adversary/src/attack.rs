//! An attack, and what it reports.

use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;

/// Where an attack comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// A server or a proxy attacks the client.
    Server,
    /// A client or a web page attacks the simulator.
    Client,
    /// A file attacks the program that reads it.
    File,
}

/// How many tries an attack makes.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Whether to make all tries, not only a part of them.
    pub whole: bool,
    /// Seed of random tries.
    pub seed: u64,
}

impl Plan {
    /// Returns the number of tries.
    #[must_use]
    pub const fn tries(&self, part: u32, whole: u32) -> u32 {
        if self.whole { whole } else { part }
    }
}

/// Result of an attack whose bound held.
#[derive(Debug)]
pub struct Seen {
    /// Number of tries.
    pub tries: u32,
    /// What was seen, in a few words, such as the largest measured value.
    pub seen: String,
}

/// A future with the result of an attack; the error states which try broke the bound, and how.
pub type Outcome = Pin<Box<dyn Future<Output = Result<Seen, String>> + Send>>;

/// An attack, and the bound that must hold under it.
pub struct Attack {
    /// Name, in kebab case.
    pub name: &'static str,
    /// Where it comes from.
    pub surface: Surface,
    /// Description of the attack.
    pub does: &'static str,
    /// The bound that must hold.
    pub bound: &'static str,
    /// Makes the tries.
    pub run: fn(Plan) -> Outcome,
}

/// Returns an error with the try that broke a bound.
///
/// # Errors
/// When the condition does not hold.
pub fn ensure(holds: bool, problem: impl Display) -> Result<(), String> {
    if holds { Ok(()) } else { Err(problem.to_string()) }
}
