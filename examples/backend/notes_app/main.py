"""The application: `uvicorn notes_app.main:app`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import text

from notes_app.db import Base, DbSession, audit_db, engine
from notes_app.models.audit import AuditEntry
from notes_app.routers import audit, auths, folders, notes, users
from notes_app.settings import settings
from notes_app.socket import socket_app
from notes_app.utils.auth import get_admin_user


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    Base.metadata.create_all(engine)
    with audit_db.connection_context():
        audit_db.create_tables([AuditEntry])
    yield


app = FastAPI(title="Notes", version="1.0.0", lifespan=lifespan)

app.include_router(auths.router, prefix=f"{settings.api_prefix}/auths", tags=["auths"])
app.include_router(users.router, prefix=f"{settings.api_prefix}/users", tags=["users"])
app.include_router(notes.router, prefix=f"{settings.api_prefix}/notes", tags=["notes"])
app.include_router(folders.router, prefix=f"{settings.api_prefix}/folders", tags=["folders"])
app.include_router(
    audit.router,
    prefix=f"{settings.api_prefix}/admin/audit",
    tags=["admin"],
    dependencies=[Depends(get_admin_user)],
)
app.mount("/ws", socket_app)


class AppConfig(BaseModel):
    name: str
    version: str
    signup_enabled: bool


@app.get("/health")
def health(db: DbSession) -> dict[str, bool]:
    return {"status": db.scalar(text("SELECT 1")) == 1}


@app.get(f"{settings.api_prefix}/config")
def get_config() -> AppConfig:
    return AppConfig(name=app.title, version=app.version, signup_enabled=settings.signup_enabled)
