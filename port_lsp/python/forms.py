"""The form classes that FastAPI brings.

Rules: `fastapi/security/oauth2.py` (OAuth2PasswordRequestForm and its strict twin).
"""

from port_lsp.facts.items import Constraint, Parameter

OAUTH2_FORMS = {"OAuth2PasswordRequestForm", "OAuth2PasswordRequestFormStrict"}

_PASSWORD = (Constraint("pattern", '"^password$"'),)


def oauth2_form(name: str) -> tuple[Parameter, ...]:
    """The form fields that the class of this name takes; none for other names."""
    if name not in OAUTH2_FORMS:
        return ()
    strict = name.endswith("Strict")
    return (
        Parameter(
            "grant_type", "form", "str" if strict else "str | None", strict,
            None if strict else "None", constraints=_PASSWORD,
        ),
        Parameter("username", "form", "str"),
        Parameter("password", "form", "str"),
        Parameter("scope", "form", "str", required=False, default='""'),
        Parameter("client_id", "form", "str | None", required=False, default="None"),
        Parameter("client_secret", "form", "str | None", required=False, default="None"),
    )  # fmt: skip
