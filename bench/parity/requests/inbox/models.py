"""What bodies are made of."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Literal, Optional

from pydantic import BaseModel, ConfigDict, EmailStr, Field


class Colour(str, Enum):
    RED = "red"
    GREEN = "green"
    BLUE = "dark-blue"


class Level(IntEnum):
    LOW = 1
    HIGH = 5


class Size(BaseModel):
    width: int
    height: int = 1


class Label(BaseModel):
    name: str = Field(min_length=2, max_length=8)
    weight: float = Field(1.0, gt=0)


class Letter(BaseModel):
    subject: str = Field(max_length=20)
    sender: EmailStr
    labels: list[Label] = Field(default_factory=list, max_length=3)
    size: Optional[Size] = None
    colour: Colour = Colour.RED


class Named(BaseModel):
    model_config = ConfigDict(populate_by_name=False)

    first_name: str = Field(alias="firstName", min_length=2)
    age: int = Field(alias="years", ge=0)


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["a", "b"]
    count: int = Field(3, le=9)


class Times(BaseModel):
    day: date
    at: datetime
    price: Decimal = Field(ge=0)


class Filters(BaseModel):
    limit: int = Field(100, gt=0, le=100)
    offset: int = Field(0, ge=0)
    order_by: Literal["created_at", "updated_at"] = "created_at"
    tags: list[str] = []


class Login(BaseModel):
    username: str = Field(min_length=3)
    password: str
    remember: bool = False


class CommonHeaders(BaseModel):
    host_name: str = "none"
    x_tag: Optional[str] = None
    retries: int = Field(0, ge=0)


Positive = Annotated[int, Field(gt=0)]
