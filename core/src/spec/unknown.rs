//! Whether a decoder may read members that the spec does not have. They can take much more memory than they take in JSON, so that
//! a text has to be read twice to be certain that they fit.

use std::cell::Cell;

#[derive(Clone, Copy, PartialEq)]
enum State {
    Allowed,
    Refused,
    /// Refused, and there was one.
    Met,
}

thread_local! {
    static STATE: Cell<State> = const { Cell::new(State::Allowed) };
}

/// Allows such members again, also after a panic.
struct Restored;

impl Drop for Restored {
    fn drop(&mut self) {
        STATE.set(State::Allowed);
    }
}

/// Runs a decoder that fails at the first member that the spec does not have. Returns `None` if there was one.
pub(crate) fn refused<T>(decode: impl FnOnce() -> T) -> Option<T> {
    let _restored = Restored;
    STATE.set(State::Refused);
    let decoded = decode();
    (STATE.get() == State::Refused).then_some(decoded)
}

/// Whether a decoder may read a member that the spec does not have. It fails otherwise.
pub(crate) fn is_allowed() -> bool {
    if STATE.get() != State::Allowed {
        STATE.set(State::Met);
    }
    STATE.get() == State::Allowed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_members_are_allowed_again_afterwards() {
        assert_eq!(refused(|| 1), Some(1));
        assert!(is_allowed());
        assert_eq!(refused(is_allowed), None);
        assert!(is_allowed());
        std::panic::catch_unwind(|| refused(|| panic!("decoder"))).unwrap_err();
        assert!(is_allowed());
    }
}
