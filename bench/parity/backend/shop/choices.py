"""Literals, Enums and unions."""

from enum import Enum, IntEnum
from typing import Annotated, Literal, Optional, Union

from pydantic import BaseModel, ConfigDict, Field


# features: literal
class Literals(BaseModel):
    mode: Literal["fast", "slow-mode", "off"]
    level: Literal[1, 2, 3]
    maybe: Optional[Literal["a", "b"]] = None
    preset: Literal["x", "y"] = "x"


# features: literal-mixed
class MixedLiterals(BaseModel):
    value: Literal["auto", 1, 2]
    other: Literal["none", True] = "none"


class Color(str, Enum):
    RED = "red"
    DARK_BLUE = "dark-blue"


class Level(IntEnum):
    LOW = 1
    HIGH = 10


class Plain(Enum):
    A = "a"
    B = "b"


# features: enum, enum-int
class Enums(BaseModel):
    color: Color
    level: Level
    plain: Plain = Plain.B
    colors: list[Color] = []
    maybe: Optional[Level] = None


# features: enum, config
class EnumValues(BaseModel):
    model_config = ConfigDict(use_enum_values=True)

    color: Color = Color.RED
    level: Level


# features: enum, dict
class EnumKeys(BaseModel):
    counts: dict[Color, int]


# features: union
class Unions(BaseModel):
    value: Union[int, str]
    number: int | float
    flag: Union[bool, str, None] = None
    many: list[Union[str, int]]


# features: union, list
class OneOrMany(BaseModel):
    content: Union[str, list[str]]
    stop: Optional[Union[str, list[str]]] = None
    either: Union[list[int], dict[str, int]] = []


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]
    name: str
    friends: list[str] = []


# features: discriminated
class Owner(BaseModel):
    pet: Union[Cat, Dog] = Field(discriminator="kind")
    others: list[Annotated[Union[Cat, Dog], Field(discriminator="kind")]] = []


# features: literal, default
class Circle(BaseModel):
    shape: Literal["circle"] = "circle"
    radius: float


# features: literal, default
class Square(BaseModel):
    shape: Literal["square", "rect"] = "square"
    side: float = 1.0


Shape = Annotated[Union[Circle, Square], Field(discriminator="shape")]


# features: discriminated, default, type-alias
class Drawing(BaseModel):
    shape: Shape
    more: list[Shape] = []


class Small(BaseModel):
    x: int
    y: int = 0


class Large(BaseModel):
    x: int
    z: str
    extra: Optional[str] = None


# features: union-of-models
class EitherModel(BaseModel):
    item: Union[Small, Large]
    maybe: Optional[Union[Large, Small]] = None
    text: Union[str, Small] = ""


class Loose(BaseModel):
    a: Optional[int] = None
    b: Optional[int] = None


class Looser(BaseModel):
    a: Optional[int] = None
    c: Optional[int] = None


# features: union-of-models, ambiguous
class Ambiguous(BaseModel):
    item: Union[Loose, Looser]
