"""A backend whose answers hold what belongs to a row: a post's author, its comments, theirs."""

# Typed as backends of some years ago are, some of it.
# ruff: noqa: B008, UP006, UP035, UP045

import os
from typing import List, Optional

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, select
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    joinedload,
    mapped_column,
    relationship,
    selectinload,
    sessionmaker,
)

DATABASE_URL = os.environ.get("DATABASE_URL", "sqlite:///./related.db")
engine = create_engine(DATABASE_URL, connect_args={"check_same_thread": False})
SessionLocal = sessionmaker(bind=engine)


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    posts = relationship("Post", back_populates="owner", foreign_keys="Post.owner_id")
    edited: Mapped[list["Post"]] = relationship(foreign_keys="[Post.editor_id]", viewonly=True)


class Tag(Base):
    __tablename__ = "tags"
    name = Column(String, primary_key=True)
    color = Column(String, nullable=False)


class Post(Base):
    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    editor_id: Mapped[Optional[int]] = mapped_column(ForeignKey("users.id"))
    tag_name: Mapped[Optional[str]] = mapped_column(ForeignKey("tags.name"))
    owner: Mapped["User"] = relationship(back_populates="posts", foreign_keys=[owner_id])
    editor = relationship("User", foreign_keys=[editor_id])
    tag = relationship(Tag, lazy="joined")
    comments: Mapped[List["Comment"]] = relationship(back_populates="post")


class Comment(Base):
    __tablename__ = "comments"
    id = Column(Integer, primary_key=True)
    text = Column(String, nullable=False)
    post_id = Column(Integer, ForeignKey("posts.id"), nullable=False)
    author_id = Column(Integer, ForeignKey("users.id"), nullable=True)
    post = relationship("Post", back_populates="comments")
    author = relationship("User")


Base.metadata.create_all(engine)


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class UserIn(BaseModel):
    name: str


class UserOut(Out):
    id: int
    name: str


class TagBase(BaseModel):
    name: str
    color: str


class TagOut(TagBase, Out):
    pass


class CommentIn(BaseModel):
    text: str
    post_id: int
    author_id: int | None = None


class CommentOut(Out):
    id: int
    text: str
    author: Optional[UserOut] = None


class PostIn(BaseModel):
    title: str
    owner_id: int
    editor_id: Optional[int] = None
    tag_name: str | None = None


class PostOut(Out):
    id: int
    title: str
    owner: UserOut
    editor: Optional[UserOut] = None
    tag: TagOut | None
    comments: List[CommentOut] = []


class PostShort(Out):
    id: int
    title: str


class CommentOfPost(CommentOut):
    """Of one whose author is needed: without one, the answer fails."""

    author: UserOut
    post: PostShort


class UserPosts(UserOut):
    posts: list[PostShort]
    edited: List[PostShort]


app = FastAPI()


@app.post("/users", response_model=UserPosts, status_code=201)
def create_user(body: UserIn, db: Session = Depends(get_db)):
    one = User(name=body.name)
    db.add(one)
    db.commit()
    db.refresh(one)
    return one


@app.get("/users/{id}", response_model=UserPosts)
def get_user(id: int, db: Session = Depends(get_db)):
    return db.query(User).filter(User.id == id).first()


@app.get("/users")
def get_users(db: Session = Depends(get_db)) -> list[UserPosts]:
    return [UserPosts.model_validate(one) for one in db.query(User).order_by(User.name).all()]


@app.post("/tags", response_model=TagOut)
def create_tag(body: TagBase, db: Session = Depends(get_db)):
    one = Tag(**body.model_dump())
    db.add(one)
    db.commit()
    db.refresh(one)
    return one


@app.post("/posts", response_model=PostOut, status_code=201)
def create_post(body: PostIn, db: Session = Depends(get_db)):
    if db.get(User, body.owner_id) is None:
        raise HTTPException(status_code=404, detail="no such owner")
    one = Post(**body.model_dump())
    db.add(one)
    db.commit()
    db.refresh(one)
    return one


@app.put("/posts/{id}/{editor_id}", response_model=PostOut)
def edit_post(id: int, editor_id: int, db: Session = Depends(get_db)):
    one = db.query(Post).filter(Post.id == id).first()
    if one is None:
        raise HTTPException(status_code=404, detail="no such post")
    one.editor_id = editor_id
    db.commit()
    db.refresh(one)
    return one


@app.get("/posts", response_model=List[PostOut])
def get_posts(skip: int = 0, limit: int = 10, db: Session = Depends(get_db)):
    return db.query(Post).order_by(Post.id).offset(skip).limit(limit).all()


@app.get("/posts/{id}", response_model=PostOut)
def get_post(id: int, db: Session = Depends(get_db)):
    one = db.query(Post).filter(Post.id == id).first()
    if one is None:
        raise HTTPException(status_code=404, detail="no such post")
    return one


@app.get("/maybe/{id}", response_model=Optional[PostOut])
def get_maybe(id: int, db: Session = Depends(get_db)):
    return db.get(Post, id)


@app.get("/eager", response_model=list[PostOut])
def get_eager(db: Session = Depends(get_db)):
    query = db.query(Post).options(
        joinedload(Post.owner), selectinload(Post.comments).joinedload(Comment.author)
    )
    return query.order_by(Post.title).all()


@app.get("/eager/{id}", response_model=PostOut)
def get_eagerly(id: int, db: Session = Depends(get_db)):
    query = select(Post).options(joinedload(Post.comments)).where(Post.id == id)
    one = db.execute(query).unique().scalar_one_or_none()
    if one is None:
        raise HTTPException(status_code=404, detail="no such post")
    return one


@app.post("/comments", response_model=CommentOut)
def create_comment(body: CommentIn, db: Session = Depends(get_db)):
    one = Comment(text=body.text, post_id=body.post_id, author_id=body.author_id)
    db.add(one)
    db.commit()
    db.refresh(one)
    return one


@app.get("/comments/{id}", response_model=CommentOfPost)
def get_comment(id: int, db: Session = Depends(get_db)):
    return db.query(Comment).filter(Comment.id == id).first()
