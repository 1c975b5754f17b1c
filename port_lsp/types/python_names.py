"""What names mean in Python annotations: builtins, typing, datetime, Pydantic, SQLAlchemy, Peewee.

Names are looked up by their last segment, so `dt.datetime`, `sa.String` and `postgresql.JSONB` are
found whatever their modules are called. Pydantic: docs "Types"; SQLAlchemy 2: `sqlalchemy.types`
and the dialects'; Peewee 3: "Fields".
"""

from port_lsp.types.wire import (
    ANY,
    BOOL,
    BYTES,
    DATE,
    DATETIME,
    DECIMAL,
    FLOAT,
    INT,
    NULL,
    OBJECT,
    STR,
    TIME,
    TIMEDELTA,
    UUID,
    Wire,
    array,
    mapping,
    text,
    unknown,
)

_BY_TYPE: tuple[tuple[Wire, str], ...] = (
    (
        STR,
        """
        str Text AnyStr LiteralString StrictStr SecretStr constr ImportString Color
        Base64Str Base64UrlStr Path PurePath PosixPath FilePath DirectoryPath NewPath
        String Unicode UnicodeText VARCHAR CHAR NVARCHAR NCHAR TEXT CLOB CITEXT VARCHAR2 TINYTEXT
        MEDIUMTEXT LONGTEXT AutoString TSVECTOR
        CharField TextField FixedCharField
        """,
    ),
    (
        INT,
        """
        int StrictInt conint PositiveInt NegativeInt NonNegativeInt NonPositiveInt ByteSize
        IntEnum IntFlag
        Integer BigInteger SmallInteger INTEGER BIGINT SMALLINT INT TINYINT MEDIUMINT YEAR
        IntegerField BigIntegerField SmallIntegerField AutoField BigAutoField IdentityField
        PrimaryKeyField BitField
        """,
    ),
    (
        FLOAT,
        """
        float StrictFloat confloat PositiveFloat NegativeFloat NonNegativeFloat NonPositiveFloat
        FiniteFloat AllowInfNan
        Float Double REAL FLOAT DOUBLE DOUBLE_PRECISION
        FloatField DoubleField
        """,
    ),
    (BOOL, "bool StrictBool Boolean BOOLEAN BooleanField"),
    (
        BYTES,
        """
        bytes bytearray memoryview StrictBytes SecretBytes conbytes Base64Bytes Base64UrlBytes
        LargeBinary BINARY VARBINARY BLOB BYTEA BlobField BigBitField
        """,
    ),
    (
        DATETIME,
        """
        datetime AwareDatetime NaiveDatetime PastDatetime FutureDatetime
        DateTime DATETIME TIMESTAMP DateTimeField
        """,
    ),
    (DATE, "date PastDate FutureDate condate Date DATE DateField"),
    (TIME, "time Time TIME TimeField"),
    (TIMEDELTA, "timedelta Interval INTERVAL"),
    (UUID, "UUID UUID1 UUID3 UUID4 UUID5 UUID6 UUID7 UUID8 Uuid UUIDField BinaryUUIDField"),
    (DECIMAL, "Decimal condecimal Numeric NUMERIC DECIMAL MONEY DecimalField"),
    (ANY, "Any object JSON JSONB JsonValue JSONField BinaryJSONField JSONType"),
    (NULL, "None NoneType"),
    (text("email"), "EmailStr NameEmail"),
    (
        text("url"),
        """
        AnyUrl AnyHttpUrl HttpUrl FileUrl WebsocketUrl AnyWebsocketUrl FtpUrl PostgresDsn RedisDsn
        MySQLDsn MariaDBDsn MongoDsn KafkaDsn NatsDsn AmqpDsn CockroachDsn ClickHouseDsn
        SnowflakeDsn
        """,
    ),
    (
        text("ip"),
        """
        IPvAnyAddress IPvAnyNetwork IPvAnyInterface IPv4Address IPv6Address IPv4Network IPv6Network
        INET CIDR IPField
        """,
    ),
    (text("json"), "Json"),
    (array(ANY), "list List Sequence MutableSequence Iterable Collection deque Deque ARRAY"),
    (array(ANY), "conlist tuple Tuple NamedTuple"),
    (Wire("set", (ANY,)), "set Set frozenset FrozenSet MutableSet AbstractSet conset confrozenset"),
    (
        OBJECT,
        """
        dict Dict Mapping MutableMapping DefaultDict defaultdict OrderedDict ChainMap HSTORE
        HStoreField
        """,
    ),
    (mapping(STR, INT), "Counter"),
    (unknown("TimestampField"), "TimestampField"),
)

NAMED: dict[str, Wire] = {name: wire for wire, names in _BY_TYPE for name in names.split()}

# What stands around a type without changing what is on the wire.
_AROUND = """
    Annotated Final ClassVar InitVar Required NotRequired ReadOnly Mapped WriteOnlyMapped
    DynamicMapped deferred
"""
AROUND = frozenset(_AROUND.split())
COLUMNS = frozenset({"Column", "mapped_column"})
LISTS = frozenset(name for name, wire in NAMED.items() if wire == array(ANY)) - {
    "tuple",
    "Tuple",
    "NamedTuple",
}
TUPLES = frozenset({"tuple", "Tuple"})
SETS = frozenset(name for name, wire in NAMED.items() if wire.kind == "set")
MAPS = frozenset(name for name, wire in NAMED.items() if wire == OBJECT)
