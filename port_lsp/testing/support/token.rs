/// A token that says this, signed as the backend does it.
pub fn token(secret: &str, algorithm: Algorithm, claims: Value) -> String {
    let key = EncodingKey::from_secret(secret.as_bytes());
    encode(&Header::new(algorithm), &claims, &key).unwrap()
}
