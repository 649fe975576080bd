//! Reasons why a command fails, and their exit statuses.

use configcat_management::Error;
use configcat_simulator::MirrorError;

/// Status of a plan that is not empty.
pub const CHANGES: u8 = 2;
/// Status of a command line that is invalid.
pub const USAGE: u8 = 2;
/// Status of an apply with steps that did not succeed.
pub const INCOMPLETE: u8 = 3;
/// Status of a command that was interrupted by Ctrl-C.
pub const INTERRUPTED: u8 = 130;

/// Reason why a command fails.
#[derive(Debug)]
pub enum Failure {
    /// The command line is invalid.
    Usage(String),
    /// Something else is wrong: a call failed, a file cannot be read.
    Failed(String),
    /// A program cannot be started.
    Program(String),
    /// The user pressed Ctrl-C.
    Interrupted,
}

impl Failure {
    /// A failure that is not one of the command line.
    pub fn new(message: impl Into<String>) -> Self {
        Self::Failed(message.into())
    }

    /// Exit status.
    pub const fn status(&self) -> u8 {
        match self {
            Self::Usage(_) => USAGE,
            Self::Failed(_) => 1,
            Self::Program(_) => 127,
            Self::Interrupted => INTERRUPTED,
        }
    }

    /// Message for the standard error.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Usage(message) | Self::Failed(message) | Self::Program(message) => Some(message),
            Self::Interrupted => None,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<MirrorError> for Failure {
    fn from(error: MirrorError) -> Self {
        Self::Failed(error.to_string())
    }
}
