from fastapi import APIRouter, HTTPException, status

from notes_app.db import DbSession
from notes_app.models.folders import Folder, FolderForm, FolderResponse, Folders
from notes_app.utils.auth import CurrentUser

router = APIRouter()


@router.get("", response_model=list[FolderResponse])
def list_folders(user: CurrentUser, db: DbSession) -> list[Folder]:
    return Folders.list_by_owner(db, user.id)


@router.post("", response_model=FolderResponse, status_code=status.HTTP_201_CREATED)
def create_folder(form: FolderForm, user: CurrentUser, db: DbSession) -> Folder:
    return Folders.insert(db, user.id, form.name)


@router.delete("/{folder_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_folder(folder_id: str, user: CurrentUser, db: DbSession) -> None:
    folder = Folders.get_by_id(db, folder_id)
    if folder is None or folder.owner_id != user.id:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "Folder not found")
    Folders.delete(db, folder)
