from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from notes_app.models.audit import Audit, AuditEntry, AuditResponse
from notes_app.utils.pagination import Page, Pagination

router = APIRouter()

CSV_ROWS = Page(limit=10_000, offset=0)


@router.get("/", response_model=list[AuditResponse])
def list_audit(page: Pagination) -> Sequence[AuditEntry]:
    return Audit.get_all(page)


@router.get("/csv")
def download_audit() -> PlainTextResponse:
    rows = [f"{e.created_at},{e.actor_id},{e.action}" for e in Audit.get_all(CSV_ROWS)]
    return PlainTextResponse("\n".join(["at,actor,action", *rows]), media_type="text/csv")
