"""Plain fields: types, null and missing keys, defaults."""

from typing import Any, Dict, List, Optional

from pydantic import BaseModel, Field


# features: str, int, float, bool
class Scalars(BaseModel):
    name: str
    age: int
    weight: float
    active: bool


# features: nullable, required-nullable
class RequiredNullable(BaseModel):
    note: Optional[str]
    count: int | None
    label: Optional[str] = None


# features: default, nullable
class OptionalWithDefault(BaseModel):
    name: str
    email: str
    role: Optional[str] = "user"


# features: default
class Defaults(BaseModel):
    title: str = "untitled"
    count: int = 7
    ratio: float = 0.5
    on: bool = True
    off: bool = False
    empty: str = ""
    zero: int = 0
    negative: int = -3


# features: default, list, dict
class CollectionDefaults(BaseModel):
    tags: list[str] = []
    sizes: list[int] = [1, 2, 3]
    words: List[str] = ["a", "b"]
    options: dict = {}
    more: dict[str, int] = {"one": 1}
    nested: dict[str, list[int]] = {"a": [1]}


# features: default-factory, list, dict, set
class Factories(BaseModel):
    tags: list[str] = Field(default_factory=list)
    options: dict[str, str] = Field(default_factory=dict)
    names: set[str] = Field(default_factory=set)
    preset: list[str] = Field(default_factory=lambda: ["x", "y"])


# features: list
class Lists(BaseModel):
    names: list[str]
    numbers: List[int]
    rows: list[list[float]]
    maybe: Optional[list[str]] = None
    holes: list[Optional[int]]


# features: dict
class Dicts(BaseModel):
    counts: dict[str, int]
    by_id: dict[int, str]
    deep: Dict[str, Dict[str, bool]]
    free: dict
    free_too: Dict[str, Any] = {}


# features: set
class Sets(BaseModel):
    names: set[str]
    numbers: set[int]


# features: tuple
class Tuples(BaseModel):
    point: tuple[int, int]
    pair: tuple[str, float]
    many: tuple[int, ...]


# features: any
class Anything(BaseModel):
    value: Any
    maybe: Any = None
    things: list[Any]


# features: bytes
class Bytes(BaseModel):
    data: bytes
    more: Optional[bytes] = None


# features: keyword-names
class Keywords(BaseModel):
    type: str
    match: int
    ref: Optional[str] = None
    self_: bool = False
    fn: str = "f"
    crate: str = "c"


# features: odd-names
class OddNames(BaseModel):
    userName: str
    HTTPStatus: int
    user_name: Optional[str] = None
    iD: int = 1


# features: docs
class Documented(BaseModel):
    """A model with a docstring.

    It has two paragraphs.
    """

    name: str = Field(description="What it is called.")
    size: int = Field(3, title="Size", description="How large\nit is.")


LIMIT = 25
ROLE = "member"


# features: default, constant
class FromConstants(BaseModel):
    limit: int = LIMIT
    role: str = ROLE
    both: list[str] = [ROLE, "admin"]


# features: empty
class Empty(BaseModel):
    pass
