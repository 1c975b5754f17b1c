"""What functions make of tokens, and of those that aren't good."""

import jwt
from fastapi import FastAPI, HTTPException
from jwt import PyJWTError

app = FastAPI()
SECRET = "a secret of more than thirty-two bytes"  # noqa: S105 - nobody else's


def subject(token: str) -> str | None:
    try:
        claims = jwt.decode(token, SECRET, algorithms=["HS256"])
    except jwt.InvalidTokenError:
        return None
    return claims["sub"]


def who(token: str) -> str:
    try:
        payload = jwt.decode(token, SECRET, algorithms=["HS256", "HS512"])
        name = payload.get("sub")
        if name is None:
            raise HTTPException(401, "nobody")
    except jwt.ExpiredSignatureError:
        raise HTTPException(401, "expired") from None
    except jwt.InvalidSignatureError:
        raise HTTPException(403, "signed by another") from None
    except PyJWTError:
        raise HTTPException(401, "wrong") from None
    return name


def whole(token: str) -> dict:
    try:
        return jwt.decode(token, SECRET, algorithms=["HS256"])
    except Exception:  # noqa: BLE001 - as many do it
        return {}


@app.get("/subject")
def get_subject(token: str) -> str | None:
    return subject(token)


@app.get("/who")
def get_who(token: str) -> str:
    return who(token)


@app.get("/whole")
def get_whole(token: str) -> dict:
    return whole(token)


@app.get("/plain")
def get_plain(token: str) -> dict:
    return {"claims": jwt.decode(token, SECRET, algorithms=["HS256"])}
