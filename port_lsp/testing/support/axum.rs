    /// Sends a request; `body` is its media type and its text.
    pub async fn ask(
        &self,
        method: &str,
        uri: &str,
        headers: &[(&'static str, String)],
        body: Option<(&str, &str)>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        if let Some((kind, _)) = body {
            request = request.header("content-type", kind);
        }
        let text = body.map_or("", |(_, text)| text).to_owned();
        let request = request.body(Body::from(text)).unwrap();
        let app = @APP@;
        let response = app.oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status, body }
    }
