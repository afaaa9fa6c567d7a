"""What a window of labels says of each version on chosen trading dates.

    python windows.py ../log/seed-1.csv.gz --at 2007-08-31 2008-06-02 2008-07-09
    python windows.py ../log/seed-1.csv.gz --below 0.80 --for 5

A window on a date holds the labels that became known in the minutes (trading days) up to that date's, itself included.
`--below` lists when a version's accuracy lay below the figure for longer than `--for` minutes; windows of less than
60 labels are passed over.
"""

import argparse
from itertools import groupby
from pathlib import Path

from labels import Labels, read_labels

LEAST_LABELS = 60


def in_window(labels: Labels, end: int, minutes: int) -> Labels:
    return labels.where((labels.known > end - minutes) & (labels.known <= end))


def share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "–"


def print_dates(path: Path, dates: list[str], minutes: int) -> None:
    log = read_labels(path)
    for date in dates:
        for version, labels in sorted(log.versions.items()):
            window = in_window(labels, log.minute(date), minutes)
            count, positives = len(window.right), int(window.positive.sum())
            found = int((window.right * window.positive).sum())
            figures = f"{count} | {positives} | {share(int(window.right.sum()), count)} | {share(found, positives)}"
            print(f"| {path.name} | {date} | {version} | {figures} |")


def print_spans(path: Path, below: float, longer_than: int, minutes: int) -> None:
    log = read_labels(path)
    for version, labels in sorted(log.versions.items()):
        windows = [in_window(labels, end, minutes) for end in range(len(log.dates))]
        low = [len(window.right) >= LEAST_LABELS and window.right.mean() < below for window in windows]
        for is_low, group in groupby(range(len(low)), key=lambda minute: low[minute]):
            span = list(group)
            if is_low and len(span) > longer_than:
                worst = min(windows[minute].right.mean() for minute in span)
                dates = f"{log.dates[span[0]]} | {log.dates[span[-1]]}"
                print(f"| {path.name} | {version} | {dates} | {len(span)} | {worst:.2f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logs", type=Path, nargs="+")
    parser.add_argument("--minutes", type=int, default=30)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--at", nargs="+", metavar="DATE")
    what.add_argument("--below", type=float, metavar="ACCURACY")
    parser.add_argument("--for", type=int, default=5, dest="longer_than", metavar="MINUTES")
    arguments = parser.parse_args()
    if arguments.at:
        print("| log | date | version | labels | positives | accuracy | recall |")
        print("| --- " * 7 + "|")
    else:
        print("| log | version | first below | last below | minutes | lowest |")
        print("| --- " * 6 + "|")
    for path in arguments.logs:
        if arguments.at:
            print_dates(path, arguments.at, arguments.minutes)
        else:
            print_spans(path, arguments.below, arguments.longer_than, arguments.minutes)


if __name__ == "__main__":
    main()
