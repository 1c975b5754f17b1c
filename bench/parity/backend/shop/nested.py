"""Models in models: nested, recursive, generic, inherited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, NewType, Optional, TypeVar, Union

from pydantic import BaseModel, RootModel
from typing_extensions import NotRequired, TypedDict


class Address(BaseModel):
    street: str
    number: Optional[int] = None


# features: nested, list, dict
class Person(BaseModel):
    home: Address
    work: Optional[Address] = None
    all: list[Address] = []
    named: dict[str, Address] = {}


# features: recursive
class Node(BaseModel):
    value: int
    next: Optional[Node] = None
    children: list[Node] = []


# features: recursive, union
class Expr(BaseModel):
    op: str
    left: Union[Expr, int]
    right: Union[Expr, int, None] = None


class Left(BaseModel):
    right: Optional[Right] = None
    name: str = "l"


class Right(BaseModel):
    left: Optional[Left] = None


# features: recursive, mutual
class Both(BaseModel):
    left: Left
    right: Right


# features: default
class Base(BaseModel):
    id: int
    name: str = "base"


# features: inherited
class Derived(Base):
    size: float


# features: inherited, override
class Overriding(Derived):
    name: str
    more: Optional[str] = None


T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int = 0
    first: Optional[T] = None


# features: generic
class Listing(BaseModel):
    addresses: Page[Address]
    numbers: Page[int]


# features: generic, inherited
class AddressPage(Page[Address]):
    note: str = ""


# features: root
class Names(RootModel[list[str]]):
    pass


# features: root, nested
class HasRoot(BaseModel):
    names: Names
    maybe: Optional[Names] = None


class Options(TypedDict):
    depth: int
    name: NotRequired[str]


class Loose(TypedDict, total=False):
    a: int
    b: Optional[str]


# features: typed-dict
class HasTypedDict(BaseModel):
    options: Options
    loose: Loose = {}


@dataclass
class Point:
    x: int
    y: int = 0


# features: dataclass
class HasDataclass(BaseModel):
    point: Point
    points: list[Point] = []


UserId = NewType("UserId", int)
Json = dict[str, Any]


# features: newtype, type-alias
class Named(BaseModel):
    id: UserId
    data: Json
    ids: list[UserId] = []


# features: default, nested
class WithModelDefault(BaseModel):
    home: Address = Address(street="none")
    other: Address = Address(street="x", number=3)
