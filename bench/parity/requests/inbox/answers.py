"""What every endpoint answers with."""

from __future__ import annotations

from typing import Any

from fastapi import UploadFile
from fastapi.responses import JSONResponse
from pydantic_core import to_jsonable_python


def shown(**values: Any) -> JSONResponse:
    """The values as JSON, by their parameters' names."""
    told = {name: _told(value) for name, value in values.items()}
    return JSONResponse(to_jsonable_python(told))


def _told(value: Any) -> Any:
    if isinstance(value, list):
        return [_told(one) for one in value]
    if not isinstance(value, UploadFile) and not hasattr(value, "filename"):
        return value
    return {
        "filename": value.filename,
        "content_type": value.content_type,
        "size": value.size,
    }
