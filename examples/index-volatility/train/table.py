"""Base rate, accuracy and recall a version and period, and inference latencies, over one log or several.

    python table.py ../log/seed-*.csv.gz

A row belongs to the period of its trading date. With two or three logs a cell is one figure a log, in
their order; with more it is least–greatest, and below the table stands how far each log's accuracies lie
from the medians over the logs (root mean square over all cells, in points): the smallest is the most typical.
"""

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np

from replay_log import MEASURED, Row, read_log

VERSIONS = ("v1", "v0", "v2")
QUARTERS_FROM = "2007"  # single quarters from this year on, whole years before
MOST_IN_A_CELL = 3


def period_of(date: str) -> str:
    year, month = date[:4], int(date[5:7])
    return year if year < QUARTERS_FROM else f"{year} Q{(month + 2) // 3}"


def accuracy(rows: list[Row]) -> str:
    return percent(sum(row["class"] == row["truth"] for row in rows), len(rows))


def recall(rows: list[Row]) -> str:
    positives = [row for row in rows if row["truth"] == "1"]
    return percent(sum(row["class"] == "1" for row in positives), len(positives))


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}" if whole else "–"


def by_period_and_version(rows: list[Row]) -> dict[tuple[str, str], list[Row]]:
    groups = defaultdict(list)
    for row in rows:
        groups[period_of(row["segment.trading_date"]), row["version"]].append(row)
    return groups


def one_or_all(figures: list[str]) -> str:
    if len(set(figures)) == 1:
        return figures[0]
    if len(figures) > MOST_IN_A_CELL:
        ordered = sorted(figures, key=int)
        return f"{ordered[0]}–{ordered[-1]}"
    return " / ".join(figures)


def latencies(log: dict[tuple[str, str], list[Row]]) -> str:
    measured = [float(row[MEASURED]) for rows in log.values() for row in rows]
    p50, p95, p99 = np.percentile(measured, (50, 95, 99))
    return f"P50 {p50:.3f}, P95 {p95:.3f}, P99 {p99:.3f}, greatest {max(measured):.3f}"


def distances_from_medians(logs: list[dict[tuple[str, str], list[Row]]]) -> np.ndarray:
    cells = sorted(cell for cell in logs[0] if logs[0][cell])
    right = [[np.mean([row["class"] == row["truth"] for row in log[cell]]) for cell in cells] for log in logs]
    return 100 * np.sqrt(np.mean((np.array(right) - np.median(right, axis=0)) ** 2, axis=1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logs", type=Path, nargs="+")
    paths = parser.parse_args().logs
    logs = [by_period_and_version(read_log(path)) for path in paths]
    periods = sorted({period for log in logs for period, _ in log})

    print("| Period | predictions a version | base rate % |", end="")
    print("".join(f" {version} accuracy % | {version} recall % |" for version in VERSIONS))
    print("| --- " * (3 + 2 * len(VERSIONS)) + "|")
    for period in periods:
        live = logs[0][period, "v1"]
        cells = [period, str(len(live)), percent(sum(row["truth"] == "1" for row in live), len(live))]
        for version in VERSIONS:
            for figure in (accuracy, recall):
                cells.append(one_or_all([figure(log[period, version]) for log in logs]))
        print(f"| {' | '.join(cells)} |")
    print()
    for log, path in zip(logs, paths):
        print(f"{path.name}: inference ms {latencies(log)}")
    if len(logs) > MOST_IN_A_CELL:
        print()
        for distance, path in sorted(zip(distances_from_medians(logs), paths)):
            print(f"{path.name}: {distance:.1f} points from the medians")


if __name__ == "__main__":
    main()
