//! Deserialises what a request carries the way FastAPI reads it: JSON, or texts in which
//! numbers and booleans are to be found. Its errors know where in the input they are.

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde::{forward_to_deserialize_any, Deserialize};
use serde_json::Value;

use super::issue::Issue;

/// Whether JSON is taken as Pydantic's lax mode takes it: `"1"` for an integer, `"yes"` for a
/// boolean. A type of Rust is otherwise taken by its word.
pub const LENIENT: bool = false;

/// What reading gives, or what is wrong with the input.
pub type Reading<T> = Result<T, Box<Issue>>;

/// Names with their texts, in the order in which the names came first.
pub type Pairs = Vec<(String, Vec<String>)>;

/// Something that a request carries.
#[derive(Clone, Copy)]
pub enum Input<'de> {
    Json(&'de Value),
    /// All texts that came under one name. Where one is wanted, the last counts.
    Texts(&'de [String]),
    /// A query, a form, headers or cookies.
    Named(&'de [(String, Vec<String>)]),
    /// The parameters of a path, which may be taken as a tuple or, where it is one, by itself.
    Path(&'de [(String, Vec<String>)]),
}

/// Pairs with the texts of one name together.
pub fn grouped(pairs: impl IntoIterator<Item = (String, String)>) -> Pairs {
    let mut found = Pairs::new();
    for (name, text) in pairs {
        match found.iter_mut().find(|(known, _)| *known == name) {
            Some((_, texts)) => texts.push(text),
            None => found.push((name, vec![text])),
        }
    }
    found
}

impl<'de> Input<'de> {
    /// Makes a `T` of it; the issue says where in the input it is.
    pub fn read<T: Deserialize<'de>>(self) -> Reading<T> {
        T::deserialize(self).map_err(|issue| issue.found_in(|| self.value()))
    }

    /// What an issue shows of it.
    fn value(self) -> Value {
        match self {
            Self::Json(value) => value.clone(),
            Self::Texts(texts) => match texts.last() {
                Some(text) => text.as_str().into(),
                None => Value::Null,
            },
            Self::Named(_) | Self::Path(_) => Value::Null,
        }
    }

    /// The text in which a number or a boolean is looked for.
    fn text(self) -> Option<&'de str> {
        match self {
            Self::Json(Value::String(text)) if LENIENT => Some(text),
            Self::Json(_) => None,
            Self::Texts(texts) => texts.last().map(String::as_str),
            Self::Named(pairs) | Self::Path(pairs) => match pairs {
                [(_, texts)] => texts.last().map(String::as_str),
                _ => None,
            },
        }
    }

    /// Itself, or the only parameter of a path, with the name of that.
    fn single(self) -> (Option<&'de str>, Self) {
        match self {
            Self::Path([(name, texts)]) => (Some(name), Self::Texts(texts)),
            other => (None, other),
        }
    }

    fn integer<V: Visitor<'de>>(self, visitor: V) -> Reading<V::Value> {
        self.scalar(visitor, |input, visitor| match input.text() {
            Some(text) => match whole_number(text) {
                Some(number) => match i64::try_from(number) {
                    Ok(number) => visitor.visit_i64(number),
                    Err(_) => match u64::try_from(number) {
                        Ok(number) => visitor.visit_u64(number),
                        Err(_) => visitor.visit_i128(number),
                    },
                },
                None => Err(Issue::unreadable("int")),
            },
            None => match input {
                Self::Json(Value::Bool(value)) if LENIENT => visitor.visit_i64((*value).into()),
                Self::Json(Value::Number(number)) if LENIENT => match number.as_f64() {
                    Some(float) if number.is_f64() && float.fract() == 0.0 => {
                        visitor.visit_i64(float as i64)
                    }
                    _ => input.any(visitor),
                },
                _ => input.any(visitor),
            },
        })
    }

    fn float<V: Visitor<'de>>(self, visitor: V) -> Reading<V::Value> {
        self.scalar(visitor, |input, visitor| match input.text() {
            Some(text) => match text.trim().parse() {
                Ok(number) => visitor.visit_f64(number),
                Err(_) => Err(Issue::unreadable("float")),
            },
            None => match input {
                Self::Json(Value::Bool(value)) if LENIENT => {
                    visitor.visit_f64(if *value { 1.0 } else { 0.0 })
                }
                _ => input.any(visitor),
            },
        })
    }

    fn boolean<V: Visitor<'de>>(self, visitor: V) -> Reading<V::Value> {
        self.scalar(visitor, |input, visitor| {
            let word = match input {
                Self::Json(Value::Number(number)) if LENIENT => match number.as_f64() {
                    Some(0.0) => Some("0"),
                    Some(1.0) => Some("1"),
                    _ => Some(""),
                },
                _ => input.text(),
            };
            match word {
                Some(word) => match truth(word) {
                    Some(value) => visitor.visit_bool(value),
                    None => Err(Issue::unreadable("bool")),
                },
                None => input.any(visitor),
            }
        })
    }

    /// One value, wherever it comes from.
    fn scalar<V: Visitor<'de>>(
        self,
        visitor: V,
        read: impl FnOnce(Self, V) -> Reading<V::Value>,
    ) -> Reading<V::Value> {
        match self.single() {
            (Some(name), input) => {
                read(input, visitor).map_err(|issue| issue.found_in(|| input.value()).inside(name))
            }
            (None, input) => read(input, visitor),
        }
    }

    fn any<V: Visitor<'de>>(self, visitor: V) -> Reading<V::Value> {
        match self {
            Self::Json(value) => match value {
                Value::Null => visitor.visit_unit(),
                Value::Bool(value) => visitor.visit_bool(*value),
                Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                    (Some(number), _) => visitor.visit_i64(number),
                    (None, Some(number)) => visitor.visit_u64(number),
                    (None, None) => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
                },
                Value::String(text) => visitor.visit_borrowed_str(text),
                Value::Array(_) => self.sequence(visitor),
                Value::Object(_) => visitor.visit_map(self.members()),
            },
            Self::Texts(texts) => match texts.last() {
                Some(text) => visitor.visit_borrowed_str(text),
                None => visitor.visit_unit(),
            },
            Self::Named(_) => visitor.visit_map(self.members()),
            Self::Path([_]) => self.scalar(visitor, Self::any),
            Self::Path(_) => visitor.visit_map(self.members()),
        }
    }

    fn sequence<V: Visitor<'de>>(self, visitor: V) -> Reading<V::Value> {
        let items: Vec<(Value, Self)> = match self {
            Self::Json(Value::Array(items)) => items
                .iter()
                .enumerate()
                .map(|(index, item)| (index.into(), Self::Json(item)))
                .collect(),
            Self::Texts(texts) => (0..texts.len())
                .map(|index| (index.into(), Self::Texts(&texts[index..=index])))
                .collect(),
            Self::Path(pairs) => pairs
                .iter()
                .map(|(name, texts)| (name.as_str().into(), Self::Texts(texts)))
                .collect(),
            _ => return self.any(visitor),
        };
        let mut items = Items(items.into_iter());
        let found = visitor.visit_seq(&mut items)?;
        match items.0.len() {
            0 => Ok(found),
            // A tuple takes as many as it has; what is left is too much.
            left => Err(serde::de::Error::invalid_length(left, &"fewer items")),
        }
    }

    fn members(self) -> Members<'de> {
        let members: Vec<(&str, Self)> = match self {
            Self::Json(Value::Object(members)) => members
                .iter()
                .map(|(name, value)| (name.as_str(), Self::Json(value)))
                .collect(),
            Self::Named(pairs) | Self::Path(pairs) => pairs
                .iter()
                .map(|(name, texts)| (name.as_str(), Self::Texts(texts)))
                .collect(),
            _ => Vec::new(),
        };
        Members {
            rest: members.into_iter(),
            value: None,
        }
    }
}

macro_rules! read_as {
    ($($method:ident)* => $how:ident) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Reading<V::Value> {
            self.$how(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Input<'de> {
    type Error = Box<Issue>;

    read_as!(deserialize_any => any);
    read_as!(deserialize_bool => boolean);
    read_as!(deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 => integer);
    read_as!(deserialize_f32 deserialize_f64 => float);
    read_as!(deserialize_seq => sequence);

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Reading<V::Value> {
        match self {
            Self::Json(Value::Null) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Reading<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Reading<V::Value> {
        self.sequence(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Reading<V::Value> {
        self.sequence(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Reading<V::Value> {
        match self {
            Self::Path(_) => visitor.visit_map(self.members()),
            _ => self.any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Reading<V::Value> {
        match self {
            // A struct could be read from a list too, which is nothing that FastAPI knows.
            Self::Json(Value::Array(_)) => {
                Err(serde::de::Error::invalid_type(Unexpected::Seq, &"struct "))
            }
            _ => self.deserialize_map(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Reading<V::Value> {
        self.scalar(visitor, |input, visitor| {
            let name: StrDeserializer<'_, Box<Issue>> = match input {
                Self::Json(Value::String(name)) => name.as_str().into_deserializer(),
                Self::Texts([.., name]) => name.as_str().into_deserializer(),
                Self::Json(Value::Object(_)) => {
                    return visitor.visit_enum(MapAccessDeserializer::new(input.members()));
                }
                _ => return input.any(visitor),
            };
            visitor.visit_enum(name)
        })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Reading<V::Value> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct identifier
    }
}

struct Items<'de>(std::vec::IntoIter<(Value, Input<'de>)>);

impl<'de> SeqAccess<'de> for &mut Items<'de> {
    type Error = Box<Issue>;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Reading<Option<T::Value>> {
        let Some((place, item)) = self.0.next() else {
            return Ok(None);
        };
        seed.deserialize(item)
            .map(Some)
            .map_err(|issue| issue.found_in(|| item.value()).inside(place))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Members<'de> {
    rest: std::vec::IntoIter<(&'de str, Input<'de>)>,
    value: Option<(&'de str, Input<'de>)>,
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Box<Issue>;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Reading<Option<K::Value>> {
        let Some((name, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some((name, value));
        seed.deserialize(Key(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Reading<V::Value> {
        let Some((name, value)) = self.value.take() else {
            return Err(Issue::missing());
        };
        seed.deserialize(value)
            .map_err(|issue| issue.found_in(|| value.value()).inside(name))
    }
}

/// A key of an object, which is a text also where the map's keys are numbers.
struct Key<'de>(&'de str);

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = Box<Issue>;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Reading<V::Value> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Reading<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Reading<V::Value> {
        visitor.visit_some(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Reading<V::Value> {
        let name: StrDeserializer<'_, Box<Issue>> = self.0.into_deserializer();
        visitor.visit_enum(name)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Reading<V::Value> {
        match truth(self.0) {
            Some(value) => visitor.visit_bool(value),
            None => Err(Issue::unreadable("bool")),
        }
    }

    read_as!(deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 => integer);

    forward_to_deserialize_any! {
        f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

impl<'de> Key<'de> {
    fn integer<V: Visitor<'de>>(self, visitor: V) -> Reading<V::Value> {
        match whole_number(self.0).map(i64::try_from) {
            Some(Ok(number)) => visitor.visit_i64(number),
            _ => Err(Issue::unreadable("int")),
        }
    }
}

/// An integer as Pydantic reads it: `" +1_000.0 "` is one.
fn whole_number(text: &str) -> Option<i128> {
    let text = text.trim();
    let (digits, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let zeros = !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0');
    let bare = digits.strip_prefix(['+', '-']).unwrap_or(digits);
    let spaced = bare.starts_with('_') || bare.ends_with('_') || bare.contains("__");
    if !zeros || spaced {
        return None;
    }
    digits.replace('_', "").parse().ok()
}

/// A boolean as Pydantic reads it.
fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "on" | "t" | "true" | "y" | "yes" => Some(true),
        "0" | "off" | "f" | "false" | "n" | "no" => Some(false),
        _ => None,
    }
}
