"""Forms and files."""

from __future__ import annotations

from typing import Annotated, Optional

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.security import OAuth2PasswordRequestForm

from inbox.answers import shown
from inbox.models import Colour, Login

router = APIRouter(prefix="/form")


# features: form, str
@router.post("/str")
async def form_str(name: str = Form()):
    return shown(name=name)


# features: form, str, limit, default
@router.post("/limits")
async def form_limits(name: str = Form(min_length=2, max_length=6), age: int = Form(18, ge=0)):
    return shown(name=name, age=age)


# features: form, optional, alias
@router.post("/optional")
async def form_optional(
    note: Optional[str] = Form(None), nick: Annotated[str, Form(alias="nick-name")] = "x"
):
    return shown(note=note, nick=nick)


# features: form, list, int
@router.post("/list")
async def form_list(ids: list[int] = Form()):
    return shown(ids=ids)


# features: form, bool, enum
@router.post("/bool")
async def form_bool(flag: bool = Form(False), colour: Colour = Form(Colour.GREEN)):
    return shown(flag=flag, colour=colour)


# features: form, model, limit
@router.post("/model")
async def form_model(login: Annotated[Login, Form()]):
    return shown(username=login.username, password=login.password, remember=login.remember)


# features: form, query, several
@router.post("/with-query")
async def form_with_query(q: int, name: str = Form()):
    return shown(q=q, name=name)


# features: form, oauth2
@router.post("/login")
async def form_login(form: OAuth2PasswordRequestForm = Depends()):
    return shown(
        grant_type=form.grant_type,
        username=form.username,
        password=form.password,
        scope=" ".join(form.scopes),
        client_id=form.client_id,
        client_secret=form.client_secret,
    )


# features: multipart, file
@router.post("/file")
async def file_one(file: UploadFile):
    return shown(file=file)


# features: multipart, file, optional
@router.post("/file-optional")
async def file_optional(file: Optional[UploadFile] = None):
    return shown(file=file)


# features: multipart, file, list
@router.post("/files")
async def file_list(files: list[UploadFile]):
    return shown(files=files)


# features: multipart, file, form, several, limit
@router.post("/file-form")
async def file_form(
    file: UploadFile, title: str = Form(max_length=5), tags: list[str] = Form([])
):
    return shown(title=title, tags=tags, file=file)


# features: multipart, file, bytes
@router.post("/bytes")
async def file_bytes(data: Annotated[bytes, File()], name: str = Form("none")):
    return shown(name=name, data=data)
