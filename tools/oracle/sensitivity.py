"""What the declared settings rest on, and what others would do: the tables of README.md. Takes about two minutes.

    python sensitivity.py

1. Measured design effects: long-run variance (Newey-West, the declared lag) over that of independent labels, a year.
2. The accuracy rule with other bounds: alarms in calm years, and the delay in minutes (trading days) when accuracy
   falls: in August 2007 from the tick at which the bare figure leaves the budget, in June 2008 from the shipping of v2.
3. The paired comparison with other least design effects: when v2 is rolled back, and when the incident ends.
"""

from copy import deepcopy
from pathlib import Path
from statistics import median

from figures import long_run_variance
from inputs import read_definitions, read_log, read_releases
from oracle import MINUTE, Oracle

EXAMPLE = Path(__file__).parents[2] / "examples" / "index-volatility"
SEEDS = (1, 2, 3)
YEARS = ("2004", "2005", "2006", "2007", "2008")
RULE = "SimpleLSTMAccuracyDrop"
DIFFER_ON = 0.01  # a year in which two versions differ on fewer inputs says nothing about their difference
RULES = (  # compare, confidence, design effect
    ("figure", None, None),
    ("bound", 0.95, 1),
    ("bound", 0.75, 3),
    ("bound", 0.75, 20),
    ("bound", 0.9, 20),
    ("bound", 0.95, 20),
)
COMPARISON_EFFECTS = (1, 6, 12, 20)

DEFINITIONS = read_definitions(EXAMPLE / "definitions.yaml")
LOGS = {seed: read_log(EXAMPLE / "log" / f"seed-{seed}.csv.gz", "1") for seed in SEEDS}
RELEASES = read_releases(EXAMPLE / "releases" / "story.csv")
DATE_OF = {row.time: row.note for row in LOGS[1]}


def date(tick: int | None) -> str:
    """The trading day that had just ended at a tick."""
    return "-" if tick is None else DATE_OF[tick - MINUTE]


def first_minute(day: str) -> int:
    return min(time for time, note in DATE_OF.items() if note >= day)


def told(seed: int, rule: dict | None = None, comparison: dict | None = None) -> Oracle:
    definitions = deepcopy(DEFINITIONS)
    (model,) = definitions["Model"]
    definitions["Rule"] = [one for one in definitions["Rule"] if one["name"] == RULE]
    definitions["Rule"][0] |= rule or {}
    model["designEffect"] = definitions["Rule"][0].pop("designEffect", None) or model["designEffect"]
    model["comparison"] |= comparison or {}
    oracle = Oracle(definitions, LOGS[seed], RELEASES, None)
    oracle.run()
    return oracle


def effect(buckets: list[list[int]], lag: int) -> float:
    values = [value for bucket in buckets for value in bucket]
    mean = sum(values) / len(values)
    independent = sum((value - mean) ** 2 for value in values)
    return long_run_variance([sum(bucket) - mean * len(bucket) for bucket in buckets], lag) / independent


def measured() -> None:
    print("| design effect | " + " | ".join(YEARS) + " | median |")
    print("| --- " * (len(YEARS) + 2) + "|")
    oracles = [Oracle(DEFINITIONS, LOGS[seed], RELEASES, None) for seed in SEEDS]
    of_v1 = []
    for version in ("v1", "v0", "v2"):
        cells = {year: [accuracy_effect(oracle, version, year) for oracle in oracles] for year in YEARS}
        print_effects(f"accuracy of {version}", cells)
        of_v1 += [value for year in YEARS for value in cells[year] if value and version == "v1"]
    pairs = []
    for pair in (("v0", "v1"), ("v1", "v2")):
        cells = {year: [difference_effect(oracle, pair, year) for oracle in oracles] for year in YEARS}
        print_effects(f"{pair[0]} - {pair[1]}", cells)
        pairs += [value for year in YEARS for value in cells[year] if value]
    print(f"\nmedians: accuracy of v1 {median(of_v1):.0f}, paired differences {median(pairs):.0f}")


def print_effects(name: str, cells: dict[str, list[float | None]]) -> None:
    texts = [" / ".join("-" if value is None else f"{value:.0f}" for value in cells[year]) for year in YEARS]
    values = [value for year in YEARS for value in cells[year] if value is not None]
    print(f"| {name} | {' | '.join(texts)} | {median(values):.0f} |")


def span(year: str, oracle: Oracle) -> range:
    times = [time for time, day in DATE_OF.items() if day.startswith(year)]
    return range(min(times) // oracle.bucket, max(times) // oracle.bucket + 1)


def accuracy_effect(oracle: Oracle, version: str, year: str) -> float | None:
    buckets = [[int(row.right) for row in oracle.known[version].get(bucket, [])] for bucket in span(year, oracle)]
    values = [value for bucket in buckets for value in bucket]
    return effect(buckets, oracle.lag) if 0 < sum(values) < len(values) else None


def difference_effect(oracle: Oracle, pair: tuple[str, str], year: str) -> float | None:
    whole_year = span(year, oracle)
    buckets = [[] for _ in whole_year]
    for time, _, difference in oracle.pairs[pair]:
        if time // oracle.bucket in whole_year:
            buckets[time // oracle.bucket - whole_year[0]].append(difference)
    values = [value for bucket in buckets for value in bucket]
    differ = sum(value != 0 for value in values)
    return effect(buckets, oracle.lag) if values and differ >= DIFFER_ON * len(values) else None


def other_bounds() -> None:
    print("\n| rule | fired 2004-2006 (minutes) | fired 2007 H1 | Aug 2007, delay | June 2008, delay | fired in all |")
    print("| --- " * 6 + "|")
    for compare, confidence, design_effect in RULES:
        rule = {"compare": compare, "confidence": confidence, "designEffect": design_effect}
        rows = [bound_row(told(seed, rule)) for seed in SEEDS]
        name = "bare figure" if compare == "figure" else f"bound {confidence}, design effect {design_effect}"
        print(f"| {name} | " + " | ".join(" / ".join(column) for column in zip(*rows)) + " |")


def bound_row(oracle: Oracle) -> list[str]:
    intervals = oracle.intervals[RULE]
    calm = [interval for interval in intervals if interval.firing < first_minute("2007")]
    half = [interval for interval in intervals if first_minute("2007") <= interval.firing < first_minute("2007-07")]
    august = next(interval.firing for interval in intervals if interval.firing >= first_minute("2007-07"))
    sick = next(interval.firing for interval in intervals if interval.version == "v2")
    firing = sum(interval.resolved - interval.firing for interval in calm) // MINUTE
    return [
        f"{len(calm)} ({firing})" if calm else "0",
        str(len(half)),
        str((august - out_of_budget_in_august(oracle)) // MINUTE),
        str((sick - first_minute("2008-06-02")) // MINUTE),
        str(len(intervals)),
    ]


def out_of_budget_in_august(oracle: Oracle) -> int:
    """First tick since July 2007 at which the bare accuracy of v1 over 30 minutes is below 0.80."""
    for oracle.now in range(first_minute("2007-07"), oracle.until, MINUTE):
        if oracle.budget_figure("v1").value < 0.80:
            return oracle.now


def other_comparisons() -> None:
    print("\n| least design effect | seed | decided | answer | difference, lower bound | verified | resolved |")
    print("| --- " * 7 + "|")
    for design_effect in COMPARISON_EFFECTS:
        for seed in SEEDS:
            incidents = told(seed, comparison={"designEffect": design_effect}).incidents
            for incident in incidents:
                for one in incident.rollbacks:
                    figures = f"{one.comparison.difference:+.2f}, {one.comparison.lower:+.3f}"
                    print(
                        f"| {design_effect} | {seed} | {date(one.decided)} | {one.kind} {one.source} -> {one.target} "
                        f"| {figures} | {date(one.verified)} | {date(incident.resolved)} |"
                    )


if __name__ == "__main__":
    measured()
    other_bounds()
    other_comparisons()
