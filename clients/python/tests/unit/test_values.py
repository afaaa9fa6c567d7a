"""One answer for each kind of value."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any, Dict, Optional
from zoneinfo import ZoneInfo

import numpy
import pandas
import pytest

from moola import _events
from moola._values import ValueProblem

NOW = 1769860800.1239


class Answer(Enum):
    YES = "yes"


class Code(IntEnum):
    FRAUD = 1


def body(context: Optional[_events.Context] = None, **given: Any) -> Dict[str, Any]:
    names = ("version", "input", "class_", "value", "score", "latency_ms", "cost_usd", "time", "role", "error", "build",
             "experiment_arm", "unit", "segments", "features", "probabilities")  # fmt: skip
    values = {"version": "v7", "input": "i", **given}
    context = context or _events.Context("test", None)
    event = _events.prediction(context, "id", NOW, "churn", *(values.get(name) for name in names))
    prediction: Dict[str, Any] = event["prediction"]
    return prediction


def test_probabilities_of_classes() -> None:
    sent = body(probabilities={0: 0.25, "b": numpy.float32(0.75)})
    assert sent["probabilities"] == {"0": 0.25, "b": 0.75}
    assert "probabilities" not in body(probabilities={})


def test_unit_and_arm() -> None:
    sent = body(unit=42, experiment_arm="treatment")
    assert (sent["unit"], sent["experimentArm"]) == ("42", "treatment")
    assert "unit" not in body(unit=None)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("fraud", "fraud"),
        (1, "1"),
        (True, "1"),
        (False, "0"),
        (1.0, "1"),
        (-3, "-3"),
        (Answer.YES, "yes"),
        (Code.FRAUD, "1"),
        (Decimal("2"), "2"),
        (numpy.int64(4), "4"),
        (numpy.uint8(4), "4"),
        (numpy.bool_(True), "1"),
        (numpy.float64(1.0), "1"),
        (numpy.float32(1.0), "1"),
        (numpy.str_("cat"), "cat"),
        (numpy.array(7), "7"),
        (pandas.Series(["a"], dtype="category")[0], "a"),
        (uuid.UUID(int=5), "00000000-0000-0000-0000-000000000005"),
        (None, None),
        ("", None),
        (float("nan"), None),
        (numpy.nan, None),
        (numpy.float32("nan"), None),
        (pandas.NA, None),
        (pandas.NaT, None),
    ],
)
def test_classes(given: Any, sent: Optional[str]) -> None:
    assert body(class_=given).get("class") == sent
    assert type(body(class_=given).get("class")) in (str, type(None))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (0.93, "is a number with a fraction: a class is text or a whole number (a regression's answer goes into value, a"),
        (numpy.float32(0.1), "is a number with a fraction"),
        (float("inf"), "is no finite number"),
        (2.0**60, "a class is text"),
        (b"1", "is bytes"),
        ([1], "is a list"),
        (numpy.array([1]), "is an array of shape (1,)"),
        (object(), "is a object"),
    ],
)
def test_what_is_no_class(given: Any, said: str) -> None:
    with pytest.raises(ValueProblem) as problem:
        body(class_=given)
    assert problem.value.field == "prediction.class"
    assert said in problem.value.detail


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (0.5, 0.5),
        (1, 1),
        (True, 1),
        (Decimal("0.5"), 0.5),
        (numpy.float32(0.5), 0.5),
        (numpy.float64(0.5), 0.5),
        (numpy.longdouble(0.5), 0.5),
        (numpy.int64(3), 3),
        (numpy.array(0.25), 0.25),
        (None, None),
        (float("nan"), None),
        (numpy.float32("nan"), None),
        (Decimal("nan"), None),
        (pandas.NA, None),
    ],
)
def test_numbers(given: Any, sent: Optional[float]) -> None:
    assert body(score=given).get("score") == sent
    assert type(body(score=given).get("score")) in (int, float, type(None))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (float("inf"), "is infinite: leave it out"),
        (numpy.float64("-inf"), "is infinite"),
        ("0.5", "is text: a number is expected"),
        (numpy.array([0.5, 0.5]), "is an array of shape (2,)"),
        (1j, "is a complex"),
        (dt.timedelta(seconds=1), "is a datetime.timedelta"),
    ],
)
def test_what_is_no_number(given: Any, said: str) -> None:
    with pytest.raises(ValueProblem) as problem:
        body(latency_ms=given)
    assert (problem.value.field, said in problem.value.detail) == ("prediction.latencyMs", True)


noon = "2026-01-31T12:00:00.000Z"


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (None, "2026-01-31T12:00:00.123Z"),
        (dt.datetime(2026, 1, 31, 12, tzinfo=dt.timezone.utc), noon),
        (dt.datetime(2026, 1, 31, 13, tzinfo=ZoneInfo("Europe/Berlin")), noon),
        (dt.datetime(2026, 1, 31, 12, 0, 0, 123999, tzinfo=dt.timezone.utc), "2026-01-31T12:00:00.123Z"),
        (pandas.Timestamp("2026-01-31T13:00+01:00"), noon),
        (pandas.Timestamp(1769860800123456789, tz="UTC"), "2026-01-31T12:00:00.123Z"),
        (1769860800, noon),
        (1769860800.5, "2026-01-31T12:00:00.500Z"),
        (numpy.float64(1769860800), noon),
        (-1.5, "1969-12-31T23:59:58.500Z"),
        ("2026-01-31T12:00:00+01:00", "2026-01-31T12:00:00+01:00"),
    ],
)
def test_times(given: Any, sent: str) -> None:
    assert body(time=given)["time"] == sent


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (dt.datetime(2026, 1, 31, 13), noon),
        (pandas.Timestamp("2026-01-31T13:00"), noon),
        (numpy.datetime64("2026-01-31T13:00:00.000000001"), noon),
    ],
)
def test_times_without_a_zone(given: Any, sent: str) -> None:
    with pytest.raises(ValueProblem, match="has no time zone: use datetime.now"):
        body(time=given)
    berlin = _events.Context("test", ZoneInfo("Europe/Berlin"))
    assert body(berlin, time=given)["time"] == sent


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (1769860800000, "are these milliseconds"),
        (float("inf"), "is too large"),
        (float("nan"), "is missing"),
        (pandas.NaT, "is missing"),
        (numpy.datetime64("NaT"), "is missing"),
        ("", "is missing"),
        (dt.date(2026, 1, 31), "is a date without a time"),
        (True, "is true or false"),
        (dt.datetime.max.replace(tzinfo=dt.timezone(dt.timedelta(hours=-1))), "out of the range"),
    ],
)
def test_what_is_no_time(given: Any, said: str) -> None:
    with pytest.raises(ValueProblem, match=said):
        body(time=given)


@pytest.mark.parametrize("given", [None, float("nan"), pandas.NA, ""])
def test_an_input_must_be_there(given: Any) -> None:
    with pytest.raises(ValueProblem, match='prediction.input is missing: give text such as "order-1"'):
        body(input=given)


def test_segments_and_features() -> None:
    sent = body(
        segments={"country": "de", "new": True, "age": numpy.int64(4), "gone": None, 5: "x"},
        features={"age": numpy.float32(0.5), "gap": float("nan"), "flag": numpy.bool_(True)},
    )
    assert sent["segments"] == {"country": "de", "new": "true", "age": "4", "5": "x"}
    assert sent["features"] == {"age": 0.5, "flag": 1}
    with pytest.raises(ValueProblem, match=r"prediction.features.age is text: a number"):
        body(features={"age": "old"})
    with pytest.raises(ValueProblem, match=r"prediction.segments is a list: a dict"):
        body(segments=["de"])


def test_errors() -> None:
    assert body(error=ValueError("too short"))["error"] == "ValueError: too short"
    assert body(error=KeyError())["error"] == "KeyError"
    assert body(error="timeout")["error"] == "timeout"


def test_values_are_never_in_what_is_said() -> None:
    for secret in ("user-4711", 4711.5):
        with pytest.raises(ValueProblem) as problem:
            body(latency_ms="user-4711", class_=secret)
        assert "4711" not in str(problem.value)
