"""What a response means."""

from __future__ import annotations

import json
from email.utils import formatdate
from typing import Any, Dict, Optional

import pytest

from moola._http import Response
from moola._judge import Answered, NotCompressed, Refused, Retry, TooLarge, Unreadable, judge, takes_gzip

NOW = 1769860800.0


def answer(status: int, body: Any = None, headers: Optional[Dict[str, str]] = None, compressed: bool = False) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return judge(Response(status, headers or {}, content), compressed, NOW)


def test_refused_events_are_named() -> None:
    refused = {"index": 1, "accepted": False, "reason": "invalid-field", "field": "prediction.time", "detail": "is old"}
    noted = {"index": 0, "accepted": True, "note": "late"}
    for status in (200, 207, 400):
        assert answer(status, {"events": [noted, refused]}) == Answered(
            (Refused(1, "invalid-field", "prediction.time", "is old"),)
        )
    assert answer(200, {"accepted": 3, "events": []}) == Answered(())


@pytest.mark.parametrize("strange", [None, 7, {"index": "1", "accepted": False}, {"accepted": False}])
def test_what_names_no_event_is_passed_over(strange: Any) -> None:
    assert answer(207, {"events": [strange]}) == Answered(())


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 507])
def test_passing_trouble(status: int) -> None:
    assert answer(status, {"message": "no room"}) == Retry(f"the server answered {status}: no room")


@pytest.mark.parametrize("status", [401, 403, 404, 405, 415])
def test_trouble_that_lasts(status: int) -> None:
    verdict = answer(status, {"message": "why"})
    assert isinstance(verdict, Retry) and verdict.settings


@pytest.mark.parametrize("body", [b"<html>Welcome</html>", b"", b"[]", b"7", b'{"ok": true}'])
def test_somebody_else_answers(body: bytes) -> None:
    assert answer(200, body) == Retry(
        "the server answered 200: this is not Moola's address, or a proxy answers in its place", settings=True
    )


def test_a_server_that_sends_elsewhere_is_not_followed() -> None:
    verdict = answer(302, b"", {"location": "https://elsewhere.example"})
    assert isinstance(verdict, Retry) and verdict.settings and "which is not followed" in verdict.detail


def test_sizes_and_encodings() -> None:
    assert answer(413, {"message": "too large"}) == TooLarge("the server answered 413: too large")
    assert answer(415, {}, compressed=True) == NotCompressed()
    assert answer(400, {"message": "the body is no JSON"}) == Unreadable("the server answered 400: the body is no JSON")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("5", 5.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("999999", 300.0),
        (formatdate(NOW + 7, usegmt=True), 7.0),
        (formatdate(NOW - 7, usegmt=True), 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("1e999", 300.0),
    ],
)
def test_retry_after(header: str, seconds: Optional[float]) -> None:
    assert answer(503, {}, {"retry-after": header}).after == seconds


@pytest.mark.parametrize(
    ("header", "takes"), [("gzip", True), ("br, GZIP", True), ("identity", False), ("", False), ("gzippy", False)]
)
def test_compression(header: str, takes: bool) -> None:
    assert takes_gzip({"accept-encoding": header}) is takes
