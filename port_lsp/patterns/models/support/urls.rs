//! What is asked of a URL beyond that it is one.

use url::Url;
use validator::ValidationError;

/// A URL of the web.
pub fn web(url: &Url) -> Result<(), ValidationError> {
    match url.scheme() {
        "http" | "https" if url.as_str().len() <= 2083 => Ok(()),
        "http" | "https" => Err(ValidationError::new("url_too_long")),
        _ => Err(ValidationError::new("url_scheme")),
    }
}
