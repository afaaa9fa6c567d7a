"""Trains the versions on real index data, scores every day of the replay, writes one log.

    python train.py --seed 1 --out ../log/seed-1.csv.gz
    python train.py --seed 1 --out /tmp/again.csv.gz --latencies ../log/seed-1.csv.gz
"""

import argparse
import gc
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

import lstm
from market import HORIZONS, INSTRUMENTS, Market, load_market
from replay_log import MEASURED, Row, key, read_log, write_log

REPLAY_FROM, REPLAY_TO = "2004-01-02", "2008-12-31"
V0_FROZEN = "2003-12-31"
V1_REFIT_EVERY = 60  # trading days
V2_TRAINED_FROM, V2_SHADOW_FROM = "2004-01-02", "2006-07-03"
ONE_TRADING_DAY = timedelta(minutes=1)  # of event time
EVENT_TIME_STARTS = datetime(2004, 1, 2, tzinfo=UTC)
ONE_HOT = np.eye(len(INSTRUMENTS))
WARM_UP_INFERENCES = 200


@dataclass(frozen=True)
class Build:
    """One fit: knows the outcomes known before day `on`, and scores the days [on, until)."""

    version: str
    on: int
    until: int
    learns_from: int = 0  # first day whose examples it may see

    def name(self, market: Market) -> str:
        return f"{self.version}-{market.dates[self.on]}"


def planned_builds(market: Market) -> list[Build]:
    start, end = market.day(REPLAY_FROM), market.day(REPLAY_TO) + 1
    v0 = Build("v0", market.day(V0_FROZEN), end)
    v1 = [
        Build("v1", on, min(on + V1_REFIT_EVERY, end))
        for on in range(start, end, V1_REFIT_EVERY)
    ]
    v2 = Build("v2", market.day(V2_SHADOW_FROM), end, learns_from=market.day(V2_TRAINED_FROM))
    return [v0, *v1, v2]


def fit_build(market: Market, build: Build, seed: int) -> lstm.Model:
    days = np.arange(build.learns_from, build.on)
    days = days[~np.isnan(market.inputs[:, days]).any(axis=(0, 2, 3))]
    known = days[:, None] + np.array(HORIZONS) < build.on
    days, known = days[known.any(axis=1)], known[known.any(axis=1)]
    instruments = len(INSTRUMENTS)
    return lstm.fit(
        windows=np.concatenate(market.inputs[:, days]),
        instruments=np.repeat(ONE_HOT, len(days), axis=0),
        outcomes=np.concatenate(market.outcomes[:, days]),
        known=np.concatenate([known] * instruments),
        random=np.random.default_rng([seed, int(build.version[1:]), build.on]),
    )


def score_build(market: Market, build: Build, model: lstm.Model) -> list[Row]:
    """One real inference a row, timed around that inference alone."""
    start = market.day(REPLAY_FROM)
    for _ in range(WARM_UP_INFERENCES):  # the first call compiles, and serves nobody
        model.predict(market.inputs[0, build.on], ONE_HOT[0])
    gc.collect()
    gc.freeze()  # what training left behind is no server's garbage: without this, one pause of 65 ms
    rows = []
    for day in range(max(build.on, start), build.until):
        for place, instrument in enumerate(INSTRUMENTS):
            for column, horizon in enumerate(HORIZONS):
                window = market.inputs[place, day]
                began = time.perf_counter()
                score = model.predict(window, ONE_HOT[place])[column]
                latency_ms = (time.perf_counter() - began) * 1000
                rows.append(
                    {
                        "time": event_time(day - start),
                        "input": f"{instrument}-{market.dates[day]}-h{horizon}",
                        "version": build.version,
                        "build": build.name(market),
                        "class": str(int(round(score, 4) >= 0.5)),
                        "score": f"{score:.4f}",
                        MEASURED: f"{latency_ms:.3f}",
                        "truth": str(int(market.outcomes[place, day, column])),
                        "known_at": event_time(day + horizon - start),
                        "segment.trading_date": market.dates[day],
                        "segment.instrument": instrument,
                        "segment.horizon": f"h{horizon}",
                    }
                )
    return rows


def event_time(days: int) -> str:
    return f"{EVENT_TIME_STARTS + days * ONE_TRADING_DAY:%Y-%m-%dT%H:%M:%SZ}"


def train(seed: int) -> list[Row]:
    """Every row of the log of one seed, in its order."""
    market = load_market()
    rows = []
    for build in planned_builds(market):
        rows += score_build(market, build, fit_build(market, build, seed))
    return sorted(rows, key=lambda row: (row["time"], *key(row)))


def with_latencies_of(rows: list[Row], log: list[Row]) -> list[Row]:
    """The same rows with the latencies that another run measured; fails for a row that it did not have."""
    measured = {key(row): row[MEASURED] for row in log}
    return [{**row, MEASURED: measured[key(row)]} for row in rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--latencies", type=Path, metavar="FROM_LOG", help="take them from this log, keep none measured now")
    arguments = parser.parse_args()
    rows = train(arguments.seed)
    if arguments.latencies:
        rows = with_latencies_of(rows, read_log(arguments.latencies))
    write_log(arguments.out, rows)
    print(f"{arguments.out}: {len(rows)} rows, {arguments.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
