"""A backend of services, repositories and objects with a state of their own, layered as many are:
one generic base for what all tables have, dependencies that make objects of others."""

# Typed as backends of some years ago are.
# ruff: noqa: B008, SIM108, UP006, UP007, UP035, UP045

import os
from typing import Annotated, Any, Dict, Generic, List, Optional, Type, TypeVar, Union

from fastapi import Depends, FastAPI, HTTPException
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Boolean, Column, Integer, String, create_engine
from sqlalchemy.orm import Session, declarative_base, sessionmaker

Base = declarative_base()
DATABASE_URL = os.environ.get("DATABASE_URL", "sqlite:///./objects.db")
engine = create_engine(DATABASE_URL, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(bind=engine)


class Person(Base):
    __tablename__ = "people"
    id = Column(Integer, primary_key=True)
    email = Column(String, nullable=False)
    name = Column(String, nullable=True)
    active = Column(Boolean, nullable=False, default=True)


class Thing(Base):
    __tablename__ = "things"
    id = Column(Integer, primary_key=True)
    title = Column(String, nullable=False)
    owner_id = Column(Integer, nullable=False)


Base.metadata.create_all(engine)


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


class PersonCreate(BaseModel):
    email: str
    name: str | None = None


class PersonUpdate(BaseModel):
    email: str | None = None
    name: str | None = None


class PersonOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    email: str
    name: str | None
    active: bool


class ThingCreate(BaseModel):
    title: str
    owner_id: int


class ThingUpdate(BaseModel):
    title: str | None = None


class ThingOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    title: str
    owner_id: int


ModelType = TypeVar("ModelType", bound=Base)
CreateType = TypeVar("CreateType", bound=BaseModel)
UpdateType = TypeVar("UpdateType", bound=BaseModel)


class CRUDBase(Generic[ModelType, CreateType, UpdateType]):
    def __init__(self, model: Type[ModelType]):
        self.model = model

    def get(self, db: Session, id: Any) -> Optional[ModelType]:
        return db.query(self.model).filter(self.model.id == id).first()

    def get_multi(self, db: Session, *, skip: int = 0, limit: int = 100) -> List[ModelType]:
        return db.query(self.model).order_by(self.model.id).offset(skip).limit(limit).all()

    def create(self, db: Session, *, obj_in: CreateType) -> ModelType:
        obj_in_data = jsonable_encoder(obj_in)
        db_obj = self.model(**obj_in_data)
        db.add(db_obj)
        db.commit()
        db.refresh(db_obj)
        return db_obj

    def update(
        self, db: Session, *, db_obj: ModelType, obj_in: Union[UpdateType, Dict[str, Any]]
    ) -> ModelType:
        obj_data = jsonable_encoder(db_obj)
        if isinstance(obj_in, dict):
            update_data = obj_in
        else:
            update_data = obj_in.model_dump(exclude_unset=True)
        for field in obj_data:
            if field in update_data:
                setattr(db_obj, field, update_data[field])
        db.add(db_obj)
        db.commit()
        db.refresh(db_obj)
        return db_obj

    def remove(self, db: Session, *, id: int) -> ModelType:
        obj = db.query(self.model).get(id)
        db.delete(obj)
        db.commit()
        return obj


class CRUDPerson(CRUDBase[Person, PersonCreate, PersonUpdate]):
    def by_email(self, db: Session, *, email: str) -> Optional[Person]:
        return db.query(Person).filter(Person.email == email).first()

    def is_known(self, db: Session, *, email: str) -> bool:
        return self.by_email(db, email=email) is not None

    def deactivate(self, db: Session, *, id: int) -> Optional[Person]:
        person = self.get(db, id)
        if person is None:
            return None
        person.active = False
        db.commit()
        return person


class CRUDThing(CRUDBase[Thing, ThingCreate, ThingUpdate]):
    pass


people = CRUDPerson(Person)
things = CRUDThing(Thing)

T = TypeVar("T")


class Repository(Generic[T]):
    def __init__(self, model: Type[T], session: Session):
        self.model = model
        self.session = session

    def get(self, id: int) -> T | None:
        return self.session.query(self.model).filter(self.model.id == id).first()


class PersonRepository(Repository[Person]):
    def __init__(self, session: Session):
        super().__init__(Person, session)

    def by_email(self, email: str) -> Person | None:
        return self.session.query(Person).filter(Person.email == email).first()


class ThingService:
    def __init__(self, people: PersonRepository, db: Session, limit: int = 2):
        self.people = people
        self.db = db
        self.limit = limit

    def of(self, email: str) -> list[Thing]:
        person = self.people.by_email(email)
        if person is None:
            raise HTTPException(404, f"nobody has {email}")
        found = self.db.query(Thing).filter(Thing.owner_id == person.id).order_by(Thing.id)
        return found.limit(self.limit).all()


class Finder:
    def __init__(self, db: Session = Depends(get_db)):
        self.db = db

    def person(self, id: int) -> Person | None:
        return self.db.get(Person, id)


class Counter:
    def __init__(self, finder: Annotated[Finder, Depends()], start: int = 0):
        self.finder = finder
        self.start = start

    def count(self, ids: list[int]) -> int:
        found = self.start
        for id in ids:
            if self.finder.person(id) is not None:
                found += 1
        return found


class Pager:
    def __init__(self, skip: int = 0, limit: int = 5):
        self.skip = skip
        self.limit = limit

    @property
    def end(self) -> int:
        return self.skip + self.limit

    @staticmethod
    def double(value: int) -> int:
        return value * 2

    @classmethod
    def first(cls, size: int) -> "Pager":
        return cls(0, size)


class Shape:
    def __init__(self, name: str, sides: int):
        self.name = name.upper()
        self.sides = sides

    def label(self) -> str:
        return f"{self.name} of {self.sides}"

    def twice(self) -> str:
        return f"{self.label()}, {self.label()}"


class Square(Shape):
    def __init__(self, size: int):
        super().__init__("square", 4)
        self.size = size

    def label(self) -> str:
        return f"square of {self.size}"


class Basket:
    def __init__(self, owner: str):
        if owner == "nobody":
            raise HTTPException(400, "nobody has a basket")
        self.owner = owner
        self.names: list[str] = []
        self.total = 0
        self.last: str | None = None

    def add(self, name: str, price: int) -> int:
        if price < 0:
            raise HTTPException(422, f"{name} is too cheap")
        self.names.append(name)
        self.total += price
        self.last = name
        return self.total

    def empty(self) -> None:
        self.names = []
        self.total = 0


app = FastAPI()


def get_people(db: Session = Depends(get_db)) -> PersonRepository:
    return PersonRepository(db)


def get_things(
    people: PersonRepository = Depends(get_people), db: Session = Depends(get_db)
) -> ThingService:
    return ThingService(people, db)


@app.get("/people", response_model=list[PersonOut])
def list_people(skip: int = 0, limit: int = 10, db: Session = Depends(get_db)):
    return people.get_multi(db, skip=skip, limit=limit)


@app.post("/people", response_model=PersonOut)
def create_person(body: PersonCreate, db: Session = Depends(get_db)):
    if people.is_known(db, email=body.email):
        raise HTTPException(400, "taken")
    return people.create(db, obj_in=body)


@app.put("/people/{id}", response_model=PersonOut)
def update_person(id: int, body: PersonUpdate, db: Session = Depends(get_db)):
    person = people.get(db, id)
    if not person:
        raise HTTPException(404, "nobody")
    return people.update(db, db_obj=person, obj_in=body)


@app.post("/people/{id}/off", response_model=PersonOut)
def switch_off(id: int, db: Session = Depends(get_db)):
    person = people.deactivate(db, id=id)
    if person is None:
        raise HTTPException(404)
    return person


@app.post("/things", response_model=ThingOut)
def create_thing(body: ThingCreate, db: Session = Depends(get_db)):
    return things.create(db, obj_in=body)


@app.delete("/things/{id}", response_model=ThingOut)
def delete_thing(id: int, db: Session = Depends(get_db)):
    return things.remove(db, id=id)


@app.get("/repository/{id}", response_model=PersonOut)
def from_repository(id: int, repository: PersonRepository = Depends(get_people)):
    person = repository.get(id)
    if person is None:
        raise HTTPException(404, "nobody")
    return person


@app.get("/of/{email}", response_model=list[ThingOut])
def things_of(email: str, service: ThingService = Depends(get_things)):
    return service.of(email)


@app.get("/direct/{email}", response_model=list[ThingOut])
def directly(email: str, db: Session = Depends(get_db)):
    service = ThingService(PersonRepository(db), db, limit=3)
    return service.of(email)


@app.get("/find/{id}")
def find(id: int, finder: Annotated[Finder, Depends()]):
    person = finder.person(id)
    return {"email": person.email if person else None}


@app.post("/count")
def count(ids: list[int], counter: Counter = Depends()):
    return {"n": counter.count(ids)}


@app.get("/page")
def page(pager: Pager = Depends()):
    return {"end": pager.end, "double": Pager.double(pager.limit), "first": Pager.first(3).end}


@app.get("/shapes/{name}")
def shapes(name: str, sides: int = 3):
    shape = Shape(name, sides)
    square = Square(sides)
    return {"label": shape.twice(), "square": square.twice(), "name": square.name}


@app.get("/basket/{owner}")
def basket(owner: str, price: int = 1):
    basket = Basket(owner)
    first = basket.add("apple", price)
    second = basket.add("pear", price * 2)
    found = {"names": basket.names, "total": basket.total, "last": basket.last}
    basket.empty()
    return {
        "first": first, "second": second, "found": found,
        "left": basket.total, "names": basket.names, "owner": basket.owner,
    }  # fmt: skip
