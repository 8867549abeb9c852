"""Arrays: columns of values in PostgreSQL's own binary form, one array a column.

The form is that of ``array_send`` and of the types' own ``_send`` functions: dimensions, whether there are nulls, the
type's number, the length and where counting begins, then each value behind its length; a null has the length -1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from struct import Struct
from typing import Any

from msgspec.json import Encoder
from sqlalchemy import JSON, Boolean, Float, Integer, LargeBinary, String
from sqlalchemy.types import TypeEngine

from storage.schema.columns import UtcDateTime

Packer = Callable[[Sequence[Any]], bytes]
"""A column of values -> an array."""

_HEAD = Struct(">iiIii")
_NULL = b"\xff\xff\xff\xff"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DOUBLE = Struct(">d").pack
_json = Encoder().encode


def packer(kind: TypeEngine[Any]) -> tuple[str, Packer]:
    """What a column of this type is called in SQL when it comes as an array, and how one is made. Texts come without
    their longest length: a cast to it would cut them silently, where storing them raises.

    Raises TypeError for a type that no bulk statement had before.
    """
    match kind:
        case UtcDateTime():
            return "TIMESTAMP WITH TIME ZONE[]", instants
        case JSON():
            return "JSONB[]", _jsons
        case String():
            return "TEXT[]", texts
        case LargeBinary():
            return "BYTEA[]", _binaries
        case Integer():
            return "BIGINT[]", integers
        case Float():
            return "DOUBLE PRECISION[]", _floats
        case Boolean():
            return "BOOLEAN[]", _booleans
    raise TypeError(f"no binary form of an array of {kind!r}")


def integers(values: Sequence[int | None]) -> bytes:
    """``bigint[]``."""
    if None in values:
        return _array(20, (None if value is None else value.to_bytes(8, "big", signed=True) for value in values))
    return _of_eight_bytes(20, values)  # type: ignore[arg-type]


def instants(values: Sequence[datetime | None]) -> bytes:
    """``timestamptz[]``. Raises TypeError for a time without a zone: nobody can say which instant it means."""
    if None in values:
        since = (None if value is None else _since(value) for value in values)
        return _array(1184, (None if each is None else each.to_bytes(8, "big", signed=True) for each in since))
    return _of_eight_bytes(1184, list(map(_since, values)))


@lru_cache(maxsize=1024)
def _since(value: datetime) -> int:
    """Microseconds since PostgreSQL's beginning of time. Within a batch most instants come several times."""
    return (value - _EPOCH) // _MICROSECOND


def texts(values: Sequence[str | None]) -> bytes:
    """``text[]``."""
    return _array(25, (None if value is None else value.encode() for value in values))


def _binaries(values: Sequence[bytes | None]) -> bytes:
    return _array(17, values)


def _floats(values: Sequence[float | None]) -> bytes:
    return _array(701, (None if value is None else _DOUBLE(value) for value in values))


def _booleans(values: Sequence[bool | None]) -> bytes:
    return _array(16, (None if value is None else value.to_bytes(1, "big") for value in values))


def _jsons(values: Sequence[Any]) -> bytes:
    return _array(3802, (None if value is None else b"\x01" + _json(value) for value in values))


def _array(oid: int, values: Iterable[bytes | None]) -> bytes:
    parts = [b""]
    nulls = 0
    for value in values:
        if value is None:
            nulls += 1
            parts.append(_NULL)
        else:
            parts.append(len(value).to_bytes(4, "big"))
            parts.append(value)
    parts[0] = _HEAD.pack(1, nulls > 0, oid, (len(parts) - 1 + nulls) // 2, 1)
    return b"".join(parts)


def _of_eight_bytes(oid: int, values: Sequence[int]) -> bytes:
    count = len(values)
    flat = [8] * (2 * count)
    flat[1::2] = values
    return _HEAD.pack(1, 0, oid, count, 1) + _eights(count).pack(*flat)


@lru_cache(maxsize=512)
def _eights(count: int) -> Struct:
    return Struct(">" + "iq" * count)
