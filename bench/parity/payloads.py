"""Payloads for a model: from its JSON schema, and mutations of those."""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false, reportUnknownLambdaType=false

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Json = Any
_WORDS = ("a", "ab", "abc", "word", "two words", "Ünïcode", "x" * 8, "A-1", "0", "true", "  pad ")
# What a pattern is met by, tried in turn: patterns aren't turned into texts here.
MATCHING = ("AB-12", "abc", "a", "ab", "word_1", "2024-01-01", "PT1H", "1.5", "7")
FORMATS: dict[str, tuple[str, ...]] = {
    "date-time": (
        "2024-02-29T12:30:45Z", "2024-01-01T00:00:00", "2023-12-31T23:59:59.123456+02:00",
        "2024-05-06 07:08:09", "1999-01-01T01:01:01.5Z", "2024-01-01T10:00:00-05:30",
        "2024-03-04T05:06:07.089", "2024-01-01T10:00Z",
    ),
    "date": ("2024-02-29", "1970-01-01", "2031-12-31"),
    "time": ("12:30:45", "00:00:00.5", "23:59:59.999999", "01:02", "10:00:00Z", "10:00:00+02:00"),
    "duration": ("P1D", "PT1H30M", "P3DT12H30M5S", "PT0.5S", "-P1D", "P1W", "PT36H"),
    "uuid": (
        "123e4567-e89b-12d3-a456-426614174000", "123E4567E89B12D3A456426614174000",
        "00000000-0000-0000-0000-000000000000",
    ),
    "email": ("a@example.com", "first.last+tag@sub.example.org", "x_y@a-b.io"),
    "uri": ("http://example.com", "https://example.com/a?b=c#d", "http://EXAMPLE.com:80/x"),
    "ipv4": ("127.0.0.1", "10.0.0.255"),
    "password": ("secret", ""),
    "binary": ("bytes", ""),
}  # fmt: skip
WRONG = (
    "not-a-date", "2024-13-01", "2024-02-30T00:00:00Z", "25:00:00", "a@", "@b", "a b@c.de",
    "http://", "ftp://example.com/a", "nothing", "::", "256.1.1.1", "P", "123e4567",
    "2024-01-01T25:00:00",
)  # fmt: skip


class Payloads:
    """Makes payloads for one JSON schema, the same ones for the same seed."""

    def __init__(self, schema: Json, seed: str) -> None:
        """`schema` is what `model_json_schema` gives."""
        self.schema = schema
        self.random = random.Random(seed)  # noqa: S311 (no secret)

    def valid(self) -> Json:
        """A payload that fits the schema, as far as a schema says."""
        return self._of(self.schema, 0)

    def mutated(self) -> Json:
        """A payload with one or two things changed."""
        value = copy.deepcopy(self.valid())
        for _ in range(self.random.choice((1, 1, 1, 2))):
            value = self._changed(value)
        return value

    # From the schema

    def _of(self, schema: Json, depth: int) -> Json:
        pick = self.random
        if "$ref" in schema:
            return self._of(self.schema["$defs"][schema["$ref"].rpartition("/")[2]], depth + 1)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return pick.choice(schema["enum"])
        for word in ("anyOf", "oneOf", "allOf"):
            if word in schema:
                options = schema[word]
                if depth > 4:
                    options = [one for one in options if one.get("type") == "null"] or options
                return self._of(pick.choice(options), depth + 1)
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = pick.choice(kind)
        makers: dict[Any, Callable[[Json, int], Json]] = {
            "string": self._text, "integer": self._whole, "number": self._number,
            "boolean": lambda *_: pick.random() < 0.5, "null": lambda *_: None,
            "array": self._list, "object": self._object,
        }  # fmt: skip
        return makers[kind](schema, depth) if kind in makers else self._anything(depth)

    def _anything(self, depth: int) -> Json:
        pick = self.random
        simple: list[Json] = [None, True, 3, -1.5, "text", "", 12345678901]
        if depth > 2:
            return pick.choice(simple)
        return pick.choice([*simple, [1, "a", None], {"k": [True]}, [], {}])

    def _text(self, schema: Json, _: int) -> str:
        low, high = schema.get("minLength", 0), schema.get("maxLength", 60)
        if "pattern" in schema:
            import re

            fits = [one for one in MATCHING if re.search(schema["pattern"], one)]
            fits = [one for one in fits if low <= len(one) <= high]
            if fits:
                return self.random.choice(fits)
        known = FORMATS.get(schema.get("format", ""))
        if known:
            return self.random.choice(known)
        text = self.random.choice(_WORDS)
        while len(text) < low:
            text += self.random.choice("abcé")
        return text[: max(high, 0)]

    def _whole(self, schema: Json, _: int) -> int:
        low = schema.get("minimum", schema.get("exclusiveMinimum", -5) + 1)
        high = schema.get("maximum", schema.get("exclusiveMaximum", max(low, 0) + 60) - 1)
        step = schema.get("multipleOf", 1)
        value = self.random.randint(int(low), max(int(low), int(high)))
        return value - value % step

    def _number(self, schema: Json, _: int) -> float:
        low = schema.get("minimum", schema.get("exclusiveMinimum", -4.0))
        high = schema.get("maximum", schema.get("exclusiveMaximum", max(low, 0) + 50))
        if (step := schema.get("multipleOf")) is not None:
            return step * self.random.randint(0, 9)
        value = self.random.choice((low, high, (low + high) / 2, self.random.uniform(low, high)))
        if value == schema.get("exclusiveMinimum") or value == schema.get("exclusiveMaximum"):
            value = (low + high) / 2
        return value

    def _list(self, schema: Json, depth: int) -> list[Json]:
        if "prefixItems" in schema:
            return [self._of(one, depth + 1) for one in schema["prefixItems"]]
        low = schema.get("minItems", 0)
        most = schema.get("maxItems", low + (0 if depth > 4 else 3))
        count = self.random.randint(low, max(low, most))
        return [self._of(schema.get("items", {}), depth + 1) for _ in range(count)]

    def _object(self, schema: Json, depth: int) -> dict[str, Json]:
        required = schema.get("required", ())
        found: dict[str, Json] = {}
        for name, inner in schema.get("properties", {}).items():
            if name in required or (depth < 5 and self.random.random() < 0.6):
                found[name] = self._of(inner, depth + 1)
        more = schema.get("additionalProperties")
        if isinstance(more, dict) or (more is True and "properties" not in schema):
            most = min(schema.get("maxProperties", 3), 3)
            for _ in range(self.random.randint(0, most)):
                key = self._key(schema.get("propertyNames"), schema, depth)
                found[key] = self._of(more if isinstance(more, dict) else {}, depth + 1)
        elif more is True and self.random.random() < 0.5:
            found[self.random.choice(("other", "more-1", "été"))] = self._anything(2)
        return found

    def _key(self, names: Json, schema: Json, depth: int) -> str:
        if names:
            return str(self._of(names, depth + 1))
        return self.random.choice(("a", "b", "key one", "1", "2", "é"))

    # Mutations

    def _changed(self, value: Json) -> Json:
        if self.random.random() < 0.04:
            return self.random.choice(([], "text", 1, None, {}, [value], True))
        places = list(_places(value))
        if not places:
            return self._with_more(value)
        holder, key = self.random.choice(places)
        return self._change_at(value, holder, key)

    def _change_at(self, value: Json, holder: Json, key: Json) -> Json:
        pick = self.random
        what = pick.random()
        old = holder[key]
        if what < 0.15:
            del holder[key]
        elif what < 0.3:
            holder[key] = None
        elif what < 0.36:
            return self._with_more(value)
        elif what < 0.6:
            holder[key] = self._near(old)
        elif what < 0.7 and isinstance(holder, dict):
            other = pick.choice((str(key).upper(), f"{key}x", str(key).lower(), f"_{key}"))
            holder[other] = holder.pop(key)
        else:
            holder[key] = self._other(old)
        return value

    def _with_more(self, value: Json) -> Json:
        if isinstance(value, dict):
            name = self.random.choice(("extra", "unknown-1", "id", "é", "zzz"))
            value[f"{name}{self.random.randint(0, 99)}"] = self._anything(1)
        return value

    def _near(self, old: Json) -> Json:
        """A value of the same type that is likely wrong."""
        pick = self.random
        if isinstance(old, bool):
            return not old
        if isinstance(old, int):
            return pick.choice((old + 1, -old, 0, old * 1000, -1, old + 0.5, 10**9))
        if isinstance(old, float):
            return pick.choice((-old, old * 1000, 0.0, old + 0.25, 1e300, int(old)))
        if isinstance(old, str):
            changed = (old + "x" * 60, old[:1], "", old.upper(), f" {old} ", old[1:], old + "\n")
            return pick.choice((*changed, pick.choice(WRONG)))
        if isinstance(old, list):
            return pick.choice((old * 4, old[:1], [], [*old, None], [*old, {"a": 1}], [*old, "z"]))
        if isinstance(old, dict):
            return pick.choice(
                ({}, {**old, "another": 1}, {**old, "1": "x"}, dict(list(old.items())[:1]))
            )
        return pick.choice((0, "", False, [], {}))

    def _other(self, old: Json) -> Json:
        """A value of another type; now and then one that Pydantic coerces."""
        pick = self.random
        if pick.random() < 0.25:  # coercions
            if isinstance(old, bool):
                return pick.choice(("true", "yes", 1, 0, "0"))
            if isinstance(old, int):
                return pick.choice((str(old), float(old), f" {old} "))
            if isinstance(old, float):
                return str(old)
        others: list[Json] = ["text", 5, 2.5, True, [1], {"a": 1}, None, ["a", "b"], {}]
        return pick.choice([one for one in others if type(one) is not type(old)])


def _places(value: Json) -> Iterator[tuple[Json, Json]]:
    """Every place in a value: what holds it, and its key there."""
    if isinstance(value, dict):
        for key in value:
            yield value, key
            yield from _places(value[key])
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield value, index
            yield from _places(item)


def payloads(
    schema: Json,
    seed: str,
    accepts: Callable[[bytes], bool],
    count: int,
    share: float,
    first: Iterable[Json] = (),
) -> list[bytes]:
    """Different payloads as JSON: those that come first, then others until there are `count`. Of
    these at least a share is rejected by `accepts`, and a third at least is taken, as far as the
    model takes and rejects anything at all."""
    maker = Payloads(schema, seed)
    found: dict[bytes, bool] = {}
    for value in first:
        data = json.dumps(value).encode()
        found[data] = accepts(data)
    wanted = {True: round(count * (1 - share) * 0.9), False: count}
    kept = {good: sum(one is good for one in found.values()) for good in (True, False)}
    for turn in range(count * 60):
        if len(found) >= count:
            break
        data = json.dumps(maker.valid() if turn % 3 == 0 else maker.mutated()).encode()
        if data in found:
            continue
        good = accepts(data)
        if good and kept[True] >= wanted[True]:
            continue
        if not good and kept[False] >= count * 0.5 and turn < count * 20:
            continue
        found[data] = good
        kept[good] += 1
    return list(found)
