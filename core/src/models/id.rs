//! Macros that define identifiers.

/// Defines an identifier that is a string on the wire.
macro_rules! text_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps the string of an identifier. Its format is checked when a request is built from it.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The identifier as the service writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self(text.to_owned()))
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl From<&$name> for $name {
            fn from(id: &$name) -> Self {
                id.clone()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        crate::models::text::text_of!($name);
    };
}

/// Defines an identifier that is a whole number on the wire.
macro_rules! integer_id {
    ($(#[$meta:meta])* $name:ident($repr:ty)) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name($repr);

        impl $name {
            /// Wraps the number of an identifier.
            #[must_use]
            pub const fn new(id: $repr) -> Self {
                Self(id)
            }

            /// The number.
            #[must_use]
            pub const fn get(self) -> $repr {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<$repr> for $name {
            fn from(id: $repr) -> Self {
                Self(id)
            }
        }

        impl From<&$name> for $name {
            fn from(id: &$name) -> Self {
                *id
            }
        }

        impl From<$name> for $repr {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        crate::models::text::text_of!($name);
    };
}

pub(crate) use {integer_id, text_id};

#[cfg(test)]
mod tests {
    use crate::models::{ProductId, SettingId};

    #[test]
    fn identifiers_convert_to_their_values_and_json() {
        let product = ProductId::from("08d86d63-2721-4da6-8c06-584521d516bc");
        assert_eq!(product.to_string(), "08d86d63-2721-4da6-8c06-584521d516bc");
        assert_eq!(serde_json::to_value(&product).unwrap(), "08d86d63-2721-4da6-8c06-584521d516bc");
        let setting: SettingId = "7".parse().unwrap();
        assert_eq!((setting.get(), setting), (7, SettingId::new(7)));
        assert_eq!(serde_json::from_str::<SettingId>("7").unwrap(), setting);
        assert!("seven".parse::<SettingId>().is_err());
    }
}
