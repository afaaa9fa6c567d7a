"""What a value of Python becomes in an event: one answer for each kind, numpy's and pandas' scalars among them.

Missing are ``None``, NaN, ``pandas.NA`` and ``NaT``: an optional field is then left out, a required one is refused. Texts of
problems name the field and the kind of value, never the value, which may point at a person.
"""

from __future__ import annotations

import numbers
import uuid
from datetime import date, datetime, timezone, tzinfo
from decimal import Decimal
from enum import Enum
from typing import Any, Optional, Protocol, Tuple, Union


class SupportsItem(Protocol):
    """A number in an array's clothes: a scalar of numpy, a tensor without dimensions."""

    @property
    def shape(self) -> Tuple[int, ...]: ...

    def item(self) -> Any: ...


#: A class, a version, an input: text, or a whole number, which is taken for its text.
Label = Union[str, int, float, bool, uuid.UUID, Enum, SupportsItem]

#: A number; NaN means that there is none.
Number = Union[int, float, Decimal, SupportsItem]

#: A datetime (pandas' among them), seconds since the epoch, numpy's datetime64, or text as the server takes it.
Instant = Union[datetime, int, float, str, SupportsItem]


class ValueProblem(Exception):
    """A value cannot be sent: of which field, and what would be right."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field} {detail}")
        self.field = field
        self.detail = detail


_exact = (str, int, float, bool)


def plain(value: Any) -> Any:
    """Python's own value of a numpy scalar, or of a tensor without dimensions; anything else as it is."""
    if value is None or type(value) in _exact:
        return value
    item = getattr(value, "item", None)
    if item is None or getattr(value, "shape", None) != ():
        return value
    try:
        return item()
    except Exception:  # a class of somebody's own
        return value


def is_missing(value: Any) -> bool:
    """Whether it is ``None``, NaN, ``NaT`` or ``pandas.NA``."""
    if value is None:
        return True
    if isinstance(value, (str, int)):
        return False
    if type(value).__name__ == "NAType":
        return True
    try:
        return bool(value != value)
    except Exception:  # an array has no truth
        return False


def kind(value: Any) -> str:
    """What it is, in words; never the value."""
    if isinstance(value, str):
        return "text" if value else "empty text"
    if isinstance(value, bytes):
        return "bytes"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int):
        return "a whole number"
    if isinstance(value, float):
        return "a number with a fraction" if value == value and value not in (_inf, -_inf) else "no finite number"
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple) and shape:
        return f"an array of shape {tuple(shape)}"
    return f"a {type(value).__module__}.{type(value).__qualname__}".replace("builtins.", "")


_inf = float("inf")
_most_exact = 2**53


def text(field: str, value: Any, hint: str = "text or a whole number is expected") -> Optional[str]:
    """Text as it is; a whole number by its digits, with or without ``.0``; true and false as ``1`` and ``0``.

    Returns ``None`` for what is missing.
    """
    if value is None:
        return None
    if type(value) is str:
        return value or None
    value = plain(value)
    if isinstance(value, Enum):
        return text(field, value.value, hint)
    if isinstance(value, str):
        return str(value) or None
    if isinstance(value, int):  # bool among them
        return str(int(value))
    if is_missing(value):
        return None
    if isinstance(value, uuid.UUID):
        return str(value)
    whole = _whole(value)
    if whole is not None:
        return str(whole)
    raise ValueProblem(field, f"is {kind(value)}: {hint}")


def required_text(field: str, value: Any, example: str) -> str:
    """Like :func:`text`, for what must be there."""
    found = text(field, value)
    if found is None:
        raise ValueProblem(field, f'is missing: give text such as "{example}"')
    return found


def number(field: str, value: Any) -> Union[int, float, None]:
    """A finite number; ``None`` for what is missing, NaN included. True and false are 1 and 0."""
    if value is None:
        return None
    if type(value) is not float:
        value = plain(value)
    if type(value) is float:
        if value - value == 0.0:
            return value
        if value != value:
            return None
        raise ValueProblem(field, "is infinite: leave it out, or send a finite number")
    if isinstance(value, int):
        return int(value)
    if is_missing(value):
        return None
    if isinstance(value, (numbers.Real, Decimal)):
        return number(field, float(value))
    raise ValueProblem(field, f"is {kind(value)}: a number is expected")


def whole_number(field: str, value: Any) -> Optional[int]:
    """A whole number, not negative; ``None`` for what is missing."""
    found = number(field, value)
    if found is None:
        return None
    if found != int(found) or found < 0:
        raise ValueProblem(field, "is negative or has a fraction: a whole number from 0 on is expected")
    return int(found)


def _whole(value: Any) -> Optional[int]:
    """pandas makes 1.0 out of 1 in a column with gaps."""
    if not isinstance(value, (float, Decimal, numbers.Real)):
        return None
    as_float = float(value)
    is_whole = as_float - as_float == 0.0 and as_float.is_integer() and abs(as_float) <= _most_exact
    return int(as_float) if is_whole else None


#: Larger ones were milliseconds, in the year 5138 at the least.
_most_seconds = 1e11


def instant(field: str, value: Any, naive: Optional[tzinfo]) -> str:
    """The time as RFC 3339 in UTC, to the millisecond.

    :param naive: whose clock a time without a zone means; ``None``: such times are refused.
    """
    if isinstance(value, str) and value:
        return value
    if type(value).__name__ == "datetime64" and type(value).__module__ == "numpy":
        value = value.astype("datetime64[us]").item()
    if not isinstance(value, datetime):
        value = plain(value)
    if is_missing(value) or value == "":
        raise ValueProblem(field, "is missing: give a datetime with a time zone, or leave it out for now")
    if isinstance(value, datetime):
        return _of_datetime(field, value, naive)
    if isinstance(value, date):
        raise ValueProblem(field, "is a date without a time: give a datetime with a time zone")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueProblem(field, f"is {kind(value)}: a datetime with a time zone is expected")
    if not abs(value) <= _most_seconds:
        raise ValueProblem(field, "is too large for seconds since the epoch: are these milliseconds? Divide them by 1000")
    return epoch_text(float(value))


def _of_datetime(field: str, value: datetime, naive: Optional[tzinfo]) -> str:
    if value.tzinfo is None:
        if naive is None:
            raise ValueProblem(
                field,
                "has no time zone: use datetime.now(timezone.utc), or say whose clocks are meant by Client(naive_times=…)",
            )
        value = value.replace(tzinfo=naive)
    try:
        utc = value.astimezone(timezone.utc)
    except (OverflowError, ValueError):
        raise ValueProblem(field, "is out of the range of times") from None
    return (
        f"{utc.year:04}-{utc.month:02}-{utc.day:02}T{utc.hour:02}:{utc.minute:02}:{utc.second:02}"
        f".{utc.microsecond // 1000:03}Z"
    )


_last_second: Tuple[int, str] = (0, "1970-01-01T00:00:00")


def epoch_text(seconds: float) -> str:
    """Seconds since the epoch as RFC 3339, to the millisecond."""
    global _last_second
    millis = int(seconds * 1000 // 1)
    second, rest = divmod(millis, 1000)
    known, begin = _last_second
    if known != second:
        try:
            begin = datetime.fromtimestamp(second, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
        except (OverflowError, OSError, ValueError):
            raise ValueProblem("time", "is out of the range of times") from None
        _last_second = (second, begin)
    return f"{begin}.{rest:03}Z"
