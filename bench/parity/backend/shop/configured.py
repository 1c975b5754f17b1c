"""Configuration: unknown keys, strictness, computed fields, keys that are told from null."""

from typing import Any, Optional

from pydantic import BaseModel, ConfigDict, Field, computed_field


# features: extra-allow
class Open(BaseModel):
    model_config = ConfigDict(extra="allow")

    name: str
    size: int = 1


# features: extra-forbid
class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    size: Optional[int] = None


# features: extra-allow, nested
class HasOpen(BaseModel):
    open: Open
    closed: Optional[Closed] = None


# features: extra-ignore
class Ignoring(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str


# features: strip, config
class StripAll(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)

    name: str = Field(min_length=1)
    other: Optional[str] = None


# features: strict
class Strict(BaseModel):
    model_config = ConfigDict(strict=True)

    name: str
    size: int
    ratio: float
    on: bool


# features: frozen
class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)

    a: int
    b: str = "b"


# features: unset
class Patch(BaseModel):
    name: Optional[str] = None
    size: Optional[int] = None
    title: str = "t"
    tags: list[str] = []


def apply(row: dict[str, Any], patch: Patch) -> dict[str, Any]:
    return row | patch.model_dump(exclude_unset=True)


# features: unset, alias
class AliasedPatch(BaseModel):
    name: Optional[str] = Field(None, alias="fullName", max_length=5)
    size: Optional[int] = Field(None, ge=0)


def update(row: dict[str, Any], patch: AliasedPatch) -> dict[str, Any]:
    return row | patch.model_dump(exclude_unset=True)


# features: large
class Settings(BaseModel):
    ENABLE_SIGNUP: bool
    DEFAULT_ROLE: str = "pending"
    JWT_EXPIRES_IN: str
    MAX_SIZE: Optional[int] = None
    webhook_url: Optional[str] = None
    models: Optional[dict[str, Any]] = None
