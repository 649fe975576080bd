//! Numbers of steps and requests.

/// Converts a number for languages without unsigned numbers.
pub(super) fn count<T: TryInto<i32>>(number: T) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}
