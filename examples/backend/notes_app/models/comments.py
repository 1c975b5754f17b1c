from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from notes_app.db import Base, new_id, now


class Comment(Base):
    __tablename__ = "comments"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    note_id: Mapped[str] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    text: Mapped[str]
    created_at: Mapped[int] = mapped_column(default=now)


class CommentForm(BaseModel):
    text: str


class CommentResponse(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    author_id: str
    text: str
    created_at: int


class CommentsTable:
    def insert(self, db: Session, note_id: str, author_id: str, text: str) -> Comment:
        comment = Comment(note_id=note_id, author_id=author_id, text=text)
        db.add(comment)
        db.commit()
        return comment

    def list_by_note(self, db: Session, note_id: str) -> list[Comment]:
        query = select(Comment).where(Comment.note_id == note_id).order_by(Comment.created_at)
        return list(db.scalars(query))


Comments = CommentsTable()
