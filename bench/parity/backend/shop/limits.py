"""Constraints."""

from typing import Annotated, Optional

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import (
    BaseModel,
    EmailStr,
    Field,
    HttpUrl,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    StringConstraints,
    conint,
    conlist,
    constr,
)


# features: length
class Lengths(BaseModel):
    name: str = Field(min_length=2, max_length=5)
    short: str = Field("ab", max_length=3)
    maybe: Optional[str] = Field(None, min_length=1)


# features: range
class Ranges(BaseModel):
    low: int = Field(ge=1, le=10)
    open: int = Field(gt=0, lt=5)
    ratio: float = Field(ge=0, le=1)
    strict: float = Field(gt=0.5)
    maybe: Optional[int] = Field(default=None, ge=3)


# features: pattern
class Patterns(BaseModel):
    code: str = Field(pattern=r"^[A-Z]{2}-\d+$")
    slug: str = Field("a", pattern="[a-z]+")
    maybe: Optional[str] = Field(None, pattern=r"^\w+$")


# features: multiple-of
class Multiples(BaseModel):
    even: int = Field(multiple_of=2)
    half: float = Field(1.5, multiple_of=0.5)


# features: email
class Emails(BaseModel):
    email: EmailStr
    other: Optional[EmailStr] = None


# features: url
class Urls(BaseModel):
    site: HttpUrl
    other: Optional[HttpUrl] = None


# features: length, list
class ListLengths(BaseModel):
    tags: list[str] = Field(min_length=1, max_length=3)
    numbers: conlist(int, min_length=2)
    options: dict[str, int] = Field({}, max_length=2)


# features: nested-limits, list, dict
class Inner(BaseModel):
    names: list[constr(min_length=2)]
    numbers: list[Annotated[int, Field(ge=0, le=9)]]
    scores: dict[str, Annotated[float, Field(ge=0)]] = {}
    maybe: Optional[list[Annotated[str, StringConstraints(max_length=3)]]] = None


# features: annotated, length, range
class AnnotatedLimits(BaseModel):
    name: Annotated[str, MinLen(2), MaxLen(6)]
    size: Annotated[int, Ge(1), Le(9)]
    code: Annotated[str, StringConstraints(pattern="^a", min_length=2)]
    level: Annotated[int, Field(ge=1)] = 1


# features: named-types, range
class NamedTypes(BaseModel):
    positive: PositiveInt
    natural: NonNegativeInt
    ratio: PositiveFloat
    between: conint(ge=3, le=5)


# features: strip
class Stripped(BaseModel):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    upper: Annotated[str, StringConstraints(to_upper=True)] = "A"
    lower: constr(to_lower=True, strip_whitespace=True) = "a"


class Leaf(BaseModel):
    name: str = Field(min_length=1)
    size: int = Field(ge=0)


# features: nested-limits, nested
class Tree(BaseModel):
    one: Leaf
    many: list[Leaf]
    maybe: Optional[Leaf] = None
    named: dict[str, Leaf] = {}


Name = Annotated[str, Field(min_length=1, max_length=4)]


# features: type-alias, length
class ByAlias(BaseModel):
    name: Name
    others: list[Name] = []
