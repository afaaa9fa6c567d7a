"""Which version was released when, in the story and its variants. Writes the CSV files of ../releases/ from a log.

    python releases.py --log ../log/seed-1.csv.gz --out ../releases

The log gives the builds and the minute of event time of each trading date; both are the same for every seed.
Role `primary`: the release pipeline moves the registry's alias. Empty role: a refit, in the role that the version has.
"""

import argparse
import csv
from datetime import datetime, timedelta
from pathlib import Path

from replay_log import Row, read_log

COLUMNS = ("time", "version", "build", "role", "by")
RELEASES, REFITS = "release-pipeline", "training-pipeline"
V2_SHIPPED = "2008-06-02"
V2_SHIPPED_WHEN_V1_IS_WITHIN_BUDGET = "2008-10-20"  # v1 is back within its budget for good since 2008-10-10


def release(time: str, build: str, role: str, by: str) -> dict[str, str]:
    return {"time": time, "version": build.split("-")[0], "build": build, "role": role, "by": by}


def a_minute_before(time: str) -> str:
    return f"{datetime.fromisoformat(time) - timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"


def releases(log: list[Row], v2: str, v2_shipped: str | None) -> list[dict[str, str]]:
    """`v2`: "absent", or "shadow" from its first row on."""
    minute_of = {row["segment.trading_date"]: row["time"] for row in log}
    first_row_of = {}  # build -> time
    for row in log:
        first_row_of.setdefault(row["build"], row["time"])
    v0, *_ = (build for build in first_row_of if build.startswith("v0"))
    first_v1, *refits = (build for build in first_row_of if build.startswith("v1"))
    only_v2, *_ = (build for build in first_row_of if build.startswith("v2"))

    rows = [release(a_minute_before(first_row_of[v0]), v0, "primary", RELEASES)]
    rows.append(release(first_row_of[first_v1], first_v1, "primary", RELEASES))
    rows += [release(first_row_of[build], build, "", REFITS) for build in refits]
    if v2 == "shadow":
        rows.append(release(first_row_of[only_v2], only_v2, "shadow", RELEASES))
    if v2_shipped:
        rows.append(release(minute_of[v2_shipped], only_v2, "primary", RELEASES))
    return sorted(rows, key=lambda row: row["time"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    log = read_log(arguments.log)
    files = {
        "story": releases(log, "shadow", V2_SHIPPED),
        "never-shipped": releases(log, "shadow", None),
        "within-budget": releases(log, "shadow", V2_SHIPPED_WHEN_V1_IS_WITHIN_BUDGET),
        "only-v0": releases(log, "absent", None),
    }
    for name, rows in files.items():
        with (arguments.out / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main()
