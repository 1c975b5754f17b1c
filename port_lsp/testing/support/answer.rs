/// What goes into a request beside its path: headers by their names.
pub type Headers = Vec<(&'static str, String)>;

/// What came back; `body` is null where it is no JSON.
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Answer {
    /// What FastAPI's `HTTPException` says.
    pub fn detail(&self) -> Value {
        self.body["detail"].clone()
    }

    /// Where FastAPI's validation found the first fault.
    pub fn wrong(&self) -> Value {
        self.body["detail"][0]["loc"].clone()
    }

    /// The keys of an object, in the order of the alphabet.
    pub fn keys(&self) -> Vec<&str> {
        let object = self.body.as_object().into_iter();
        let mut keys: Vec<_> = object.flatten().map(|(key, _)| key.as_str()).collect();
        keys.sort_unstable();
        keys
    }
}
