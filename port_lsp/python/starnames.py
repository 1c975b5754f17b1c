"""Names that a star import brings from a module outside the tree, where several may bring them.

With one star import every unknown name is taken to be its. With several a name is that of the last
module known to have it (later imports rebind: The Python Language Reference, "The import
statement"), else of the last one that nothing is known of. Only names that say what a route, a
parameter, a model or a field is are told apart here; a test holds them against the libraries.
"""

_TYPING = """Annotated Any Callable ClassVar Dict FrozenSet Generic Iterable List Literal Mapping
    NamedTuple Optional Sequence Set Tuple Type TypedDict TypeVar Union"""
_FIELDS = """AutoField BareField BigAutoField BigIntegerField BinaryUUIDField BitField BlobField
    BooleanField CharField DateField DateTimeField DecimalField DoubleField FixedCharField
    FloatField ForeignKeyField IPField IntegerField ManyToManyField PrimaryKeyField
    SmallIntegerField TextField TimeField TimestampField UUIDField"""

NAMES: dict[str, frozenset[str]] = {
    name: frozenset(names.split())
    for name, names in {
        "typing": _TYPING,
        "typing_extensions": _TYPING,
        "enum": "Enum Flag IntEnum IntFlag auto unique",
        "dataclasses": "InitVar KW_ONLY asdict astuple dataclass field fields replace",
        "fastapi": """APIRouter BackgroundTasks Body Cookie Depends FastAPI File Form HTTPException
            Header Path Query Request Response Security UploadFile WebSocket WebSocketDisconnect
            WebSocketException status""",
        "fastapi.responses": """FileResponse HTMLResponse JSONResponse PlainTextResponse
            RedirectResponse Response StreamingResponse""",
        "pydantic": """AfterValidator AliasChoices AliasGenerator AliasPath AnyUrl BaseModel
            BeforeValidator ConfigDict Discriminator EmailStr Field HttpUrl Json PrivateAttr
            RootModel SecretStr StringConstraints Tag TypeAdapter ValidationError computed_field
            conint conlist constr create_model field_serializer field_validator model_serializer
            model_validator root_validator validator""",
        "sqlalchemy": """ARRAY BIGINT BigInteger Boolean CheckConstraint Column Date DateTime Double
            Enum Float ForeignKey Identity Index Integer JSON LargeBinary MetaData Numeric
            PrimaryKeyConstraint Select Sequence SmallInteger String Table Text Time
            UniqueConstraint Uuid and_ case create_engine delete desc func insert not_ or_ select
            text update""",
        "sqlalchemy.orm": """DeclarativeBase Mapped Session backref declarative_base joinedload
            mapped_column registry relationship selectinload sessionmaker""",
        "peewee": f"Check CompositeKey Database Model SQL Table fn {_FIELDS}",
    }.items()
}


def starred(modules: list[str], name: str) -> str:
    """The module of those star-imported, in their order, that a name is taken to come from."""
    known = [module for module in modules if name in NAMES.get(module, ())]
    foreign = [module for module in modules if module not in NAMES]
    return [*modules[-1:], *foreign, *known][-1]
