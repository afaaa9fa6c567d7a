"""What a response of the server means for the events that were sent: a pure function."""

from __future__ import annotations

import json
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, List, Mapping, Optional, Tuple, Union

from ._http import Response

#: Longest wait that a server may ask for, seconds.
MOST_RETRY_AFTER = 300.0


@dataclass(frozen=True)
class Refused:
    """The server's word on one event of those that were sent."""

    index: int
    reason: str
    field: str
    detail: str


@dataclass(frozen=True)
class Answered:
    """Each event was taken or refused; those that are not named were taken."""

    refused: Tuple[Refused, ...]


@dataclass(frozen=True)
class Retry:
    """Nothing is promised: send the same events again.

    :ivar after: seconds that the server asks to wait; ``None``: it did not say.
    :ivar settings: it will go on so until somebody changes a setting here or there: address, token, environment.
    """

    detail: str
    after: Optional[float] = None
    settings: bool = False


@dataclass(frozen=True)
class TooLarge:
    """Send fewer at once."""

    detail: str


@dataclass(frozen=True)
class Unreadable:
    """The body as a whole cannot be read: sending it again changes nothing."""

    detail: str


@dataclass(frozen=True)
class NotCompressed:
    """Send the same again as it is."""


Verdict = Union[Answered, Retry, TooLarge, Unreadable, NotCompressed]


def judge(response: Response, compressed: bool, now: float) -> Verdict:
    """
    :param compressed: whether the body was
    :param now: seconds since the epoch, for a Retry-After that is a date
    """
    status = response.status
    body = _json(response.body)
    if status in (200, 207, 400) and isinstance(body.get("events"), list):
        return Answered(tuple(_refused(body["events"])))
    detail = _detail(status, body)
    if status == 413:
        return TooLarge(detail)
    if status == 415 and compressed:
        return NotCompressed()
    if status in (400, 422):
        return Unreadable(detail)
    passes = status in (408, 425, 429) or status >= 500
    return Retry(detail, _retry_after(response.headers, now), settings=not passes)


def takes_gzip(headers: Mapping[str, str]) -> bool:
    """Whether the server says that it takes compressed bodies (RFC 7694)."""
    offers = headers.get("accept-encoding", "").lower().replace(" ", "").split(",")
    return "gzip" in offers


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _refused(events: List[Any]) -> List[Refused]:
    found = []
    for event in events:
        if not isinstance(event, dict) or event.get("accepted") is not False or not isinstance(event.get("index"), int):
            continue
        reason, field, detail = (str(event.get(name, "")) for name in ("reason", "field", "detail"))
        found.append(Refused(event["index"], reason, field, detail))
    return found


def _detail(status: int, body: Mapping[str, Any]) -> str:
    message = body.get("message")
    said = f": {message}" if isinstance(message, str) and message else ""
    if 300 <= status < 400:
        said = ": it sends elsewhere, which is not followed; give the address where it is"
    elif status in (200, 404, 405) and not said:
        said = ": this is not Moola's address, or a proxy answers in its place"
    return f"the server answered {status}{said}"


def _retry_after(headers: Mapping[str, str], now: float) -> Optional[float]:
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        seconds = float(text) if text[0].isdigit() else parsedate_to_datetime(text).timestamp() - now
    except (ValueError, TypeError, IndexError):
        return None
    return min(max(seconds, 0.0), MOST_RETRY_AFTER)
