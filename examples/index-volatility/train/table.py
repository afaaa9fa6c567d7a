"""Base rate, accuracy and recall a version and period, over one log or several.

    python table.py ../log/seed-*.csv.gz

A row belongs to the period of its trading date. With several logs a cell is one figure a log, in their order.
"""

import argparse
from collections import defaultdict
from pathlib import Path

from replay_log import Row, read_log

VERSIONS = ("v1", "v0", "v2")
QUARTERS_FROM = "2007"  # single quarters from this year on, whole years before


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
    return figures[0] if len(set(figures)) == 1 else " / ".join(figures)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logs", type=Path, nargs="+")
    logs = [by_period_and_version(read_log(path)) for path in parser.parse_args().logs]
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


if __name__ == "__main__":
    main()
