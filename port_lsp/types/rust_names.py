"""What names mean in Rust types, as serde writes and reads them in JSON.

Names are looked up by their last segment. std: serde's impls ("Serialize", implementors); chrono,
time, jiff, uuid, rust_decimal, url and secrecy: their own with their default features.
"""

from port_lsp.types.wire import (
    ANY,
    BOOL,
    BYTES,
    DATE,
    DATETIME,
    DECIMAL,
    FLOAT,
    NULL,
    OBJECT,
    STR,
    TIME,
    UUID,
    Wire,
    text,
    unknown,
)

INTEGERS = frozenset(
    ("i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize")
)

_BY_TYPE: tuple[tuple[Wire, str], ...] = (
    (
        STR,
        """
        str String SmolStr CompactString ArcStr EcoString Symbol PathBuf Path Utf8PathBuf
        OsString CString SecretString BigInt BigUint SocketAddr Ulid Regex Version HeaderValue
        Mime StatusText
        """,
    ),
    (text("char"), "char"),
    (BOOL, "bool AtomicBool"),
    (BYTES, "Bytes BytesMut ByteBuf"),
    (
        DATETIME,
        """
        DateTime NaiveDateTime OffsetDateTime PrimitiveDateTime UtcDateTime Timestamp Zoned
        BsonDateTime
        """,
    ),
    (DATE, "NaiveDate Date"),
    (TIME, "NaiveTime Time"),
    (Wire("timedelta", name="secs and nanos"), "Duration"),
    (Wire("timedelta"), "TimeDelta SignedDuration Span"),
    (UUID, "Uuid Hyphenated Simple Urn"),
    (DECIMAL, "Decimal BigDecimal"),
    (ANY, "Value JsonValue RawValue Any AnyValue"),
    (OBJECT, "JsonObject"),
    (NULL, "PhantomData"),
    (text("email"), "EmailAddress Mailbox"),
    (text("url"), "Url Uri"),
    (text("ip"), "IpAddr Ipv4Addr Ipv6Addr IpNet IpNetwork Ipv4Net Ipv6Net"),
    (FLOAT, "Number"),
    (unknown("SystemTime"), "SystemTime"),
    (unknown("Instant"), "Instant"),
)

# How std prefixes its integers: NonZeroU32, AtomicI64, AtomicUsize.
_PREFIXED = {
    f"{prefix}{name.capitalize()}": Wire("int", name=name)
    for prefix in ("NonZero", "Atomic")
    for name in INTEGERS
}
NAMED: dict[str, Wire] = {
    **{name: wire for wire, names in _BY_TYPE for name in names.split()},
    **{name: Wire("int", name=name) for name in INTEGERS},
    **{name: Wire("float", name=name) for name in ("f32", "f64")},
    **_PREFIXED,
}

# What stands around a type without changing what is on the wire.
_AROUND = """
    Box Arc Rc Cow Mutex RwLock Cell RefCell OnceCell OnceLock LazyLock Pin Reverse Wrapping
    Saturating ManuallyDrop Secret SecretBox Redacted OrderedFloat NotNan NonZero
    Json JsonB Form Query Data Extension State ValidatedJson Valid
"""
AROUND = frozenset(_AROUND.split())
_LISTS = "Vec VecDeque LinkedList SmallVec ArrayVec BoundedVec ThinVec BinaryHeap"
_SETS = "HashSet BTreeSet IndexSet DashSet FxHashSet AHashSet"
_MAPS = "HashMap BTreeMap IndexMap DashMap FxHashMap AHashMap LinkedHashMap Map MultiMap"
LISTS, SETS, MAPS = (frozenset(names.split()) for names in (_LISTS, _SETS, _MAPS))

# Ways of reading that tell a missing field from null, and change nothing else.
AS_IS = frozenset({"double_option", "deserialize_some", "some", "unwrap_or_skip"})

# `#[serde(with = "…")]`: what well-known modules write instead. Looked up by how the path ends.
WITH: tuple[tuple[str, Wire], ...] = (
    ("ts_seconds", Wire("int", name="seconds")),
    ("ts_milliseconds", Wire("int", name="milliseconds")),
    ("ts_microseconds", Wire("int", name="microseconds")),
    ("ts_nanoseconds", Wire("int", name="nanoseconds")),
    ("timestamp", Wire("int", name="seconds")),
    ("timestamp::milliseconds", Wire("int", name="milliseconds")),
    ("rfc3339", DATETIME),
    ("iso8601", DATETIME),
    ("rust_decimal::serde::str", DECIMAL),
    ("rust_decimal::serde::arbitrary_precision", DECIMAL),
    ("rust_decimal::serde::float", FLOAT),
    ("uuid::serde::simple", UUID),
    ("uuid::serde::compact", BYTES),
    ("serde_bytes", BYTES),
    ("TimestampSeconds", Wire("int", name="seconds")),
    ("TimestampMilliSeconds", Wire("int", name="milliseconds")),
    ("DurationSeconds", Wire("int", name="seconds")),
    ("DurationMilliSeconds", Wire("int", name="milliseconds")),
    ("serde_with::hex::Hex", text("hex")),
    ("Base64", text("base64")),
    ("humantime_serde", STR),
    ("DisplayFromStr", STR),
    ("string", STR),
    ("http_serde::uri", text("url")),
)
