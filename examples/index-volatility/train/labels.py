"""A log as labels in the order in which they became known, counted in minutes (trading days) of the replay."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from replay_log import Row, read_log


@dataclass(frozen=True)
class Labels:
    """The labels of one version; one element a prediction."""

    made: np.ndarray  # minute of the prediction
    known: np.ndarray  # minute in which its outcome became known
    right: np.ndarray  # 1 where class equals truth
    positive: np.ndarray  # 1 where truth is 1

    def where(self, chosen: np.ndarray) -> "Labels":
        return Labels(self.made[chosen], self.known[chosen], self.right[chosen], self.positive[chosen])


@dataclass(frozen=True)
class Log:
    dates: list[str]  # trading date of each minute
    versions: dict[str, Labels]  # every version's rows in the same order of inputs

    def minute(self, date: str) -> int:
        """First minute whose trading date is not before the given one; the end if there is none."""
        return sum(trading < date for trading in self.dates)


def read_labels(path: Path) -> Log:
    rows = read_log(path)
    start = _seconds(rows[0]["time"])
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["version"], []).append(row)
    versions = {
        version: Labels(
            made=np.array([(_seconds(row["time"]) - start) // 60 for row in group]),
            known=np.array([(_seconds(row["known_at"]) - start) // 60 for row in group]),
            right=np.array([int(row["class"] == row["truth"]) for row in group]),
            positive=np.array([int(row["truth"]) for row in group]),
        )
        for version, group in groups.items()
    }
    return Log(sorted({row["segment.trading_date"] for row in rows}), versions)


def _seconds(time: str) -> int:
    return int(datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())
