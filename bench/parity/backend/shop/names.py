"""Names on the wire."""

from typing import Annotated, Optional

from pydantic import AliasChoices, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


# features: alias
class Aliased(BaseModel):
    name: str = Field(alias="fullName")
    kind: str = Field("x", alias="type")
    count: Optional[int] = Field(None, alias="$count")


# features: alias-generator
class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)

    first_name: str
    last_name: str
    home_page_url: Optional[str] = None


# features: alias-generator, populate-by-name
class CamelByName(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    first_name: str
    last_name: str = "none"


# features: alias, populate-by-name
class ByName(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    name: str = Field(alias="fullName")
    size: int = Field(1, alias="theSize")


# features: validation-alias, serialization-alias
class TwoNames(BaseModel):
    name: str = Field(validation_alias="inName", serialization_alias="outName")
    read: int = Field(validation_alias="onlyRead")
    written: int = Field(serialization_alias="onlyWritten")


# features: alias-choices
class Choices(BaseModel):
    name: str = Field(validation_alias=AliasChoices("name", "fullName", "full-name"))


# features: alias, annotated
class AnnotatedAlias(BaseModel):
    name: Annotated[str, Field(alias="fullName", min_length=2)]


def shout(name: str) -> str:
    return name.upper()


# features: alias-generator
class Shouting(BaseModel):
    model_config = ConfigDict(alias_generator=shout)

    first_name: str
    size: int = 3


# features: exclude
class Excluding(BaseModel):
    name: str
    secret: str = Field(exclude=True)
    hidden: Optional[int] = Field(None, exclude=True)
