"""How far from independent the labels are: what a label is worth in windows and in the paired comparison.

    python dependence.py ../log/seed-1.csv.gz

A design effect is a variance divided by what independent labels would give: n labels tell as much as
n / (design effect) independent ones.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labels import Labels, Log, read_labels

PERIODS = {
    "calm 2004–2006": ("2004-01-02", "2007-01-01"),
    "half-calm 2007 H1": ("2007-01-01", "2007-07-01"),
    "volatile 2007 H2–2008": ("2007-07-01", "2009-01-01"),
    "of it 2007 H2–2008 Q3": ("2007-07-01", "2008-10-01"),
    "all": ("2004-01-02", "2009-01-01"),
}
CORRELATION_LAGS = (1, 2, 3, 5, 10, 21, 42)
WINDOWS = (30, 60)  # minutes
WINDOW_LAGS = (5, 10, 21)
V2_SHIPPED = "2008-06-02"
COMPARISON_LAG = 21
LOOKS = ("2008-06-27", "2008-07-09", "2008-07-24", "2008-08-15", "2008-09-11", "2008-10-10", "2008-12-31")
BOUNDS = (1.96, 3.5)  # standard errors: one look, and about what an always-valid bound asks for
FLOORS = (0, 10)  # least design effect believed: 0 takes Newey–West's word even where there are few days
FIRST_LOOK_LABELS = 50
HORIZONS = (5, 10, 21)


def sums(minutes: np.ndarray, values: np.ndarray, start: int, end: int) -> np.ndarray:
    """Sum of the values in each minute of [start, end)."""
    inside = (minutes >= start) & (minutes < end)
    return np.bincount(minutes[inside] - start, weights=values[inside], minlength=end - start)


def newey_west(residuals: np.ndarray, lag: int) -> float:
    """Variance of the sum of the residuals, Bartlett weights."""
    lag = min(lag, len(residuals) - 1)
    covariances = [residuals[shift:] @ residuals[: len(residuals) - shift] for shift in range(lag + 1)]
    return covariances[0] + 2 * sum((1 - shift / (lag + 1)) * covariances[shift] for shift in range(1, lag + 1))


def autocorrelations(labels: Labels, start: int, end: int) -> list[float]:
    """Of the share of right predictions a day of prediction."""
    right = sums(labels.made, labels.right, start, end) / sums(labels.made, np.ones(len(labels.made)), start, end)
    centred = right - right.mean()
    return [float(centred[lag:] @ centred[:-lag] / (centred @ centred)) for lag in CORRELATION_LAGS]


def print_autocorrelations(log: Log) -> None:
    print("\nAutocorrelation of v1's daily accuracy, by day of prediction\n")
    print("| period | " + " | ".join(f"lag {lag}" for lag in CORRELATION_LAGS) + " |")
    print("| --- " * (1 + len(CORRELATION_LAGS)) + "|")
    for name, (first, last) in PERIODS.items():
        figures = autocorrelations(log.versions["v1"], log.minute(first), log.minute(last))
        print(f"| {name} | " + " | ".join(f"{figure:.2f}" for figure in figures) + " |")


def print_window_effects(log: Log) -> None:
    print("\nDesign effect of the accuracy of labels known in a window")
    print("(variance of the means of all windows that end in the period, about the period's mean, over binomial;")
    print("beside it what a window says of itself by Newey–West over its minutes: median of windows not all right or wrong)\n")
    inside = " | ".join(f"within, lag {lag}" for lag in WINDOW_LAGS)
    print(f"| version | period | minutes | windows | labels | mean | design effect | labels worth | {inside} |")
    print("| --- " * (8 + len(WINDOW_LAGS)) + "|")
    end = len(log.dates)
    for version, labels in sorted(log.versions.items()):
        right = sums(labels.known, labels.right, 0, end)
        count = sums(labels.known, np.ones(len(labels.known)), 0, end)
        for name, (first, last) in PERIODS.items():
            for minutes in WINDOWS:
                begin = max(log.minute(first), labels.known.min() + 20) + minutes - 1  # h21 labels are in from here on
                ends = range(begin, log.minute(last))
                if len(ends) < 3 * minutes or version == "v2" and name in ("all", "calm 2004–2006"):
                    continue
                windows = [(right[at - minutes + 1 : at + 1], count[at - minutes + 1 : at + 1]) for at in ends]
                labels_a_window = np.mean([n.sum() for _, n in windows])
                means = np.array([r.sum() / n.sum() for r, n in windows])
                mean = means.mean()
                effect = means.var() / (mean * (1 - mean) / labels_a_window)
                within = [median_within(windows, lag) for lag in WINDOW_LAGS]
                print(
                    f"| {version} | {name} | {minutes} | {len(means)} | {labels_a_window:.0f} | {mean:.2f} "
                    f"| {effect:.1f} | {labels_a_window / effect:.1f} | "
                    + " | ".join(f"{figure:.1f}" for figure in within)
                    + " |"
                )


def median_within(windows: list[tuple[np.ndarray, np.ndarray]], lag: int) -> float:
    effects = []
    for right, count in windows:
        mean = right.sum() / count.sum()
        if 0 < mean < 1:
            effects.append(newey_west(right - mean * count, lag) / (count.sum() * mean * (1 - mean)))
    return float(np.median(effects))


@dataclass(frozen=True)
class Comparison:
    count: int
    mean: float
    independent: float  # variance of the sum if labels were independent
    dependent: float  # by Newey–West

    def error(self, floor: float = 0) -> float:
        return float(np.sqrt(max(self.dependent, floor * self.independent))) / self.count

    def ratio(self, floor: float = 0) -> float:
        """Difference in standard errors; 0 where nothing differs yet."""
        return self.mean / self.error(floor) if self.error(floor) else 0.0

    def effect_and_worth(self) -> str:
        if not self.dependent:
            return "– | –"
        effect = self.dependent / self.independent
        return f"{effect:.1f} | {self.count / effect:.0f}"


def compare(log: Log, better: str, worse: str, since: int, until: int) -> Comparison:
    """Predictions made from `since` on whose outcomes were known in [since, until]."""
    first, second = (log.versions[version].where(log.versions[version].made >= since) for version in (better, worse))
    if not np.array_equal(first.known, second.known):
        raise ValueError("the versions did not score the same inputs")
    seen = first.known <= until
    differences = (first.right - second.right)[seen]
    mean = differences.mean()
    residuals = sums(first.known[seen], differences - mean, since, until + 1)
    return Comparison(
        count=len(differences),
        mean=float(mean),
        independent=float(((differences - mean) ** 2).sum()),
        dependent=newey_west(residuals, COMPARISON_LAG),
    )


def print_comparison(log: Log, better: str, worse: str) -> None:
    print(f"\n{better} − {worse}, paired, predictions since {V2_SHIPPED}, Newey–West lag {COMPARISON_LAG} over minutes\n")
    print("| outcomes known until | labels | difference | standard error | in errors | design effect | labels worth |")
    print("| --- " * 7 + "|")
    since = log.minute(V2_SHIPPED)
    for date in LOOKS:
        look = compare(log, better, worse, since, log.minute(date))
        print(
            f"| {date} | {look.count} | {look.mean:.3f} | {look.error():.3f} | {look.ratio():.1f} "
            f"| {look.effect_and_worth()} |"
        )
    looks = {until: compare(log, better, worse, since, until) for until in range(since + min(HORIZONS), len(log.dates))}
    looks = {until: look for until, look in looks.items() if look.count >= FIRST_LOOK_LABELS}
    print(f"\n| {len(looks)} looks, from {FIRST_LOOK_LABELS} labels on | first | for good from |\n| --- | --- | --- |")
    for floor in FLOORS:
        for bound in BOUNDS:
            above = [until for until, look in looks.items() if look.ratio(floor) > bound]
            last_below = max((until for until in looks if until not in above), default=-1)
            first, for_good = above[:1], [until for until in above if until > last_below][:1]
            dates = " | ".join(log.dates[found[0]] if found else "no day" for found in (first, for_good))
            print(f"| above {bound} errors, design effect at least {floor} | {dates} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logs", type=Path, nargs="+")
    for path in parser.parse_args().logs:
        log = read_labels(path)
        print(f"\n## {path.name}")
        print_autocorrelations(log)
        print_window_effects(log)
        print_comparison(log, "v1", "v2")
        print_comparison(log, "v0", "v2")
        print_comparison(log, "v0", "v1")


if __name__ == "__main__":
    main()
