"""What a backend reads of its environment, and who may call it from another origin."""

from __future__ import annotations

from pathlib import Path

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.types.settings import Cors

CONFIG = """
import os
from os import environ
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="app_")
    name: str = "notes"
    workers: int = 4
    debug: bool = False
    secret: str
    token: str | None = None
    key: str = Field("k", validation_alias="THE_KEY")
    origins: list[str] = ["*"]

PORT = int(os.environ.get("PORT", "8080"))
RATIO = float(os.getenv("RATIO", 0.5))
VERBOSE = os.environ.get("VERBOSE", "True").lower() == "true"
HOME = environ["HOME_DIR"]
PLACE = os.environ.get("PLACE") or "here"
WRAPPED = Persistent("wrapped", os.environ.get("WRAPPED", "w"))
BOTH = os.environ.get("ONE", "") + os.environ.get("TWO", "")
if PORT:
    LATE = os.environ.get("LATE")
ORIGINS = os.environ.get("ORIGINS", "*").split(";")
"""
MAIN = """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from config import ORIGINS
app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS, allow_credentials=True,
                   allow_methods=["GET", "POST"], allow_headers=["X-Token"])
"""


def test_settings(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text(CONFIG, "utf-8")
    (tmp_path / "main.py").write_text(MAIN, "utf-8")
    reader = Index.open(Wanted(str(tmp_path), str(tmp_path))).backend_reader
    assert reader is not None
    found = [(one.env, one.kind, one.default, one.needed, one.truth) for one in reader.settings()]
    assert found == [
        ("APP_NAME", "str", "notes", False, ""),
        ("APP_WORKERS", "int", 4, False, ""),
        ("APP_DEBUG", "bool", False, False, ""),
        ("APP_SECRET", "str", None, True, ""),
        ("APP_TOKEN", "str", None, False, ""),
        ("THE_KEY", "str", "k", False, ""),
        ("APP_ORIGINS", "str", '["*"]', False, ""),
        ("PORT", "int", 8080, False, ""),
        ("RATIO", "float", 0.5, False, ""),
        ("VERBOSE", "bool", True, False, "true"),
        ("HOME_DIR", "str", None, True, ""),
        ("PLACE", "str", "here", False, ""),
        ("WRAPPED", "str", "w", False, ""),
        ("LATE", "str", None, False, ""),
        ("ORIGINS", "str", "*", False, ""),
    ]
    cors = reader.cors()
    assert cors is not None
    assert cors == Cors(
        cors.origins, "ORIGINS", ("GET", "POST"), ("X-Token",), (), credentials=True
    )
