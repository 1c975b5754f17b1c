//! Addresses as Pydantic's `EmailStr` takes them: without white space around them, the domain in
//! lower case, and of the public internet.

use serde::{de, Deserialize, Deserializer};

use super::text::Texts;

/// Domains that nobody can be reached at (RFC 6761 and its like).
const RESERVED: [&str; 6] = ["arpa", "invalid", "local", "localhost", "onion", "test"];

pub fn deserialize<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Texts,
{
    let mut value = T::deserialize(deserializer)?;
    let mut wrong = false;
    value.each(&mut |text| match normalised(text) {
        Some(address) => *text = address,
        None => wrong = true,
    });
    if wrong {
        return Err(de::Error::custom("value is not a valid email address"));
    }
    Ok(value)
}

/// An address as `EmailStr` has it; none where it is no address.
pub fn normalised(text: &str) -> Option<String> {
    if text.contains(['\n', '\r']) {
        return None;
    }
    let text = text.trim();
    // `Somebody <name@example.com>` is taken, too.
    let address = match text
        .strip_suffix('>')
        .and_then(|text| text.rsplit_once('<'))
    {
        Some((_, inside)) => inside.trim(),
        None => text,
    };
    let (local, domain) = address.rsplit_once('@')?;
    let domain = domain.to_lowercase();
    let (_, top) = domain.rsplit_once('.')?;
    let public = top.ends_with(char::is_alphabetic) && !RESERVED.contains(&top);
    let plain = !local.is_empty() && local.len() <= 64 && !local.starts_with('.');
    let single = !local.ends_with('.') && !local.contains("..");
    (public && plain && single).then(|| format!("{local}@{domain}"))
}
