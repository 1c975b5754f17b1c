from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from notes_app.db import Base, by_value, new_id, now
from notes_app.utils.pagination import Page


class Visibility(StrEnum):
    PRIVATE = "private"
    SHARED = "shared"


class Note(Base):
    __tablename__ = "notes"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    folder_id: Mapped[str | None] = mapped_column(ForeignKey("folders.id"))
    title: Mapped[str]
    body: Mapped[str]
    visibility: Mapped[Visibility] = mapped_column(by_value(Visibility))
    created_at: Mapped[int] = mapped_column(default=now)
    updated_at: Mapped[int] = mapped_column(default=now, onupdate=now)


class NoteForm(BaseModel):
    title: str
    body: str = ""
    visibility: Visibility = Visibility.PRIVATE
    folder_id: str | None = None


class NoteResponse(NoteForm):
    model_config = ConfigDict(from_attributes=True)

    id: str
    owner_id: str
    created_at: int
    updated_at: int


class NotesTable:
    def insert(self, db: Session, owner_id: str, form: NoteForm) -> Note:
        note = Note(owner_id=owner_id, **form.model_dump())
        db.add(note)
        db.commit()
        return note

    def get_by_id(self, db: Session, note_id: str) -> Note | None:
        return db.get(Note, note_id)

    def list_by_owner(
        self, db: Session, owner_id: str, page: Page, folder_id: str | None = None
    ) -> list[Note]:
        query = select(Note).where(Note.owner_id == owner_id)
        if folder_id is not None:
            query = query.where(Note.folder_id == folder_id)
        query = query.order_by(Note.created_at).limit(page.limit).offset(page.offset)
        return list(db.scalars(query))

    def search(self, db: Session, owner_id: str, text: str) -> list[Note]:
        found = or_(Note.title.contains(text), Note.body.contains(text))
        query = select(Note).where(Note.owner_id == owner_id, found).order_by(Note.created_at)
        return list(db.scalars(query))

    def update(self, db: Session, note: Note, form: NoteForm) -> Note:
        for name, value in form.model_dump().items():
            setattr(note, name, value)
        db.commit()
        return note

    def delete(self, db: Session, note: Note) -> None:
        db.delete(note)
        db.commit()


Notes = NotesTable()
