"""An experiment's units, and what pandas, scipy and statsmodels make of them.

    python -m venv VENV && VENV/bin/pip install numpy==2.4.6 scipy==1.17.1 statsmodels==0.15.0 pandas==3.1.1
    VENV/bin/python generate.py

Writes units.csv, arms.csv (the same as sums) and expected.json beside itself.
"""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import default_rng
from scipy import stats
from statsmodels.stats.multitest import multipletests

HERE = Path(__file__).parent
ALPHA, TUNED = 0.05, 5000


def units():
    rng = default_rng(18)
    n = 900
    arm = np.array(["control", "blue", "green"])[rng.integers(0, 3, n)]
    better = (arm == "green").astype(float)
    before = rng.normal(20, 5, n)
    frame = pd.DataFrame(
        {
            "user": [f"u{i}" for i in range(n)],
            "arm": arm,
            "converted": (rng.random(n) < 0.2 + 0.25 * better).astype(int),
            "revenue": (before * 0.9 + rng.normal(2, 2, n) + 0.7 * better).round(3),
            "before": before.round(3),
            "sessions": rng.integers(1, 6, n),
        }
    )
    frame.loc[frame.index % 50 == 7, "revenue"] = np.nan
    return frame


def estimate(kind, rows):
    if kind == "proportion":
        x = rows["converted"]
        p = x.mean()
        return p, p * (1 - p) / len(x), len(x), None
    if kind == "mean":
        x = rows["revenue"].dropna()
        return x.mean(), x.var() / len(x), len(x), len(x) - 1
    rows = rows.dropna(subset=["revenue"])
    x, y = rows["revenue"], rows["sessions"]
    value = x.sum() / y.sum()
    return value, np.var(x - value * y, ddof=1) / len(x) / y.mean() ** 2, len(x), len(x) - 1


def half_width(error, n):
    rho = math.sqrt((-2 * math.log(ALPHA) + math.log(-2 * math.log(ALPHA) + 1)) / TUNED)
    t = n * rho**2 + 1
    return math.sqrt(n) * error * math.sqrt(2 * t / (n * rho) ** 2 * math.log(math.sqrt(t) / ALPHA)), rho


def comparison(frame, treatment, metric, kind):
    control, treated = (frame[frame["arm"] == arm] for arm in ("control", treatment))
    a, va, na, fa = estimate(kind, control)
    b, vb, nb, fb = estimate(kind, treated)
    absolute, error = b - a, math.sqrt(va + vb)
    relative_error = math.sqrt(vb / a**2 + va * b**2 / a**4)
    out = {"metric": metric, "type": kind, "treatment": treatment, "n": {"control": na, "treatment": nb}, "estimate": {"control": a, "treatment": b, "absolute": absolute, "relative": absolute / abs(a)}}
    if kind == "proportion":
        x, y = control["converted"].sum(), treated["converted"].sum()
        pooled = (x + y) / (na + nb)
        statistic = absolute / math.sqrt(pooled * (1 - pooled) * (1 / na + 1 / nb))
        df, critical, p = None, stats.norm.ppf(1 - ALPHA / 2), 2 * stats.norm.sf(abs(statistic))
        out["exact"] = {"test": "fisher", "p": stats.fisher_exact([[x, na - x], [y, nb - y]]).pvalue}
    else:
        df = (va + vb) ** 2 / (va**2 / fa + vb**2 / fb)
        statistic, critical = absolute / error, stats.t.ppf(1 - ALPHA / 2, df)
        p = 2 * stats.t.sf(abs(statistic), df)
        out["exact"] = None
    around = lambda middle, half: [middle - half, middle + half]
    out["fixed"] = {"statistic": statistic, "degreesOfFreedom": df, "p": p, "interval": around(absolute, critical * error), "relativeInterval": around(absolute / abs(a), critical * relative_error)}
    factor, rho = half_width(1, na + nb)
    z = absolute / error
    t = (na + nb) * rho**2
    out["anytime"] = {"tunedFor": TUNED, "p": min(1, math.sqrt(t + 1) * math.exp(-(z**2) * t / (2 * (t + 1)))), "interval": around(absolute, factor * error), "relativeInterval": around(absolute / abs(a), factor * relative_error)}
    return out


def arms_csv(frame):
    """The sums of each arm. Revenue is that of the units that have it."""
    rows = []
    for arm in frame["arm"].unique():
        part = frame[frame["arm"] == arm]
        known = part.dropna(subset=["revenue"])
        x, y = known["revenue"], known["sessions"].astype(float)
        rows.append({"arm": arm, "n": len(part), "converted.sum": part["converted"].sum(), "revenue.n": len(known), "revenue.sum": x.sum(), "revenue.squares": (x**2).sum(), "sessions.sum": int(y.sum()), "sessions.squares": int((y**2).sum()), "revenue.products": (x * y).sum()})
    pd.DataFrame(rows).to_csv(HERE / "arms.csv", index=False)


def write():
    frame = units()
    frame.to_csv(HERE / "units.csv", index=False)
    arms_csv(frame)
    treatments = [arm for arm in frame["arm"].unique() if arm != "control"]
    metrics = [("conversion", "proportion"), ("revenue", "mean"), ("per session", "ratio")]
    comparisons = [comparison(frame, arm, name, kind) for arm in treatments for name, kind in metrics]
    ps = [each["fixed"]["p"] for each in comparisons]
    for name, method in [("bonferroni", "bonferroni"), ("holm", "holm"), ("benjaminiHochberg", "fdr_bh"), ("benjaminiYekutieli", "fdr_by")]:
        for each, p in zip(comparisons, multipletests(ps, method=method)[1]):
            each.setdefault("adjusted", {})[name] = p
    counts = [int((frame["arm"] == arm).sum()) for arm in ["control", *treatments]]
    srm = stats.chisquare(counts)
    report = {"health": {"srm": {"statistic": srm.statistic, "degreesOfFreedom": len(counts) - 1, "p": srm.pvalue}}, "comparisons": comparisons}
    (HERE / "expected.json").write_text(json.dumps(report, indent=1, default=float) + "\n")


write()
