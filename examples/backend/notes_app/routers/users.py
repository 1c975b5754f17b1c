from fastapi import APIRouter, Depends, HTTPException, status

from notes_app.db import DbSession
from notes_app.models.notes import Note, NoteResponse, Notes
from notes_app.models.users import RoleForm, User, UserResponse, Users
from notes_app.utils.auth import get_admin_user
from notes_app.utils.pagination import Pagination

router = APIRouter(dependencies=[Depends(get_admin_user)])


def find_user(db: DbSession, user_id: str) -> User:
    user = Users.get_by_id(db, user_id)
    if user is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "User not found")
    return user


@router.get("", response_model=list[UserResponse])
def list_users(db: DbSession, page: Pagination) -> list[User]:
    return Users.get_all(db, page)


@router.get("/{user_id}", response_model=UserResponse)
def get_user(user_id: str, db: DbSession) -> User:
    return find_user(db, user_id)


@router.get("/{user_id}/notes", response_model=list[NoteResponse])
def list_user_notes(user_id: str, db: DbSession, page: Pagination) -> list[Note]:
    user = find_user(db, user_id)
    return Notes.list_by_owner(db, user.id, page)


@router.patch("/{user_id}/role", response_model=UserResponse)
def update_role(user_id: str, form: RoleForm, db: DbSession) -> User:
    return Users.set_role(db, find_user(db, user_id), form.role)


@router.delete("/{user_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_user(user_id: str, db: DbSession) -> None:
    Users.delete(db, find_user(db, user_id))
