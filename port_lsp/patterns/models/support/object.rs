//! An object that must be there: serde_json takes null for an empty one.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

pub fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Map<String, Value>, D::Error> {
    let members = std::collections::HashMap::<String, Value>::deserialize(deserializer)?;
    Ok(members.into_iter().collect())
}
