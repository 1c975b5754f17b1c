"""Dates, times, identifiers, decimals."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address
from typing import Optional
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, NaiveDatetime, SecretStr


# features: datetime
class Moments(BaseModel):
    at: datetime
    maybe: Optional[datetime] = None
    many: list[datetime] = []


# features: datetime-aware, datetime-naive
class Kinds(BaseModel):
    aware: AwareDatetime
    naive: NaiveDatetime


# features: date
class Days(BaseModel):
    day: date
    maybe: Optional[date] = None
    by_day: dict[date, int] = {}


# features: time
class Clocks(BaseModel):
    at: time
    maybe: Optional[time] = None


# features: timedelta
class Spans(BaseModel):
    length: timedelta
    maybe: Optional[timedelta] = None


# features: uuid
class Ids(BaseModel):
    id: UUID
    maybe: Optional[UUID] = None
    many: list[UUID] = []


# features: decimal
class Prices(BaseModel):
    price: Decimal
    maybe: Optional[Decimal] = None


# features: decimal, range
class BoundedPrice(BaseModel):
    price: Decimal = Field(ge=0, le=100)


# features: secret
class Secrets(BaseModel):
    password: SecretStr
    maybe: Optional[SecretStr] = None


# features: ip
class Hosts(BaseModel):
    address: IPv4Address
