use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct SignupForm {
    pub name: String,
    pub email: String,
    pub password: String,
}

#[derive(Deserialize)]
pub struct SigninForm {
    pub email: String,
    pub password: String,
}

#[derive(Serialize)]
pub struct TokenResponse {
    pub token: String,
    #[serde(rename = "type")]
    pub token_type: String,
    pub expires_at: i64,
}
