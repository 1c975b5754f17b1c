from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from notes_app.db import Base, new_id
from notes_app.models.notes import Note


class Folder(Base):
    __tablename__ = "folders"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]


class FolderForm(BaseModel):
    name: str


class FolderResponse(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    owner_id: str
    name: str


class FoldersTable:
    def insert(self, db: Session, owner_id: str, name: str) -> Folder:
        folder = Folder(owner_id=owner_id, name=name)
        db.add(folder)
        db.commit()
        return folder

    def get_by_id(self, db: Session, folder_id: str) -> Folder | None:
        return db.get(Folder, folder_id)

    def list_by_owner(self, db: Session, owner_id: str) -> list[Folder]:
        return list(
            db.scalars(select(Folder).where(Folder.owner_id == owner_id).order_by(Folder.name))
        )

    def delete(self, db: Session, folder: Folder) -> None:
        """The notes stay; they are in no folder afterwards."""
        db.execute(update(Note).where(Note.folder_id == folder.id).values(folder_id=None))
        db.delete(folder)
        db.commit()


Folders = FoldersTable()
