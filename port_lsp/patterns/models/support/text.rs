//! Texts that are changed while they are read, as Pydantic does it, also in lists and maps.
#![allow(dead_code)]

use std::collections::HashMap;
use std::hash::Hash;

use serde::{Deserialize, Deserializer};

/// What has texts in it.
pub trait Texts {
    fn each(&mut self, change: &mut dyn FnMut(&mut String));
}

impl Texts for String {
    fn each(&mut self, change: &mut dyn FnMut(&mut String)) {
        change(self);
    }
}

impl<T: Texts> Texts for Option<T> {
    fn each(&mut self, change: &mut dyn FnMut(&mut String)) {
        self.iter_mut().for_each(|one| one.each(change));
    }
}

impl<T: Texts> Texts for Vec<T> {
    fn each(&mut self, change: &mut dyn FnMut(&mut String)) {
        self.iter_mut().for_each(|one| one.each(change));
    }
}

impl<K: Eq + Hash, T: Texts> Texts for HashMap<K, T> {
    fn each(&mut self, change: &mut dyn FnMut(&mut String)) {
        self.values_mut().for_each(|one| one.each(change));
    }
}

pub fn changed<'de, D, T>(
    deserializer: D,
    mut change: impl FnMut(&mut String),
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Texts,
{
    let mut value = T::deserialize(deserializer)?;
    value.each(&mut change);
    Ok(value)
}

macro_rules! changes {
    ($($name:ident: $text:ident => $change:expr;)*) => {
        $(pub fn $name<'de, D, T>(deserializer: D) -> Result<T, D::Error>
        where
            D: Deserializer<'de>,
            T: Deserialize<'de> + Texts,
        {
            changed(deserializer, |$text| *$text = $change)
        })*
    };
}

changes! {
    stripped: text => text.trim().to_owned();
    lower: text => text.to_lowercase();
    upper: text => text.to_uppercase();
    stripped_lower: text => text.trim().to_lowercase();
    stripped_upper: text => text.trim().to_uppercase();
}
