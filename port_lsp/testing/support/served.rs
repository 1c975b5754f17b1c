    /// Sends a request; `body` is its media type and its text.
    pub async fn ask(
        &self,
        method: &str,
        uri: &str,
        headers: &[(&'static str, String)],
        body: Option<(&str, &str)>,
    ) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        let url = format!("@SCHEME@{}{uri}", self.app.@ADDRESS@);
        let mut request = client.request(method, url);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        if let Some((kind, text)) = body {
            request = request.header("content-type", kind).body(text.to_owned());
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let bytes = response.bytes().await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status, body }
    }
