from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from notes_app.db import Base, by_value, new_id, now
from notes_app.utils.pagination import Page


class Role(StrEnum):
    USER = "user"
    ADMIN = "admin"


class User(Base):
    __tablename__ = "users"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    role: Mapped[Role] = mapped_column(by_value(Role), default=Role.USER)
    last_active_at: Mapped[int | None]
    created_at: Mapped[int] = mapped_column(default=now)


class UserResponse(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    email: str
    role: Role
    last_active_at: int | None = None
    created_at: int


class RoleForm(BaseModel):
    role: Role


class UsersTable:
    def insert(self, db: Session, name: str, email: str, password_hash: str) -> User:
        """The first user who signs up becomes the admin."""
        first = db.scalar(select(func.count()).select_from(User)) == 0
        role = Role.ADMIN if first else Role.USER
        user = User(name=name, email=email, password_hash=password_hash, role=role)
        db.add(user)
        db.commit()
        return user

    def get_by_id(self, db: Session, user_id: str) -> User | None:
        return db.get(User, user_id)

    def get_by_email(self, db: Session, email: str) -> User | None:
        return db.scalar(select(User).where(User.email == email))

    def get_all(self, db: Session, page: Page) -> list[User]:
        query = select(User).order_by(User.created_at).limit(page.limit).offset(page.offset)
        return list(db.scalars(query))

    def touch(self, db: Session, user: User) -> None:
        user.last_active_at = now()
        db.commit()

    def set_role(self, db: Session, user: User, role: Role) -> User:
        user.role = role
        db.commit()
        return user

    def delete(self, db: Session, user: User) -> None:
        db.delete(user)
        db.commit()


Users = UsersTable()
