//! Fields of a model as strings, by which items are found.

use std::borrow::Cow;

/// A field that can be compared with a name.
pub(crate) trait Text {
    /// Returns the string; `None` if the field is absent.
    fn text(&self) -> Option<Cow<'_, str>>;
}

impl Text for String {
    fn text(&self) -> Option<Cow<'_, str>> {
        Some(self.into())
    }
}

impl<T: Text> Text for Option<T> {
    fn text(&self) -> Option<Cow<'_, str>> {
        self.as_ref().and_then(Text::text)
    }
}

/// Implements [`Text`] for an identifier.
macro_rules! text_of {
    ($name:ident) => {
        impl crate::models::text::Text for $name {
            fn text(&self) -> Option<std::borrow::Cow<'_, str>> {
                Some(self.to_string().into())
            }
        }
    };
}

pub(crate) use text_of;
