"""The log: one row a prediction of one version, as the README of the example describes it column by column."""

import csv
import gzip
import io
from pathlib import Path

COLUMNS = (
    "time",
    "input",
    "version",
    "build",
    "class",
    "score",
    "latency_ms",
    "truth",
    "known_at",
    "segment.trading_date",
    "segment.instrument",
    "segment.horizon",
)
Row = dict[str, str]
MEASURED = "latency_ms"  # the one column that another run does not reproduce


def key(row: Row) -> tuple[str, str]:
    return row["input"], row["version"]


def read_log(path: Path) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_log(path: Path, rows: list[Row]) -> None:
    """The same rows give the same bytes: no time and no name in the gzip header."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as raw, gzip.GzipFile("", "wb", compresslevel=9, fileobj=raw, mtime=0) as file:
        file.write(text.getvalue().encode("utf-8"))
