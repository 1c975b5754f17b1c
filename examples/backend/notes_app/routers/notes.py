from collections.abc import Iterator

from fastapi import APIRouter, BackgroundTasks, WebSocket, WebSocketException, status
from fastapi.responses import StreamingResponse

from notes_app.db import DbSession
from notes_app.models.audit import Audit
from notes_app.models.notes import Note, NoteForm, NoteResponse, Notes
from notes_app.routers import comments
from notes_app.socket import announce_change
from notes_app.utils.access import find_own_note, find_readable_note
from notes_app.utils.auth import CurrentUser, get_user_by_token
from notes_app.utils.pagination import Page, Pagination

router = APIRouter()
router.include_router(comments.router, prefix="/{note_id}/comments")

# More than anybody has.
EVERYTHING = Page(limit=1_000_000, offset=0)


@router.get("", response_model=list[NoteResponse])
def list_notes(
    user: CurrentUser, db: DbSession, page: Pagination, folder_id: str | None = None
) -> list[Note]:
    return Notes.list_by_owner(db, user.id, page, folder_id)


@router.post("", response_model=NoteResponse, status_code=status.HTTP_201_CREATED)
def create_note(form: NoteForm, user: CurrentUser, db: DbSession) -> Note:
    note = Notes.insert(db, user.id, form)
    Audit.record(user.id, "note.create", note.id)
    return note


@router.get("/search", response_model=list[NoteResponse])
def search_notes(q: str, user: CurrentUser, db: DbSession) -> list[Note]:
    return Notes.search(db, user.id, q)


@router.get("/export/ndjson")
def export_notes(user: CurrentUser, db: DbSession) -> StreamingResponse:
    """Every note of the user, one JSON object a line."""
    notes = Notes.list_by_owner(db, user.id, EVERYTHING)

    def lines() -> Iterator[str]:
        for note in notes:
            yield NoteResponse.model_validate(note).model_dump_json() + "\n"

    return StreamingResponse(lines(), media_type="application/x-ndjson")


@router.get("/{note_id}", response_model=NoteResponse)
def get_note(note_id: str, user: CurrentUser, db: DbSession) -> Note:
    return find_readable_note(db, note_id, user)


@router.put("/{note_id}", response_model=NoteResponse)
def update_note(
    note_id: str, form: NoteForm, user: CurrentUser, db: DbSession, background: BackgroundTasks
) -> Note:
    note = Notes.update(db, find_own_note(db, note_id, user), form)
    Audit.record(user.id, "note.update", note.id)
    background.add_task(announce_change, note.id, note.title)
    return note


@router.delete("/{note_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_note(note_id: str, user: CurrentUser, db: DbSession) -> None:
    Notes.delete(db, find_own_note(db, note_id, user))
    Audit.record(user.id, "note.delete", note_id)


@router.websocket("/{note_id}/live")
async def live_note(websocket: WebSocket, note_id: str, token: str, db: DbSession) -> None:
    """Says of a draft, while it is being typed, how long it is and whether it is saved."""
    user = get_user_by_token(db, token)
    note = Notes.get_by_id(db, note_id)
    if user is None or note is None or note.owner_id != user.id:
        raise WebSocketException(status.WS_1008_POLICY_VIOLATION, "Not your note")
    await websocket.accept()
    async for draft in websocket.iter_text():
        await websocket.send_json({"words": len(draft.split()), "saved": draft == note.body})
