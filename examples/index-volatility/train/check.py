"""Trains again and compares with a committed log, but for the measured latencies. Exits 1 if anything differs.

    python check.py --seed 1 --log ../log/seed-1.csv.gz

Another processor rounds differently: a score may differ by up to 0.001. A class that such a difference
flips is reported, and is no failure.
"""

import argparse
import sys
from itertools import zip_longest
from pathlib import Path

from replay_log import COLUMNS, MEASURED, Row, read_log
from train import train

SCORE_TOLERANCE = 0.001
EXACT = [column for column in COLUMNS if column not in (MEASURED, "score", "class")]
DIFFERENCES_SHOWN = 20


def differences(logged: Row | None, trained: Row | None) -> list[str]:
    """What is wrong with one row; nothing where it agrees within the tolerance."""
    if logged is None or trained is None:
        present, where = (trained, "missing in the log") if logged is None else (logged, "only in the log")
        return [f"{present['input']} {present['version']}: {where}"]
    name = f"{logged['input']} {logged['version']}"
    found = [
        f"{name}: {column} is {logged[column]} in the log, {trained[column]} now"
        for column in EXACT
        if logged[column] != trained[column]
    ]
    if not scores_agree(logged, trained):
        found.append(f"{name}: score is {logged['score']} in the log, {trained['score']} now")
    for row, where in ((logged, "in the log"), (trained, "now")):
        if row["class"] != str(int(float(row["score"]) >= 0.5)):
            found.append(f"{name}: class {row['class']} does not follow from score {row['score']} {where}")
    if not is_latency(logged[MEASURED]):
        found.append(f"{name}: {MEASURED} {logged[MEASURED]!r} in the log is no positive number")
    return found


def scores_agree(logged: Row, trained: Row) -> bool:
    in_ten_thousandths = abs(round(float(logged["score"]) * 1e4) - round(float(trained["score"]) * 1e4))
    return in_ten_thousandths <= SCORE_TOLERANCE * 1e4


def is_latency(text: str) -> bool:
    try:
        return 0 < float(text) < float("inf")
    except ValueError:
        return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--log", type=Path, required=True)
    arguments = parser.parse_args()
    pairs = list(zip_longest(read_log(arguments.log), train(arguments.seed)))

    found = [difference for pair in pairs for difference in differences(*pair)]
    both = [(logged, trained) for logged, trained in pairs if logged and trained]
    moved = [pair for pair in both if pair[0]["score"] != pair[1]["score"]]
    flipped = [pair for pair in moved if pair[0]["class"] != pair[1]["class"]]
    for logged, trained in flipped[:DIFFERENCES_SHOWN]:
        print(f"flipped: {logged['input']} {logged['version']}: {logged['score']} in the log, {trained['score']} now")
    for difference in found[:DIFFERENCES_SHOWN]:
        print(f"differs: {difference}")
    if len(found) > DIFFERENCES_SHOWN:
        print(f"… and {len(found) - DIFFERENCES_SHOWN} more")
    print(
        f"{arguments.log}: {len(pairs)} rows compared, {len(found)} differences; "
        f"{len(moved)} scores not the same digit for digit, {len(flipped)} classes flipped by them"
    )
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
