    /// Sends a request; `body` is its media type and its text.
    pub async fn ask(
        &self,
        method: &str,
        uri: &str,
        headers: &[(&'static str, String)],
        body: Option<(&str, &str)>,
    ) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = TestRequest::with_uri(uri).method(method);
        for (name, value) in headers {
            request = request.insert_header((*name, value.as_str()));
        }
        if let Some((kind, text)) = body {
            request = request.insert_header(("content-type", kind));
            request = request.set_payload(text.to_owned());
        }
        let app = @APP@;
        let app = init_service(app).await;
        let response = match try_call_service(&app, request.to_request()).await {
            Ok(response) => response.map_into_boxed_body().into_parts().1,
            Err(error) => error.error_response(),
        };
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body()).await.unwrap_or_default();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status, body }
    }
