"""Where events go: from arguments, else from the environment. What is wrong is said when the client is made."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timezone, tzinfo
from typing import Optional, Union
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DEFAULT_URL = "http://localhost:8080"


@dataclass(frozen=True)
class Address:
    """A server, taken apart."""

    secure: bool
    host: str
    port: Optional[int]
    #: What stands before ``/v1/events``, without a slash at its end.
    prefix: str
    url: str


def address(given: Optional[str]) -> Address:
    """The address given, or MOOLA_URL, or that of a server on this machine."""
    name, url = ("url", given) if given is not None else ("MOOLA_URL", os.environ.get("MOOLA_URL") or DEFAULT_URL)
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as problem:
        raise ValueError(f"{name} is no address: {problem}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f'{name} is {url!r}: expected an address such as "https://moola.example.com"')
    if parts.query or parts.fragment or parts.username is not None:
        raise ValueError(f"{name} holds more than an address: leave out user, query and fragment; the token is an argument")
    prefix = parts.path.rstrip("/")
    return Address(parts.scheme == "https", parts.hostname, port, prefix, f"{parts.scheme}://{parts.netloc}{prefix}")


def token(given: Optional[str]) -> Optional[str]:
    """The token given, or MOOLA_TOKEN, or none."""
    name, found = ("token", given) if given is not None else ("MOOLA_TOKEN", os.environ.get("MOOLA_TOKEN"))
    found = (found or "").strip()
    if not (found.isascii() and found.isprintable()):
        raise ValueError(f"{name} holds characters that no token has")
    return found or None


def environment(given: Optional[str]) -> Optional[str]:
    """The environment given, or MOOLA_ENVIRONMENT, or ``None``: the one that the server takes events for."""
    return given if given is not None else os.environ.get("MOOLA_ENVIRONMENT") or None


def source(given: Optional[str]) -> str:
    """Who sends: the name given, or MOOLA_SOURCE, or ``python``."""
    return given if given is not None else os.environ.get("MOOLA_SOURCE") or "python"


def zone(given: Union[tzinfo, str, None]) -> Optional[tzinfo]:
    """Whose clock times without a zone mean."""
    if given is None or isinstance(given, tzinfo):
        return given
    if given.upper() in ("UTC", "Z"):
        return timezone.utc
    try:
        return ZoneInfo(given)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f'naive_times is {given!r}: expected a zone such as "UTC" or "Europe/Berlin"') from None


def positive(name: str, value: float) -> float:
    """A number above 0."""
    if isinstance(value, (int, float)) and value > 0:
        return value
    raise ValueError(f"{name} is {value!r}: expected a number above 0")
