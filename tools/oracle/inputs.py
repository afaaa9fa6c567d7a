"""What the oracle reads: definitions, a log, releases. Times and durations are whole milliseconds."""

import csv
import gzip
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


@dataclass(frozen=True)
class Answer:
    """A row of the log: one version's answer to one input."""

    time: int
    input: str
    version: str
    positive: bool  # it said the positive class
    latency_ms: float | None
    cost_usd: float | None
    failed: bool
    truth: bool | None  # whether the positive class came true; None: never known
    known_at: int | None
    note: str  # for reading the trace: the trading date

    @property
    def right(self) -> bool:
        return self.positive == self.truth


@dataclass(frozen=True)
class Release:
    time: int
    version: str
    role: str  # primary, shadow, or empty: a new build in the same role
    by: str


def milliseconds(duration: str) -> int:
    number, unit = re.fullmatch(r"(\d+)(ms|s|m|h|d)", duration).groups()
    return int(number) * UNITS[unit]


def instant(text: str) -> int:
    moment = datetime.fromisoformat(text)
    return round(moment.timestamp() * 1000)


def iso(time: int) -> str:
    return f"{datetime.fromtimestamp(time / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"


def read_definitions(path: Path) -> dict[str, list[dict]]:
    by_kind = defaultdict(list)
    for definition in yaml.safe_load_all(path.read_text(encoding="utf-8")):
        by_kind[definition["kind"]].append(definition)
    return by_kind


def read_log(path: Path, positive_class: str) -> list[Answer]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        return [to_answer(row, positive_class) for row in csv.DictReader(file)]


def to_answer(row: dict[str, str], positive_class: str) -> Answer:
    return Answer(
        time=instant(row["time"]),
        input=row["input"],
        version=row["version"],
        positive=row["class"] == positive_class,
        latency_ms=number(row.get("latency_ms")),
        cost_usd=number(row.get("cost_usd")),
        failed=bool(row.get("error")),
        truth=row["truth"] == positive_class if row["truth"] else None,
        known_at=instant(row["known_at"]) if row["truth"] else None,
        note=row.get("segment.trading_date", ""),
    )


def number(text: str | None) -> float | None:
    return float(text) if text else None


def read_releases(path: Path) -> list[Release]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [Release(instant(row["time"]), row["version"], row["role"], row["by"]) for row in csv.DictReader(file)]
    return sorted(rows, key=lambda release: release.time)
