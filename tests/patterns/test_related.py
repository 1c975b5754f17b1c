"""What an answer holds of a row's relations, and what isn't known of them: that is a hole, never
a null. Both sides' answers are compared in acceptance/test_related.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.ground.start import lay
from port_lsp.patterns.port import Target
from port_lsp.patterns.registry import porter

_BACKEND = """from typing import List, Optional

from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.orm import Session, contains_eager, declarative_base, joinedload, load_only
from sqlalchemy.orm import relationship, selectinload, sessionmaker

engine = create_engine("sqlite:///./blog.db")
SessionLocal = sessionmaker(bind=engine)
Base = declarative_base()
app = FastAPI()


class Mixin:
    @property
    def label(self) -> str:
        return "label"


class User(Base, Mixin):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String, nullable=False)
    {of_user}


class Post(Base):
    __tablename__ = "posts"
    id = Column(Integer, primary_key=True)
    owner_id = Column(Integer, ForeignKey("users.id"))
    {of_post}


class PostOut(BaseModel):
    id: int
    {post_out}

    class Config:
        from_attributes = True


class UserOut(BaseModel):
    name: str
    {user_out}

    class Config:
        from_attributes = True


def get_db():
    db = SessionLocal()
    yield db
    db.close()


@app.get("/users", response_model=List[UserOut])
def get_users(db: Session = Depends(get_db)):
    return {query}
"""
_POSTS = "posts: List[PostOut]"
_ALL = "db.query(User).all()"


def ported(folder: Path, **parts: str) -> str:
    """The Rust of `get_users`, with the models that it makes."""
    given = {"of_user": "pass", "of_post": "pass", "post_out": "owner_id: Optional[int]"}
    given |= {"user_out": _POSTS, "query": _ALL} | parts
    (folder / "backend").mkdir()
    (folder / "backend" / "main.py").write_text(_BACKEND.format(**given), encoding="utf-8")
    (folder / "crate").mkdir()
    index = Index.open(Wanted(str(folder), str(folder / "backend"), str(folder / "crate")))
    for path, text in lay(index, "axum").items():
        place = folder / "crate" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    (endpoint,) = [one.id for one in index.snapshot.backend.endpoints]  # pyright: ignore[reportOptionalMemberAccess]
    done = porter(Desks().at(index)).port([Target("endpoint", endpoint)])
    return "".join(one.after for one in done.changes if one.path.startswith("src/"))


@pytest.mark.parametrize(
    "said",
    [
        'relationship("Post")',
        "relationship(lambda: Post)",
        'relationship("Post", back_populates="owner")',
        'relationship("Post", lazy="selectin", cascade="all, delete-orphan")',
        'relationship("Post", foreign_keys="Post.owner_id")',
        'relationship("Post", foreign_keys="[Post.owner_id]", viewonly=True)',
    ],
)
def test_many(tmp_path: Path, said: str) -> None:
    made = ported(tmp_path, of_user=f"posts = {said}")
    assert "SELECT * FROM posts WHERE owner_id = $1" in made
    assert "todo!" not in made


@pytest.mark.parametrize(
    "said",
    [
        'relationship("Post", secondary="post_users")',
        'relationship("Post", lazy="dynamic")',
        'relationship("Post", lazy="noload")',
        'relationship("Post", order_by="Post.id")',
        'relationship("Post", primaryjoin="and_(User.id == Post.owner_id, Post.id > 5)")',
        'relationship("Post", uselist=False)',
        'relationship("Post", collection_class=set)',
        'relationship("Post", foreign_keys=chosen())',
        'relationship("Post", **more)',
        'relationship("Nobody")',
        "association_proxy('posts', 'id')",
        "property(lambda self: [])",
    ],
)
@pytest.mark.parametrize("default", ["", " = []", " | None = None"])
def test_what_is_not_known(tmp_path: Path, said: str, default: str) -> None:
    made = ported(tmp_path, of_user=f"posts = {said}", user_out=f"{_POSTS}{default}")
    assert "todo!" in made


@pytest.mark.parametrize(("name", "rust"), [("type", "r#type"), ("thePosts", "the_posts")])
def test_a_name_that_rust_has_otherwise(tmp_path: Path, name: str, rust: str) -> None:
    user_out = f"{name}: List[PostOut]"
    made = ported(tmp_path, of_user=f"{name} = relationship('Post')", user_out=user_out)
    assert f"let {rust} = sqlx::query_as" in made
    assert "todo!" not in made


def test_one(tmp_path: Path) -> None:
    made = ported(
        tmp_path,
        of_user="posts = relationship('Post')",
        of_post="owner = relationship('User', overlaps='posts')",
    )
    assert "todo!" not in made  # nobody asks for a post's owner
    assert "row.posts" not in made


@pytest.mark.parametrize(
    ("parts", "is_whole"),
    [
        ({"user_out": "more: Optional[str] = None"}, True),
        ({"user_out": "label: Optional[str] = None"}, False),  # a base's property
        (
            {
                "user_out": "posts: Optional[List[PostOut]] = None",
                "of_post": "owner = relationship('User', backref='posts')",
            },
            False,
        ),
        (
            {
                "user_out": "more: Optional[str] = None",
                "of_post": "owner = relationship('User', backref='posts')",
            },
            True,
        ),
    ],
)
def test_what_a_row_has_not(tmp_path: Path, parts: dict[str, str], is_whole: bool) -> None:
    assert ("todo!" not in ported(tmp_path, **parts)) == is_whole


@pytest.mark.parametrize(
    ("query", "is_whole"),
    [
        ("db.query(User).options(joinedload(User.posts)).all()", True),
        ("db.query(User).options(selectinload(User.posts).load_only(Post.id)).all()", True),
        ("db.scalars(select(User).options(joinedload(User.posts))).unique().all()", True),
        ("db.query(User).options(contains_eager(User.posts)).all()", False),
        ("db.query(User).options(selectinload(User.posts.and_(Post.id > 5))).all()", False),
        ("db.query(User).options(joinedload(User.posts, innerjoin=True)).all()", False),
        ("db.query(User).options(*loads()).all()", False),
        (
            "db.scalars(select(User).join(Post, Post.owner_id == User.id)).unique().all()",
            False,
        ),
    ],
)
def test_when_it_is_loaded(tmp_path: Path, query: str, is_whole: bool) -> None:
    made = ported(tmp_path, of_user='posts = relationship("Post")', query=query)
    assert ("todo!" not in made) == is_whole


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ("", "false"),
        ('PRAGMA = "PRAGMA foreign_keys=ON"', "true"),
        ('PRAGMA = "pragma foreign_keys = 1"', "true"),
        ('database = SqliteDatabase("x", pragmas={"foreign_keys": 1})', "true"),
        ('PRAGMA = "PRAGMA foreign_keys=OFF"', "false"),
        ("owner = relationship(foreign_keys=[one])", "false"),
    ],
)
def test_who_holds_the_keys(tmp_path: Path, said: str, holds: str) -> None:
    made = ported(tmp_path, of_user="pass", user_out="id: int", query=f"{_ALL}\n\n\n{said}")
    assert made
    text = (tmp_path / "crate" / "src" / "database.rs").read_text(encoding="utf-8")
    assert f".foreign_keys({holds})" in text
