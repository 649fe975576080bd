//! The rules of the spec for one value at a time, whether it is in memory or is being serialized.

use super::violation::{EXACTLY_ONE, Enums, Violation, is_uuid};
use crate::Timestamp;
use crate::spec::member::find;
use crate::spec::path::Path;
use crate::spec::schema::{Field, Type};
use serde_json::{Number, Value};
use std::cell::{Cell, RefCell};
use std::fmt::{self, Write as _};

/// Maximum length of a value in a message, in characters.
const SHOWN: usize = 64;

/// The violations of a value that were found so far.
pub(super) struct Checker {
    enums: Enums,
    found: RefCell<Vec<Violation>>,
}

impl Checker {
    pub(super) const fn new(enums: Enums) -> Self {
        Self { enums, found: RefCell::new(Vec::new()) }
    }

    /// Returns every violation, in the order of the fields.
    pub(super) fn found(self) -> Vec<Violation> {
        self.found.into_inner()
    }

    fn count(&self) -> usize {
        self.found.borrow().len()
    }

    fn report(&self, path: &Path<'_>, message: String) {
        self.found.borrow_mut().push(Violation { path: path.to_string(), message });
    }
}

/// The place of one value: its path and its type.
pub(super) struct Place<'a> {
    checker: &'a Checker,
    path: &'a Path<'a>,
    ty: &'a Type,
    /// For a field, whether it may be null.
    nullable: Option<bool>,
    /// Whether the value is null.
    is_null: Cell<bool>,
}

impl<'a> Place<'a> {
    /// The place of a whole value.
    pub(super) const fn whole(checker: &'a Checker, path: &'a Path<'a>, ty: &'a Type) -> Self {
        Self { checker, path, ty, nullable: None, is_null: Cell::new(false) }
    }

    fn report(&self, message: String) {
        self.checker.report(self.path, message);
    }

    /// Reports a value of the wrong type.
    fn wrong(&self, found: impl fmt::Display) {
        let expected = match self.ty {
            Type::Any => return,
            Type::Value => "a boolean, a string or a number",
            Type::Uuid => "a UUID",
            other => other.expected(),
        };
        self.report(format!("must be {expected}, not {found}"));
    }

    pub(super) fn null(&self) {
        self.is_null.set(true);
        match (self.nullable, self.ty) {
            (Some(true), _) | (Some(false), Type::Any) => {}
            (Some(false), _) => self.report("must not be null".into()),
            (None, _) => self.wrong("null"),
        }
    }

    pub(super) fn boolean(&self, value: bool) {
        if !matches!(self.ty, Type::Boolean | Type::Value) {
            self.wrong(value);
        }
    }

    pub(super) fn number(&self, number: Number) {
        match *self.ty {
            Type::Value | Type::Number => {}
            Type::Integer { min, max } => match number.as_i64() {
                Some(number) if (min..=max).contains(&number) => {}
                Some(number) => self.report(format!("must be {min} to {max}, not {number}")),
                None => self.wrong(number),
            },
            _ => self.wrong(number),
        }
    }

    pub(super) fn decimal(&self, value: f64) {
        match Number::from_f64(value) {
            Some(number) => self.number(number),
            // JSON has no infinity, and no NaN.
            None => self.null(),
        }
    }

    pub(super) fn text(&self, text: &str) {
        match *self.ty {
            Type::Value => {}
            Type::String { min, max } => self.length(text, min, max),
            Type::Uuid if is_uuid(text) => {}
            Type::Timestamp => self.timestamp(text),
            Type::Enum(known) => {
                if self.checker.enums == Enums::Closed && !known.contains(&text) {
                    self.report(format!("must be one of {}, not {}", known.join(", "), Shown(text)));
                }
            }
            _ => self.wrong(Shown(text)),
        }
    }

    fn timestamp(&self, text: &str) {
        match text.parse::<Timestamp>() {
            // It stands for another one, whose text is not known here.
            Ok(timestamp) if timestamp == Timestamp::OUT_OF_RANGE => {
                self.report("must be in the years 1 to 9999".into());
            }
            Ok(timestamp) if timestamp < Timestamp::FIRST => {
                self.report(format!("must be in the years 1 to 9999, not {text}"));
            }
            Ok(_) => {}
            Err(_) => self.wrong(Shown(text)),
        }
    }

    fn length(&self, text: &str, min: u64, max: Option<u64>) {
        // A character takes 1 to 4 bytes, so most strings need not be counted.
        let bytes = text.len() as u64;
        if bytes.div_ceil(4) >= min && max.is_none_or(|max| bytes <= max) {
            return;
        }
        let length = text.chars().count() as u64;
        if length < min {
            self.report(format!("must have at least {}, not {length}", characters(min)));
        }
        if let Some(max) = max.filter(|max| length > *max) {
            self.report(format!("must have at most {}, not {length}", characters(max)));
        }
    }

    /// Begins a list. The items of a list at the wrong place are not checked.
    #[inline]
    pub(super) fn list(&'a self) -> Items<'a> {
        let (Type::List(ty) | Type::Patch(ty)) = *self.ty else {
            self.wrong("a list");
            return Items { place: self, ty: &Type::Any, next: 0 };
        };
        Items { place: self, ty, next: 0 }
    }

    /// Begins an object. The members of an object at the wrong place are not checked.
    // A result that is returned in memory, and moved at once, delays every small object.
    #[inline(always)]
    pub(super) fn object(&'a self) -> Members<'a> {
        let mut one_of = None;
        let (fields, other): (&[Field], &Type) = match *self.ty {
            Type::Object(schema) => {
                // A server reports it in its own words.
                if schema.one_of && self.checker.enums == Enums::Open {
                    one_of = Some(OneOf::default());
                }
                (schema.fields, &Type::Any)
            }
            Type::Map(ty) => (&[], ty),
            _ => {
                self.wrong("an object");
                (&[], &Type::Any)
            }
        };
        Members { place: self, fields, other, first: self.checker.count(), next: 0, notes: None, one_of }
    }

    /// Calls a function with the place of a value inside of this one.
    fn inside<R>(
        &self,
        path: &Path<'_>,
        ty: &Type,
        nullable: Option<bool>,
        walk: impl FnOnce(&Place<'_>) -> R,
    ) -> R {
        walk(&Place { checker: self.checker, path, ty, nullable, is_null: Cell::new(false) })
    }
}

/// The items of a list.
pub(super) struct Items<'a> {
    place: &'a Place<'a>,
    ty: &'a Type,
    next: usize,
}

impl Items<'_> {
    /// Calls a function with the place of the next item.
    pub(super) fn item<R>(&mut self, walk: impl FnOnce(&Place<'_>) -> R) -> R {
        let index = self.next;
        self.next += 1;
        self.place.inside(&Path::Item(self.place.path, index), self.ty, None, walk)
    }
}

/// The members of an object. Those of models have the order of the schema, others have any order.
pub(super) struct Members<'a> {
    place: &'a Place<'a>,
    /// The fields of the schema. Maps have none.
    fields: &'static [Field],
    /// Type of the other members.
    other: &'a Type,
    /// Number of violations before those of the members.
    first: usize,
    /// The position after the last field in the order of the schema.
    next: usize,
    /// Most objects need none.
    notes: Option<Box<Notes>>,
    /// For an object of which exactly one member is set.
    one_of: Option<OneOf>,
}

/// The members of an object of which exactly one is set.
#[derive(Default)]
struct OneOf {
    /// The fields that are set, a bit per position.
    set: u32,
    /// Whether a member is set that the schema does not have: it may be the one.
    has_other: bool,
}

impl OneOf {
    fn note(&mut self, field: Option<usize>) {
        match field {
            Some(index) => self.set |= 1 << index,
            None => self.has_other = true,
        }
    }

    /// Returns what is wrong, if anything is.
    #[cold]
    fn problem(&self, fields: &[Field]) -> Option<String> {
        if self.has_other || self.set.count_ones() == 1 {
            return None;
        }
        let names = |set: u32| {
            let set = fields.iter().enumerate().filter(|(index, _)| set & 1 << index != 0);
            set.map(|(_, field)| field.wire).collect::<Vec<_>>().join(", ")
        };
        let found = if self.set == 0 { "none".to_owned() } else { names(self.set) };
        Some(format!("{EXACTLY_ONE}{}, not {found}", names(u32::MAX)))
    }
}

/// What is wrong with an object, by the positions of its fields.
#[derive(Default)]
struct Notes {
    /// Required fields that were passed over. They may follow later.
    missing: Vec<usize>,
    violations: Vec<(usize, Vec<Violation>)>,
}

impl Members<'_> {
    /// Calls a function with the place of a member.
    #[inline]
    pub(super) fn member<R>(&mut self, name: &str, walk: impl FnOnce(&Place<'_>) -> R) -> R {
        let place = self.place;
        let path = &Path::Member(place.path, name);
        let Some((index, field)) = find(self.fields, name, self.next) else {
            return place.inside(path, self.other, None, |value| {
                let result = walk(value);
                self.note_set(value, None);
                result
            });
        };
        if index == self.next {
            self.next += 1;
        } else {
            self.jump(index);
        }
        let result = place.inside(path, &field.ty, Some(field.nullable), |value| {
            let result = walk(value);
            self.note_set(value, Some(index));
            result
        });
        if place.checker.count() > self.first {
            self.note_violations(index);
        }
        result
    }

    /// Notes a member of an object of which exactly one is set.
    #[inline]
    fn note_set(&mut self, value: &Place<'_>, field: Option<usize>) {
        if let Some(one_of) = &mut self.one_of
            && !value.is_null.get()
        {
            one_of.note(field);
        }
    }

    /// Continues behind a field that is not the next one.
    fn jump(&mut self, index: usize) {
        if index > self.next {
            self.note_missing(index);
            self.next = index + 1;
        } else if let Some(notes) = &mut self.notes {
            notes.missing.retain(|missing| *missing != index);
        }
    }

    /// Notes the required fields before a position.
    fn note_missing(&mut self, end: usize) {
        let passed = self.fields.get(self.next..end).unwrap_or_default();
        for (index, _) in passed.iter().enumerate().filter(|(_, field)| field.required) {
            self.notes.get_or_insert_default().missing.push(self.next + index);
        }
    }

    /// Moves new violations to those of a field.
    #[cold]
    fn note_violations(&mut self, index: usize) {
        let new = self.place.checker.found.borrow_mut().split_off(self.first);
        self.notes.get_or_insert_default().violations.push((index, new));
    }

    /// Reports missing members, after the last one.
    #[inline]
    pub(super) fn end(&mut self) {
        if self.next < self.fields.len() || self.notes.is_some() {
            self.report();
        }
        if let Some(message) = self.one_of.as_ref().and_then(|one_of| one_of.problem(self.fields)) {
            self.place.report(message);
        }
    }

    /// Reports violations in the order of the schema.
    fn report(&mut self) {
        self.note_missing(self.fields.len());
        let Some(notes) = self.notes.take() else { return };
        let Notes { missing, mut violations } = *notes;
        for index in missing {
            if let Some(field) = self.fields.get(index) {
                self.place.checker.report(&Path::Member(self.place.path, field.wire), "is required".into());
            }
            let found = self.place.checker.found.borrow_mut().split_off(self.first);
            violations.push((index, found));
        }
        violations.sort_by_key(|(index, _)| *index);
        let violations = violations.into_iter().flat_map(|(_, violations)| violations);
        self.place.checker.found.borrow_mut().extend(violations);
    }
}

/// Displays a string in a message: as JSON, truncated, never a whole body.
struct Shown<'a>(&'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The truncated part is not processed.
        let mut rest = self.0.chars();
        let start: String = rest.by_ref().take(SHOWN).collect();
        let text = Value::from(start).to_string();
        if rest.next().is_none() && text.chars().count() <= SHOWN {
            return f.write_str(&text);
        }
        text.chars().take(SHOWN).chain("…".chars()).try_for_each(|c| f.write_char(c))
    }
}

/// Returns a number of characters in words.
fn characters(count: u64) -> String {
    if count == 1 { "1 character".to_owned() } else { format!("{count} characters") }
}
