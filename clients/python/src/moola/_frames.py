"""Data frames of pandas and polars: neither is imported, a frame is known by what it can do."""

from __future__ import annotations

import difflib
import time
from typing import Any, Dict, Hashable, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

from . import _events
from ._events import Context
from ._report import Refusal
from ._sender import Sender
from ._values import ValueProblem, is_missing

#: A pandas or a polars DataFrame.
Frame = Any

#: Fields, and the columns that hold them.
FrameColumns = Mapping[str, Hashable]

#: Rows that are made into Python's values at a time.
CHUNK = 2_000
#: Problems that an error lists.
MOST_PROBLEMS = 10

_prediction = ("input", "version", "class", "value", "score", "latency_ms", "cost_usd", "error", "time", "role", "build",
               "experiment_arm", "unit")  # fmt: skip
_outcome = ("truth", "true_value", "known_at", "revision")
_fields = (*_prediction, *_outcome)
#: One of these makes a row a prediction; one of those an outcome.
_answers = ("class", "value", "score", "error")
_truths = ("truth", "true_value")
#: A cell that is missing there is a mistake: it would become "now", or what was given for all.
_whole = ("input", "version", "time", "known_at")

#: How events name what the frame's fields are.
_field_names = {"class": "class", "latency_ms": "latencyMs", "cost_usd": "costUsd", "experiment_arm": "experimentArm",
                "true_value": "value", "known_at": "knownAt"}  # fmt: skip


class DataFrameError(ValueError):
    """Cells of a frame cannot be sent; nothing of it was logged.

    :ivar problems: the first of them, each naming row and column.
    """

    def __init__(self, problems: Sequence[str], count: int) -> None:
        more = f"\n… and {count - len(problems)} more" if count > len(problems) else ""
        super().__init__("nothing was logged:\n" + "\n".join(problems) + more)
        self.problems = tuple(problems)
        self.count = count


class _Plan(NamedTuple):
    model: str
    #: Field to column.
    columns: Dict[str, Hashable]
    segments: Tuple[str, ...]
    features: Tuple[str, ...]
    #: Class to column.
    probabilities: Dict[str, Hashable]
    constants: Dict[str, Any]
    predicts: bool
    concludes: bool


class _Row(NamedTuple):
    number: int
    label: Any
    cells: Dict[str, Any]
    segments: Dict[str, Any]
    features: Dict[str, Any]
    probabilities: Dict[str, Any]


def log_frame(
    sender: Sender,
    context: Context,
    frame: Frame,
    model: str,
    columns: Optional[FrameColumns],
    segments: Sequence[str],
    features: Sequence[str],
    probabilities: Mapping[Any, Hashable],
    constants: Mapping[str, Any],
    errors: str,
    timeout: float,
) -> int:
    if errors not in ("raise", "skip"):
        raise ValueError(f'errors is {errors!r}: expected "raise" or "skip"')
    table = _table(frame)
    plan = _plan(table, model, columns, segments, features, probabilities, constants)
    now = time.time()
    if errors == "raise":
        _check(context, plan, table, now)
    until = time.monotonic() + timeout
    count = 0
    for row in _rows(plan, table):
        for make, values in _events_of(plan, row, now):
            try:
                _require(plan, row)
                if errors == "skip":
                    make(context, "", *values)
            except ValueProblem as problem:
                sender.refuse(Refusal("invalid-field", problem.field, _said(plan, row, problem), {"row": row.number}))
                break
            _wait_for_room(sender, until)
            sender.put(make, (sender.next_id(), *values))
            count += 1
    return count


def _check(context: Context, plan: _Plan, table: _Table, now: float) -> None:
    problems: List[str] = []
    count = 0
    for row in _rows(plan, table):
        try:
            _require(plan, row)
            for make, values in _events_of(plan, row, now):
                make(context, "", *values)
        except ValueProblem as problem:
            count += 1
            if len(problems) < MOST_PROBLEMS:
                problems.append(_said(plan, row, problem))
    if count:
        raise DataFrameError(problems, count)


def _wait_for_room(sender: Sender, until: float) -> None:
    while sender.buffered >= sender.capacity > 0 and time.monotonic() < until:
        time.sleep(0.005)


# What the frame has, and what of it is meant.


def _plan(
    table: _Table,
    model: str,
    columns: Optional[FrameColumns],
    segments: Sequence[str],
    features: Sequence[str],
    probabilities: Mapping[Any, Hashable],
    constants: Mapping[str, Any],
) -> _Plan:
    if isinstance(segments, str) or isinstance(features, str):
        raise ValueError('segments and features are lists of columns, such as ["country"]')
    if not isinstance(probabilities, Mapping):
        raise ValueError('probabilities names a column for each class, such as {"cat": "p_cat", "dog": "p_dog"}')
    chosen = _chosen(table, columns)
    given = {field: value for field, value in constants.items() if value is not None}
    twice = sorted(set(chosen) & set(given)) if columns is not None else []
    if twice:
        raise ValueError(f"{twice[0]} is given twice: for all rows, and as the column {chosen[twice[0]]!r}")
    chosen = {field: column for field, column in chosen.items() if field not in given}
    for column in (*chosen.values(), *segments, *features, *probabilities.values()):
        table.require(column)
    predicts = any(field in chosen for field in _answers)
    concludes = any(field in chosen for field in _truths)
    if not predicts and not concludes:
        raise ValueError(
            "the frame has neither answers nor truths: say which columns hold them, such as "
            'columns={"input": "user_id", "class": "answer", "truth": "churned"}'
        )
    if "input" not in chosen:
        raise ValueError('there is no column for the input: say which one holds it, such as columns={"input": "user_id"}')
    if predicts and "version" not in chosen and "version" not in given:
        raise ValueError('predictions need a version: give version="v7", or its column')
    by_class = {str(name): column for name, column in probabilities.items()}
    return _Plan(model, chosen, tuple(segments), tuple(features), by_class, given, predicts, concludes)


def _chosen(table: _Table, columns: Optional[FrameColumns]) -> Dict[str, Hashable]:
    if columns is None:
        return {field: field for field in _fields if field in table.names}
    chosen = {}
    for field, column in columns.items():
        name = "class" if field == "class_" else field
        if name not in _fields:
            raise ValueError(f"columns: {field!r} is no field{_meant(str(field), _fields)}; fields are {', '.join(_fields)}")
        chosen[name] = column
    return chosen


def _meant(name: str, known: Sequence[str]) -> str:
    found = difflib.get_close_matches(name, known, 1)
    return f" (did you mean {found[0]!r}?)" if found else ""


# Rows.


def _rows(plan: _Plan, table: _Table) -> Iterator[_Row]:
    fields = list(plan.columns)
    for begin in range(0, table.height, CHUNK):
        part = table.part(begin, begin + CHUNK)
        cells = [part.column(plan.columns[field]) for field in fields]
        segments = [part.column(name) for name in plan.segments]
        features = [part.column(name) for name in plan.features]
        probabilities = {name: part.column(column) for name, column in plan.probabilities.items()}
        labels = part.labels()
        for at in range(part.height):
            yield _Row(
                begin + at,
                None if labels is None else labels[at],
                {field: column[at] for field, column in zip(fields, cells)},
                {name: column[at] for name, column in zip(plan.segments, segments)},
                {name: column[at] for name, column in zip(plan.features, features)},
                {name: column[at] for name, column in probabilities.items()},
            )


def _require(plan: _Plan, row: _Row) -> None:
    for field in _whole:
        if field in plan.columns and is_missing(row.cells[field]):
            raise ValueProblem(field, "is missing")


def _events_of(plan: _Plan, row: _Row, now: float) -> Iterator[Tuple[Any, Tuple[Any, ...]]]:
    def cell(field: str) -> Any:
        return row.cells.get(field, plan.constants.get(field))

    if plan.predicts:
        yield (
            _events.prediction,
            (
                now, plan.model, cell("version"), cell("input"), cell("class"), cell("value"), cell("score"),
                cell("latency_ms"), cell("cost_usd"), cell("time"), cell("role"), cell("error"), cell("build"),
                cell("experiment_arm"), cell("unit"), row.segments, row.features, row.probabilities,
            ),
        )  # fmt: skip
    if plan.concludes and not (is_missing(cell("truth")) and is_missing(cell("true_value"))):
        yield (
            _events.outcome,
            (now, plan.model, cell("input"), cell("truth"), cell("true_value"), cell("known_at"), cell("revision")),
        )


def _said(plan: _Plan, row: _Row, problem: ValueProblem) -> str:
    """With row and column instead of the event's field."""
    _, _, name = problem.field.rpartition("prediction.")
    name = name.replace("outcome.", "")
    place = f"row {row.number}"
    if row.label is not None:
        place += f" (index {row.label!r})"
    kind, _, column = name.partition(".")
    if kind == "probabilities":
        return f"{place}, column {plan.probabilities[column]!r}: {problem.detail}"
    if kind in ("segments", "features"):
        return f"{place}, column {column!r}: {problem.detail}"
    is_outcome = problem.field.startswith("outcome.")
    for field, held_by in plan.columns.items():
        names = (field, _field_names.get(field, field))
        if name in names and (field != "value" or not is_outcome) and (field != "true_value" or is_outcome):
            return f"{place}, column {held_by!r}: {problem.detail}"
    return f"{place}: {name} {problem.detail}"


# The two kinds of frames.


class _Table:
    """What is asked of a frame."""

    height: int
    names: List[Hashable]

    def require(self, column: Hashable) -> None:
        """
        :raises ValueError: it is not there, or there twice.
        """
        count = self.names.count(column)
        if count == 1:
            return
        if count > 1:
            raise ValueError(f"the column {column!r} is there {count} times: rename all but one")
        texts = [str(name) for name in self.names]
        shown = ", ".join(texts[:20]) + (", …" if len(texts) > 20 else "")
        raise ValueError(f"the frame has no column {column!r}{_meant(str(column), texts)}; it has {shown}")

    def part(self, begin: int, end: int) -> _Table:
        raise NotImplementedError

    def column(self, name: Hashable) -> List[Any]:
        raise NotImplementedError

    def labels(self) -> Optional[List[Any]]:
        raise NotImplementedError


class _Pandas(_Table):
    def __init__(self, frame: Any) -> None:
        self._frame = frame
        self.height = len(frame)
        self.names = list(frame.columns)

    def part(self, begin: int, end: int) -> _Table:
        return _Pandas(self._frame.iloc[begin:end])

    def column(self, name: Hashable) -> List[Any]:
        values: List[Any] = self._frame[name].tolist()
        return values

    def labels(self) -> Optional[List[Any]]:
        """Where the rows are named; a plain number says no more than the row's."""
        index = self._frame.index
        if type(index).__name__ == "RangeIndex" and index.step == 1:
            return None
        labels: List[Any] = index.tolist()
        return labels


class _Polars(_Table):
    def __init__(self, frame: Any) -> None:
        self._frame = frame
        self.height = frame.height
        self.names = list(frame.columns)

    def part(self, begin: int, end: int) -> _Table:
        return _Polars(self._frame.slice(begin, end - begin))

    def column(self, name: Hashable) -> List[Any]:
        values: List[Any] = self._frame.get_column(name).to_list()
        return values

    def labels(self) -> Optional[List[Any]]:
        return None


def _table(frame: Any) -> _Table:
    if hasattr(frame, "iloc") and hasattr(frame, "columns"):
        return _Pandas(frame)
    if hasattr(frame, "get_column") and hasattr(frame, "height"):
        return _Polars(frame)
    if hasattr(frame, "collect") and hasattr(frame, "collect_schema"):
        raise TypeError("the frame is lazy: give frame.collect()")
    raise TypeError(f"a {type(frame).__name__} is no data frame of pandas or polars")
