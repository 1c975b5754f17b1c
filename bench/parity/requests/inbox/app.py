"""The application."""

from fastapi import FastAPI

from inbox import bodies, depends, forms, headers, paths, queries

app = FastAPI()
for part in (queries, paths, headers, bodies, forms, depends):
    app.include_router(part.router)
