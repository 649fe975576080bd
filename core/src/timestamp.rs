//! Timestamps in the formats of the service.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

/// A timestamp in UTC, with nanosecond precision.
///
/// Parses RFC 3339 with any number of fraction digits. A time without an offset is taken as UTC, because .NET writes
/// times of an unspecified kind this way. Formats as RFC 3339 with a `Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(jiff::Timestamp);

/// A string that is not a valid timestamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseTimestampError(String);

impl fmt::Display for ParseTimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a date and time: {:?}", self.0)
    }
}

impl std::error::Error for ParseTimestampError {}

impl Timestamp {
    /// The Unix epoch: 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(jiff::Timestamp::UNIX_EPOCH);

    /// The first timestamp that the service can represent: 0001-01-01T00:00:00Z, because it runs on .NET.
    pub(crate) const FIRST: Self = Self(jiff::Timestamp::constant(-62_135_596_800, 0));

    /// Stands for a timestamp of another language that is earlier or later than every one of this type. Before [`Self::FIRST`], so
    /// that it is reported when a request is checked.
    pub(crate) const OUT_OF_RANGE: Self = Self(jiff::Timestamp::MIN);

    /// Returns the current time.
    #[must_use]
    pub fn now() -> Self {
        Self(jiff::Timestamp::now())
    }

    /// Returns the timestamp this many microseconds after the Unix epoch; `None` beyond the years -9999 to 9999.
    #[must_use]
    pub fn from_unix_micros(micros: i64) -> Option<Self> {
        jiff::Timestamp::from_microsecond(micros).ok().map(Self)
    }

    /// Returns the timestamp this many nanoseconds after the Unix epoch; `None` beyond the years -9999 to 9999.
    #[must_use]
    pub fn from_unix_nanos(nanos: i128) -> Option<Self> {
        jiff::Timestamp::from_nanosecond(nanos).ok().map(Self)
    }

    /// Returns the microseconds since the Unix epoch.
    #[must_use]
    pub fn unix_micros(self) -> i64 {
        self.0.as_microsecond()
    }

    /// Returns the nanoseconds since the Unix epoch.
    #[must_use]
    pub fn unix_nanos(self) -> i128 {
        self.0.as_nanosecond()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Timestamp {
    type Err = ParseTimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(timestamp) = text.parse() {
            return Ok(Self(timestamp));
        }
        text.parse::<jiff::civil::DateTime>()
            .ok()
            // jiff also parses a bare date, which is not a timestamp.
            .filter(|_| text.len() > "2000-01-01".len())
            .and_then(|civil| jiff::tz::Offset::UTC.to_timestamp(civil).ok())
            .map(Self)
            .ok_or_else(|| ParseTimestampError(text.chars().take(64).collect()))
    }
}

impl TryFrom<SystemTime> for Timestamp {
    type Error = ParseTimestampError;

    fn try_from(time: SystemTime) -> Result<Self, Self::Error> {
        jiff::Timestamp::try_from(time).map(Self).map_err(|_| ParseTimestampError(format!("{time:?}")))
    }
}

impl From<Timestamp> for SystemTime {
    fn from(timestamp: Timestamp) -> Self {
        let since_epoch = timestamp.0.as_duration();
        if since_epoch.is_negative() {
            UNIX_EPOCH - since_epoch.unsigned_abs()
        } else {
            UNIX_EPOCH + since_epoch.unsigned_abs()
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Timestamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date and time")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotnet_formats_are_parsed() {
        for (text, micros) in [
            ("2026-11-23T09:24:55.1234567Z", 1_795_425_895_123_456),
            ("2026-11-23T09:24:55Z", 1_795_425_895_000_000),
            ("2026-11-23T10:24:55+01:00", 1_795_425_895_000_000),
            ("2026-11-23T09:24:55", 1_795_425_895_000_000),
        ] {
            assert_eq!(text.parse::<Timestamp>().unwrap().unix_micros(), micros, "{text}");
        }
    }

    #[test]
    fn invalid_timestamps_are_rejected() {
        for text in ["", "soon", "2026-11-23", "1795425895"] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }

    #[test]
    fn display_is_utc_with_minimal_digits() {
        let timestamp: Timestamp = "2026-11-23T10:24:55.5+01:00".parse().unwrap();
        assert_eq!(timestamp.to_string(), "2026-11-23T09:24:55.5Z");
    }
}
