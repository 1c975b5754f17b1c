from fastapi import APIRouter, HTTPException, status
from sqlalchemy.exc import IntegrityError

from notes_app.db import DbSession
from notes_app.models.auths import SigninForm, SignupForm, TokenResponse
from notes_app.models.users import User, UserResponse, Users
from notes_app.settings import settings
from notes_app.utils.auth import CurrentUser, create_token, hash_password, verify_password

router = APIRouter()


@router.post("/signup", response_model=UserResponse, status_code=status.HTTP_201_CREATED)
def signup(form: SignupForm, db: DbSession) -> User:
    if not settings.signup_enabled:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "Signing up is switched off")
    try:
        return Users.insert(db, form.name, form.email, hash_password(form.password))
    except IntegrityError as error:
        raise HTTPException(status.HTTP_409_CONFLICT, "This email is taken") from error


@router.post("/signin")
def signin(form: SigninForm, db: DbSession) -> TokenResponse:
    user = Users.get_by_email(db, form.email)
    if user is None or not verify_password(form.password, user.password_hash):
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Wrong email or password")
    Users.touch(db, user)
    token, expires_at = create_token(user.id)
    return TokenResponse(token=token, expires_at=expires_at)


@router.get("/me", response_model=UserResponse)
@router.get("/whoami", response_model=UserResponse)
def get_session_user(user: CurrentUser) -> User:
    return user
