"""What a side has: endpoints, models, events, functions, and what couldn't be read."""

from typing import Literal

from port_lsp.facts.source import Place, Record

ParameterIn = Literal["path", "query", "header", "cookie", "body", "form", "file"]
GuardLevel = Literal["public", "user", "role", "scope", "unknown"]
EndpointKind = Literal["route", "websocket", "fallback"]
ModelKind = Literal[
    "pydantic", "sqlalchemy", "peewee", "enum", "typeddict", "dataclass", "struct", "alias"
]


class Constraint(Record, frozen=True):
    """One keyword of a Field, Query, Path… or of a validator attribute, value as written."""

    name: str
    value: str


class Parameter(Record, frozen=True):
    """One thing that a request carries, as FastAPI's flattened dependant or an extractor has it.

    `annotation` and `default` are text as written, in the file `module` where that isn't the
    handler's; `alias` the name on the wire where it differs.
    """

    name: str
    location: ParameterIn
    annotation: str | None = None
    required: bool = True
    default: str | None = None
    alias: str | None = None
    constraints: tuple[Constraint, ...] = ()
    module: str = ""


class Guard(Record, frozen=True):
    """Who may call an endpoint, and why we say so.

    `name` is the role or scope, or the credential's dependency or extractor. `evidence` is one
    line a step: a Depends chain down to a credential, a middleware, an extractor, a check in the
    body.
    """

    level: GuardLevel
    name: str | None = None
    evidence: tuple[str, ...] = ()


class Signature(Record, frozen=True):
    """What one handler takes and gives, apart from where it is registered.

    `kinds` names what is special about its answer: "streaming", "file", "redirect", "websocket",
    "background", "html". `body_models` and `response_models` are item keys of models of the tree;
    where a backend's route says no response model, those that its body returns.
    """

    parameters: tuple[Parameter, ...] = ()
    dependencies: tuple[str, ...] = ()
    guard: Guard = Guard("unknown")
    body_models: tuple[str, ...] = ()
    response_model: str | None = None
    response_models: tuple[str, ...] = ()
    response_class: str | None = None
    status_code: int | None = None
    kinds: tuple[str, ...] = ()


class Endpoint(Record, frozen=True):
    """A resolved route: what answers one method on one full path.

    `key` is the item key of the handler, `place` its name in the `def` or `fn`, `registered` the
    decorator or registering call. `path` is in full, in its framework's own notation. `trail` are
    the places of the mounts it was reached through, outermost first, each with the prefix that it
    adds. `stub` names the sign by which its body is a stub.
    """

    id: str
    kind: EndpointKind
    method: str
    path: str
    handler: str
    key: str
    place: Place
    registered: Place
    signature: Signature = Signature()
    conditional: str | None = None
    trail: tuple[tuple[str, Place], ...] = ()
    middleware: tuple[str, ...] = ()
    reachable: bool = True
    unreachable_reason: str | None = None
    stub: str | None = None


class Unmounted(Record, frozen=True):
    """A registration that nothing mounts; `path` as far as it is known, `root` what should be
    mounted: the item key of the configure function or of the function that returns the router."""

    endpoint: Endpoint
    root: str


class Field(Record, frozen=True):
    """One field of a model, a column of a table or a member of an enum.

    `name` as declared, `alias` the name on the wire (serde's rename, Pydantic's alias) where it
    differs, `column` the database's name for it, None where the model is no table. `owner` is the
    item key of the model that declares it; an inherited field has its base as owner.
    """

    name: str
    annotation: str | None
    required: bool
    place: Place
    owner: str
    default: str | None = None
    alias: str | None = None
    column: str | None = None
    constraints: tuple[Constraint, ...] = ()


class Model(Record, frozen=True):
    """A type that carries data. `fields` are inherited ones too, in the framework's order.

    `bases` are item keys of the tree; `bases_outside_tree` dotted names whose fields aren't
    guessed. `attributes` are the model's own settings as written: Pydantic's config, serde's
    container attributes, derives. `plain` is a struct or enum that nothing reads from or writes to
    a wire or a row: perhaps a counterpart, but nothing that is missing on the other side.
    """

    key: str
    kind: ModelKind
    name: str
    place: Place
    fields: tuple[Field, ...]
    bases: tuple[str, ...] = ()
    bases_outside_tree: tuple[str, ...] = ()
    table: str | None = None
    attributes: tuple[Constraint, ...] = ()
    derives: tuple[str, ...] = ()
    plain: bool = False


class Event(Record, frozen=True):
    """A Socket.IO event, handled (by `handler`) or emitted (in the function `handler`)."""

    id: str
    event: str
    direction: Literal["handled", "emitted"]
    handler: str
    key: str
    place: Place
    namespace: str | None = None
    stub: str | None = None


class Function(Record, frozen=True):
    """A function or a method. `owner` is the class or the impl's type; `instances` the names under
    which the module offers the owner's instance (`Users = UsersTable()`)."""

    key: str
    name: str
    place: Place
    owner: str | None = None
    instances: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    public: bool = True
    stub: str | None = None


class ForeignMount(Record, frozen=True):
    """A mount of an application that isn't the framework's own: static files, another server."""

    path: str
    target: str
    place: Place
    conditional: str | None = None


class Unresolved(Record, frozen=True):
    """A place where something is registered that can't be read statically."""

    place: Place
    construct: str
    reason: str
    known: str = ""


class Site(Record, frozen=True):
    """A call site of a registering construct and what became of it (the reconciliation).

    `inside` is the framework's own call, where `place` is a call of the backend's by which it is
    made.
    """

    place: Place
    construct: str
    outcome: Literal["resolved", "unresolved", "excluded"]
    reason: str = ""
    inside: Place | None = None


class ApplicationPart(Record, frozen=True):
    """Something that holds for a whole application: a middleware, an exception handler, lifespan.
    On the crate's side also the error enum's answer per variant and the extractors."""

    kind: Literal["middleware", "exception-handler", "lifespan", "error-response", "extractor"]
    name: str
    place: Place
    detail: str = ""


class Query(Record, frozen=True):
    """An SQL statement that the crate runs: its text, or None where it is put together."""

    key: str
    function: str
    place: Place
    macro: str
    sql: str | None
    row_type: str | None = None


class Side(Record, frozen=True):
    """Everything known of one side at one revision, without any offset into a file."""

    framework: str | None = None
    framework_version: str | None = None
    endpoints: tuple[Endpoint, ...] = ()
    unmounted: tuple[Unmounted, ...] = ()
    models: tuple[Model, ...] = ()
    events: tuple[Event, ...] = ()
    functions: tuple[Function, ...] = ()
    mounts: tuple[ForeignMount, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    sites: tuple[Site, ...] = ()
    parts: tuple[ApplicationPart, ...] = ()
    queries: tuple[Query, ...] = ()
    pins: tuple[tuple[str, str], ...] = ()


def kept_side(before: Side, now: Side) -> Side:
    """A side with the very parts of an earlier one where they are equal; that one, if all are.

    What comes behind can see by identity what an edit changed.
    """
    parts = {name: getattr(before, name) for name in Side.__struct_fields__}
    other = {name: part for name in parts if (part := getattr(now, name)) != parts[name]}
    return Side(**{**parts, **other}) if other else before
