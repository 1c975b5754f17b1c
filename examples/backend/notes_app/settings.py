"""What can be set from outside, by environment variables that begin with NOTES_."""

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="NOTES_")

    api_prefix: str = "/api/v1"
    database: str = "notes.db"
    secret: str = "change me: at least 32 bytes, please"
    token_hours: int = 24
    signup_enabled: bool = True


settings = Settings()
