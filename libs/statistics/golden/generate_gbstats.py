"""Golden values of comparisons, by GrowthBook's gbstats (MIT), so that both give the same figures.

    git clone https://github.com/growthbook/growthbook && git -C growthbook checkout 8f1db4456915a8e7b7faf23d5632ca7219d2f469
    VENV/bin/pip install -r requirements.txt pydantic packaging nbformat
    PYTHONPATH=growthbook/packages/stats VENV/bin/python generate_gbstats.py

The commit is named and not the version: 0.8.0 stands since 2024, and lifts of negative baselines, collapsed quantiles and
overflowing risks were mended since. Writes gbstats.json beside itself.
"""

import json
from pathlib import Path

import numpy as np
from gbstats.bayesian.tests import BayesianABTest, BayesianConfig, EffectBayesianABTest, EffectBayesianConfig
from gbstats.frequentist.tests import FrequentistConfig, SequentialConfig, SequentialOneSidedTreatmentGreaterTTest, SequentialTwoSidedTTest, TwoSidedTTest
from gbstats.models.statistics import ProportionStatistic, QuantileClusteredStatistic, RatioStatistic, RegressionAdjustedStatistic, SampleMeanStatistic
from numpy.random import default_rng

COMMIT = "8f1db4456915a8e7b7faf23d5632ca7219d2f469"


def mean(values):
    return SampleMeanStatistic(n=len(values), sum=float(values.sum()), sum_squares=float((values**2).sum()))


def both(a, b):
    """Per kind of difference: estimate, its error, fixed interval and p, always-valid interval and p."""
    out = {}
    for kind in ["absolute", "relative"]:
        fixed = TwoSidedTTest([(a, b)], FrequentistConfig(difference_type=kind)).compute_result()
        anytime = SequentialTwoSidedTTest([(a, b)], SequentialConfig(difference_type=kind)).compute_result()
        out[kind] = [fixed.expected, fixed.uplift.stddev, *fixed.ci, fixed.pValue, *anytime.ci, anytime.pValue]
    return out


def cases():
    rng = default_rng(5)
    for name, x, y in [
        ("means", rng.normal(10, 3, 400), rng.normal(10.4, 4, 500)),
        ("a negative baseline", rng.normal(-20, 5, 300), rng.normal(-18, 5, 320)),
        ("beyond the tuning", rng.normal(1, 1, 20_000), rng.normal(1.02, 1, 19_000)),
    ]:
        a, b = mean(x), mean(y)
        yield {"name": name, "kind": "mean", "in": [[s.n, s.sum, s.sum_squares] for s in (a, b)], "out": both(a, b)}
    for name, n, x, m, y in [("proportions", 5000, 500, 5100, 575), ("rare", 100_000, 31, 100_000, 60), ("certain", 300, 290, 310, 306)]:
        a, b = ProportionStatistic(n=n, sum=x), ProportionStatistic(n=m, sum=y)
        yield {"name": name, "kind": "proportion", "in": [[n, x], [m, y]], "out": both(a, b)}
    y, v = rng.integers(1, 6, 500), rng.integers(1, 6, 480)
    x, u = y * rng.normal(2, 1, 500), v * rng.normal(2.2, 1, 480)
    stats = [RatioStatistic(n=len(p), m_statistic=mean(p), d_statistic=mean(q), m_d_sum_of_products=float((p * q).sum())) for p, q in [(x, y), (u, v)]]
    yield {"name": "ratio", "kind": "ratio", "in": [[s.n, s.m_statistic.sum, s.m_statistic.sum_squares, s.d_statistic.sum, s.d_statistic.sum_squares, s.m_d_sum_of_products] for s in stats], "out": both(*stats)}
    pre = [rng.normal(50, 10, 600), rng.normal(50, 10, 640)]
    post = [0.8 * pre[0] + rng.normal(3, 4, 600), 0.8 * pre[1] + rng.normal(3.6, 4, 640)]
    stats = [RegressionAdjustedStatistic(n=len(p), post_statistic=mean(p), pre_statistic=mean(q), post_pre_sum_of_products=float((p * q).sum()), theta=None) for p, q in zip(post, pre)]
    fixed = TwoSidedTTest([tuple(stats)], FrequentistConfig(difference_type="absolute")).compute_result()
    anytime = SequentialTwoSidedTTest([tuple(stats)], SequentialConfig(difference_type="absolute")).compute_result()
    yield {"name": "cuped", "kind": "cuped", "in": [[s.n, s.post_statistic.sum, s.post_statistic.sum_squares, s.pre_statistic.sum, s.pre_statistic.sum_squares, s.post_pre_sum_of_products] for s in stats], "out": {"absolute": [fixed.expected, fixed.uplift.stddev, *fixed.ci, fixed.pValue, *anytime.ci, anytime.pValue]}}
    quantiles = []
    for _ in range(2):
        sizes = rng.integers(1, 8, 400)
        values = np.repeat(rng.normal(0, 0.5, 400), sizes) + rng.exponential(1, sizes.sum()) + 100
        ordered, n = np.sort(values), len(values)
        half = 1.959963984540054 * (n * 0.9 * 0.1) ** 0.5
        at = [float(ordered[int(np.floor(n * 0.9 + s * half))]) for s in (-1, 0, 1)]
        below = np.add.reduceat((values <= at[1]).astype(float), np.concatenate([[0], np.cumsum(sizes)[:-1]]))
        quantiles.append(QuantileClusteredStatistic(n=n, n_star=n, nu=0.9, quantile_hat=at[1], quantile_lower=at[0], quantile_upper=at[2], main_sum=below.sum(), main_sum_squares=(below**2).sum(), denominator_sum=n, denominator_sum_squares=float((sizes**2).sum()), main_denominator_sum_product=float((below * sizes).sum()), n_clusters=400))
    yield {"name": "quantile of clusters", "kind": "quantile", "in": [[q.n, q.quantile_hat, q.quantile_lower, q.quantile_upper, q.n_clusters, q.main_sum, q.main_sum_squares, q.denominator_sum, q.denominator_sum_squares, q.main_denominator_sum_product] for q in quantiles], "out": [[q.mean, q.variance / q.n] for q in quantiles]}


def one_sided():
    rng = default_rng(6)
    a, b = mean(rng.normal(10, 3, 400)), mean(rng.normal(10.4, 4, 500))
    test = SequentialOneSidedTreatmentGreaterTTest([(a, b)], SequentialConfig(difference_type="absolute"))
    yield {"in": [[s.n, s.sum, s.sum_squares] for s in (a, b)], "out": test.halfwidth}


def risks():
    """Chance to win and risk with a flat prior, at distances where they used to overflow."""
    for mu, sigma in [(0.1, 1), (-0.3, 0.2), (2, 0.4)]:
        risk = EffectBayesianABTest.get_risk(mu, sigma)
        yield {"in": [mu, sigma], "out": [float(r) for r in risk]}


def write():
    Path(__file__).with_name("gbstats.json").write_text(json.dumps({"commit": COMMIT, "comparisons": list(cases()), "oneSided": list(one_sided()), "risks": list(risks())}, indent=1, default=float) + "\n")


write()
