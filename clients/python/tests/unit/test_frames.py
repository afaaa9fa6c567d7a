"""Data frames of pandas and polars."""

from __future__ import annotations

import datetime as dt
from typing import Any, Callable, Dict, List

import numpy
import pandas
import polars
import pytest
from conftest import MakeClient
from peer import LONG, Peer, hang

import moola

MakeFrame = Callable[[Dict[str, List[Any]]], Any]


def pandas_frame(data: Dict[str, List[Any]]) -> Any:
    return pandas.DataFrame(data)


def polars_frame(data: Dict[str, List[Any]]) -> Any:
    return polars.DataFrame(data, strict=False)


both = pytest.mark.parametrize("frame_of", [pandas_frame, polars_frame], ids=["pandas", "polars"])
at = dt.datetime(2026, 1, 31, 12, tzinfo=dt.timezone.utc)
COLUMNS = {"input": "user", "class": "answer", "truth": "churned", "latency_ms": "ms", "time": "at", "score": "p"}


def data(**over: List[Any]) -> Dict[str, List[Any]]:
    return {
        "user": [1, 2, 3],
        "answer": [1, 0, 1],
        "churned": [1, None, 0],
        "ms": [10.5, None, 12.0],
        "p": [0.9, 0.2, float("nan")],
        "at": [at, at + dt.timedelta(milliseconds=5), at],
        "country": ["de", None, "fr"],
        "age": [30.0, 40.0, None],
        **over,
    }


@both
def test_predictions_and_outcomes_of_one_frame(make_client: MakeClient, frame_of: MakeFrame) -> None:
    with Peer() as peer:
        client = make_client(peer.url)
        frame = frame_of(data())
        count = client.log_dataframe(
            frame, "churn", version="v7", columns=COLUMNS, segments=["country"], features=["age"], known_at=at
        )
        assert client.flush(LONG)
        assert count == 5
        predictions = [event["prediction"] for event in peer.events if "prediction" in event]
        outcomes = [event["outcome"] for event in peer.events if "outcome" in event]
        noon = "2026-01-31T12:00:00.000Z"
        base = {"model": "churn", "version": "v7"}
        assert predictions == [
            {**base, "input": "1", "time": noon, "class": "1", "score": 0.9, "latencyMs": 10.5,
             "segments": {"country": "de"}, "features": {"age": 30.0}},
            {**base, "input": "2", "time": "2026-01-31T12:00:00.005Z", "class": "0", "score": 0.2, "features": {"age": 40.0}},
            {**base, "input": "3", "time": noon, "class": "1", "latencyMs": 12.0, "segments": {"country": "fr"}},
        ]  # fmt: skip
        assert outcomes == [
            {"model": "churn", "input": "1", "knownAt": noon, "truth": "1"},
            {"model": "churn", "input": "3", "knownAt": noon, "truth": "0"},
        ]
        assert len({event["id"] for event in peer.events}) == 5


@both
def test_columns_that_are_named_as_the_fields(make_client: MakeClient, frame_of: MakeFrame) -> None:
    with Peer() as peer:
        client = make_client(peer.url)
        frame = frame_of({"input": ["a"], "value": [3.5], "true_value": [4.0], "version": ["v1"], "unrelated": ["x"]})
        assert client.log_dataframe(frame, "price", version="v9") == 2
        assert client.flush(LONG)
        prediction, outcome = peer.events[0]["prediction"], peer.events[1]["outcome"]
        assert (prediction["version"], prediction["value"], outcome["value"]) == ("v9", 3.5, 4.0)


@both
def test_all_wrong_cells_are_named_and_nothing_is_logged(make_client: MakeClient, frame_of: MakeFrame) -> None:
    with Peer() as peer:
        client = make_client(peer.url)
        frame = frame_of(
            {
                "user": ["a", None, "c", "d"],
                "answer": [0.5, 1.0, 1.0, 1.0],
                "ms": ["1", "1", "1", "1"],
                "country": ["de", "de", "de", "de"],
            }
        )
        with pytest.raises(moola.DataFrameError) as error:
            client.log_dataframe(frame, "churn", version="v7", columns={"input": "user", "class": "answer", "latency_ms": "ms"})
        assert error.value.problems[0].startswith("row 0, column 'answer': is a number with a fraction: a class is")
        assert error.value.problems[1] == "row 1, column 'user': is missing"
        assert error.value.problems[2] == "row 2, column 'ms': is text: a number is expected"
        assert error.value.count == 4
        with pytest.raises(moola.DataFrameError, match="row 0, column 'country': is text: a number is expected"):
            client.log_dataframe(
                frame.head(1), "churn", version="v7", columns={"input": "user", "error": "ms"}, features=["country"]
            )
        assert client.flush(LONG) and peer.requests == []


@both
def test_the_first_ten_problems_are_listed_and_the_rest_counted(make_client: MakeClient, frame_of: MakeFrame) -> None:
    client = make_client("http://localhost:1")
    frame = frame_of({"input": [str(n) for n in range(5_000)], "class": [0.5] * 5_000})
    with pytest.raises(moola.DataFrameError, match="… and 4990 more") as error:
        client.log_dataframe(frame, "churn", version="v7")
    assert (len(error.value.problems), error.value.count) == (10, 5_000)


@both
def test_wrong_rows_can_be_left_out(make_client: MakeClient, frame_of: MakeFrame) -> None:
    refusals: List[moola.Refusal] = []
    with Peer() as peer:
        client = make_client(peer.url, on_refused=refusals.append)
        frame = frame_of({"input": ["a", None, "c"], "class": [1.0, 1.0, 0.5]})
        assert client.log_dataframe(frame, "churn", version="v7", errors="skip") == 1
        assert client.flush(LONG)
        assert [event["prediction"]["input"] for event in peer.events] == ["a"]
        assert [each.event for each in refusals] == [{"row": 1}, {"row": 2}]
        assert refusals[0].detail == "row 1, column 'input': is missing"


@both
def test_a_frame_larger_than_the_buffer_waits_for_room(make_client: MakeClient, frame_of: MakeFrame) -> None:
    rows = 5_000
    with Peer() as peer:
        client = make_client(peer.url, capacity=300, batch_size=100)
        frame = frame_of({"input": list(range(rows)), "class": [1] * rows})
        assert client.log_dataframe(frame, "churn", version="v7") == rows
        assert client.flush(LONG)
        assert [event["prediction"]["input"] for event in peer.events] == [str(n) for n in range(rows)]
        assert client.stats == moola.Stats(accepted=rows, refused=0, dropped=0, buffered=0)


def test_waiting_for_room_is_bounded(make_client: MakeClient) -> None:
    with Peer(hang) as peer:
        client = make_client(peer.url, capacity=100, batch_size=100, timeout=LONG)
        frame = pandas.DataFrame({"input": range(1_000), "class": 1})
        assert client.log_dataframe(frame, "churn", version="v7", timeout=0.1) == 1_000
        assert client.stats.dropped >= 800
        peer.released.set()


def test_a_row_is_named_by_its_index_too(make_client: MakeClient) -> None:
    frame = pandas.DataFrame({"input": ["a", "b"], "class": [1, 0.5]}, index=["first", "second"])
    with pytest.raises(moola.DataFrameError, match=r"row 1 \(index 'second'\), column 'class'"):
        make_client("http://localhost:1").log_dataframe(frame, "churn", version="v7")
    with pytest.raises(moola.DataFrameError, match="row 0, column 'class'"):
        make_client("http://localhost:1").log_dataframe(frame[1:].reset_index(), "churn", version="v7")


def test_kinds_of_columns_that_pandas_has(make_client: MakeClient) -> None:
    frame = pandas.DataFrame(
        {
            "input": pandas.array([1, 2], dtype="Int64"),
            "class": pandas.Categorical(["cat", None]),
            "score": pandas.array([0.5, None], dtype="Float64"),
            "time": pandas.DatetimeIndex([at, at]),
            "truth": numpy.array([True, False]),
            "known_at": pandas.DatetimeIndex([at, at]).tz_convert("Europe/Berlin"),
        }
    )
    with Peer() as peer:
        client = make_client(peer.url)
        assert client.log_dataframe(frame, "pets", version="v1") == 4
        assert client.flush(LONG)
        predictions = [event["prediction"] for event in peer.events if "prediction" in event]
        assert [each.get("class") for each in predictions] == ["cat", None]
        assert [each.get("score") for each in predictions] == [0.5, None]
        assert peer.events[1]["outcome"] == {
            "model": "pets", "input": "1", "knownAt": "2026-01-31T12:00:00.000Z", "truth": "1"
        }  # fmt: skip


@both
def test_times_without_a_zone_need_to_be_explained(make_client: MakeClient, frame_of: MakeFrame) -> None:
    frame = frame_of({"input": ["a"], "class": [1], "time": [dt.datetime(2026, 1, 31, 13)]})
    with Peer() as peer:
        with pytest.raises(moola.DataFrameError, match="row 0, column 'time': has no time zone"):
            make_client(peer.url).log_dataframe(frame, "churn", version="v7")
        client = make_client(peer.url, naive_times="Europe/Berlin")
        assert client.log_dataframe(frame, "churn", version="v7") == 1
        assert client.flush(LONG)
        assert peer.events[0]["prediction"]["time"] == "2026-01-31T12:00:00.000Z"


@both
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"columns": {"input": "usr", "class": "answer"}}, r"the frame has no column 'usr' \(did you mean 'user'\?\); it has user"),
        ({"columns": {"input": "user", "clas": "answer"}}, r"'clas' is no field \(did you mean 'class'\?\)"),
        ({"columns": {"input": "user"}}, "the frame has neither answers nor truths"),
        ({"columns": {"class": "answer"}}, "there is no column for the input"),
        ({"columns": {"input": "user", "class": "answer"}, "version": None}, "predictions need a version"),
        ({"columns": {"input": "user", "class": "answer", "version": "country"}}, "version is given twice"),
        ({"columns": {"input": "user", "class": "answer"}, "segments": ["land"]}, "the frame has no column 'land'"),
        ({"columns": {"input": "user", "class": "answer"}, "segments": "country"}, "segments and features are lists"),
        ({"columns": {"input": "user", "class": "answer"}, "errors": "ignore"}, "errors is 'ignore'"),
    ],
)
def test_unclear_columns(make_client: MakeClient, frame_of: MakeFrame, settings: Dict[str, Any], said: str) -> None:
    client = make_client("http://localhost:1")
    with pytest.raises(ValueError, match=said):
        client.log_dataframe(frame_of(data()), "churn", **{"version": "v7", **settings})


def test_what_is_no_frame(make_client: MakeClient) -> None:
    client = make_client("http://localhost:1")
    with pytest.raises(TypeError, match="a list is no data frame of pandas or polars"):
        client.log_dataframe([1], "churn", version="v7")
    with pytest.raises(TypeError, match="the frame is lazy: give frame.collect()"):
        client.log_dataframe(polars.LazyFrame({"input": ["a"]}), "churn", version="v7")
    twice = pandas.DataFrame([["a", 1, 2]], columns=["input", "class", "class"])
    with pytest.raises(ValueError, match="the column 'class' is there 2 times"):
        client.log_dataframe(twice, "churn", version="v7")


@both
def test_an_empty_frame(make_client: MakeClient, frame_of: MakeFrame) -> None:
    frame = frame_of({"input": [], "class": []})
    assert make_client("http://localhost:1").log_dataframe(frame, "churn", version="v7") == 0
