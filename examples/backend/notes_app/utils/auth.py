"""Passwords, tokens, and who is asking."""

from typing import Annotated

import bcrypt
import jwt
from fastapi import Depends, HTTPException, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session

from notes_app.db import DbSession, now
from notes_app.models.users import Role, User, Users
from notes_app.settings import settings

ALGORITHM = "HS256"
bearer = HTTPBearer()


def hash_password(password: str) -> str:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt()).decode()


def verify_password(password: str, password_hash: str) -> bool:
    return bcrypt.checkpw(password.encode(), password_hash.encode())


def create_token(user_id: str) -> tuple[str, int]:
    """A token, and the second in which it stops being good."""
    expires_at = now() + settings.token_hours * 3600
    token = jwt.encode({"sub": user_id, "exp": expires_at}, settings.secret, ALGORITHM)
    return token, expires_at


def get_user_by_token(db: Session, token: str) -> User | None:
    try:
        claims = jwt.decode(token, settings.secret, [ALGORITHM])
    except jwt.InvalidTokenError:
        return None
    return Users.get_by_id(db, claims["sub"])


def get_current_user(
    db: DbSession,
    credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)],
) -> User:
    user = get_user_by_token(db, credentials.credentials)
    if user is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Invalid token")
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]


def get_admin_user(user: CurrentUser) -> User:
    if user.role is not Role.ADMIN:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "Admins only")
    return user
