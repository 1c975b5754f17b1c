from pydantic import BaseModel, Field


class SignupForm(BaseModel):
    name: str
    email: str
    # bcrypt reads no more than 72 bytes.
    password: str = Field(min_length=8, max_length=72)


class SigninForm(BaseModel):
    email: str
    password: str


class TokenResponse(BaseModel):
    token: str
    type: str = "Bearer"
    expires_at: int
