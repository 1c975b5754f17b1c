"""Which notes a user may read and write."""

from fastapi import HTTPException, status
from sqlalchemy.orm import Session

from notes_app.models.notes import Note, Notes, Visibility
from notes_app.models.users import User


def find_readable_note(db: Session, note_id: str, user: User) -> Note:
    note = Notes.get_by_id(db, note_id)
    if note is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Note not found")
    if note.owner_id != user.id and note.visibility is Visibility.PRIVATE:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "Not your note")
    return note


def find_own_note(db: Session, note_id: str, user: User) -> Note:
    note = find_readable_note(db, note_id, user)
    if note.owner_id != user.id:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "Not your note")
    return note
