"""Who did what. This table is older than the others and still on Peewee."""

from collections.abc import Sequence

from peewee import AutoField, CharField, IntegerField, Model
from pydantic import BaseModel, ConfigDict

from notes_app.db import audit_db, now
from notes_app.utils.pagination import Page


class AuditEntry(Model):
    id = AutoField()
    actor_id = CharField(index=True)
    action = CharField()
    subject_id = CharField(null=True)
    created_at = IntegerField(default=now)

    class Meta:
        database = audit_db
        table_name = "audit"


class AuditResponse(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    actor_id: str
    action: str
    subject_id: str | None
    created_at: int


class AuditTable:
    def record(self, actor_id: str, action: str, subject_id: str | None = None) -> None:
        with audit_db.connection_context():
            AuditEntry.create(actor_id=actor_id, action=action, subject_id=subject_id)

    def get_all(self, page: Page) -> Sequence[AuditEntry]:
        with audit_db.connection_context():
            query = AuditEntry.select().order_by(AuditEntry.id.desc())
            return list(query.limit(page.limit).offset(page.offset))


Audit = AuditTable()
