"""Part of the notes router, which mounts this one under `/{note_id}/comments`."""

from fastapi import APIRouter, status

from notes_app.db import DbSession
from notes_app.models.comments import Comment, CommentForm, CommentResponse, Comments
from notes_app.utils.access import find_readable_note
from notes_app.utils.auth import CurrentUser

router = APIRouter()


@router.get("", response_model=list[CommentResponse])
def list_comments(note_id: str, user: CurrentUser, db: DbSession) -> list[Comment]:
    note = find_readable_note(db, note_id, user)
    return Comments.list_by_note(db, note.id)


@router.post("", response_model=CommentResponse, status_code=status.HTTP_201_CREATED)
def add_comment(note_id: str, form: CommentForm, user: CurrentUser, db: DbSession) -> Comment:
    note = find_readable_note(db, note_id, user)
    return Comments.insert(db, note.id, user.id, form.text)
