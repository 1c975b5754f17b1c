"""What takes a request's body: JSON, several values of it, a form, files, or the body as it is.

FastAPI: `request_body_to_args`, `_should_embed_body_fields` (several parameters, or one that is to
be embedded, are the members of one object).
"""

from __future__ import annotations

from port_lsp.facts.items import Parameter
from port_lsp.patterns.endpoints.conventions import Conventions
from port_lsp.patterns.endpoints.needs import Needs
from port_lsp.patterns.endpoints.parts import Made, Values
from port_lsp.patterns.endpoints.requests import Request
from port_lsp.patterns.endpoints.rusttypes import OBJECT
from port_lsp.patterns.endpoints.taking import Taking
from port_lsp.patterns.names import snake
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import named


class Bodies:
    """Makes the parameter that takes the body of one handler."""

    def __init__(
        self, conventions: Conventions, needs: Needs, values: Values, taking: Taking
    ) -> None:
        """`values` and `taking` are those of the handler's other parameters, too."""
        self._conventions, self._needs = conventions, needs
        self._values, self._taking = values, taking
        self._axum = conventions.axum
        # The struct of a form without files that is read as FastAPI reads one, for which an empty
        # text is missing: by an extractor of the crate's own, and not by the framework's.
        self.form: Made | None = None

    def of(self, request: Request, raw: str) -> i.Param | None:
        """The parameter; None where nothing reads the body. `raw`: see `Parameters.of`."""
        if request.file and not self._reads_files():
            return self._multipart()
        if request.form or request.file:
            validates = self._conventions.validates("form")
            every = (*request.form, *request.file)
            made = self._values.struct("Form", every, text=True, validates=validates)
            self.form = made if self._conventions.is_own("form") and not request.file else None
            return self._taking.param("form", "form", made)
        if not request.body:
            return self._raw() if "body" in raw else None
        first = request.body[0]
        if len(request.body) > 1 or _is_embedded(first):
            validates = self._conventions.validates("parts")
            made = self._values.struct("Body", request.body, text=False, validates=validates)
            return self._taking.param("parts", "body", made)
        return self._single(first)

    def _reads_files(self) -> bool:
        own = self._conventions.own
        return own.named("UploadFile") is not None and self._conventions.is_own("form")

    def _single(self, one: Parameter) -> i.Param:
        """The whole body as one value."""
        validating = self._conventions.validating("body")
        validates = validating is not None and (
            self._axum or self._conventions.is_ours(validating.symbol)
        )
        made = self._values.value(one, text=False, validates=validates)
        if one.annotation is None:
            made = Made(OBJECT)
        name = snake(one.name)
        schema = self._needs.field(one)
        if one.required and (not schema.nullable or schema.wire.kind == "any"):
            return self._taking.param("body", name, made)
        return self._taking.optional("body", name, made, self._values.default(one, made))

    def _multipart(self) -> i.Param:
        if self._axum:
            self._needs.depend("axum", "0.8", "multipart")
            kind = named("axum::extract::Multipart")
        else:
            self._needs.depend("actix-multipart", "0.7")
            kind = named("actix_multipart::Multipart")
        return i.Param(b.Bind(self._taking.name("multipart")), kind)

    def _raw(self) -> i.Param:
        kind = "axum::body::Bytes" if self._axum else "actix_web::web::Bytes"
        return i.Param(b.Bind(self._taking.name("body")), named(kind))


def _is_embedded(one: Parameter) -> bool:
    return any(each.name == "embed" and each.value == "True" for each in one.constraints)
