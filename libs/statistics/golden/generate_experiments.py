"""Golden values of what experiments are analysed with, by numpy, scipy and statsmodels.

    python -m venv VENV && VENV/bin/pip install -r requirements.txt && VENV/bin/python generate_experiments.py

Writes experiments.json beside itself: per function a list of {"in": …, "out": …}.
"""

import json
import math
from pathlib import Path

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from numpy.random import default_rng
from scipy import integrate, stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower, TTestIndPower
from statsmodels.stats.proportion import proportion_effectsize, proportions_ztest

SEED = 18

TABLES = [(120, 1000, 150, 1000), (1, 3, 2, 3), (0, 50, 4, 50), (499_000, 2_500_000, 501_500, 2_500_000), (30, 60, 5, 400), (9, 10, 990, 1000)]


def pooled():
    for a, n, b, m in TABLES:
        z, p = proportions_ztest([b, a], [m, n])
        yield {"in": [a, n, b, m], "out": [z, p]}


def unpooled():
    for a, n, b, m in TABLES:
        z, p = z_unpooled(a, n, b, m)
        yield {"in": [a, n, b, m], "out": [z, p]}


def z_unpooled(a, n, b, m):
    p, q = a / n, b / m
    z = (q - p) / math.sqrt(p * (1 - p) / n + q * (1 - q) / m)
    return z, 2 * stats.norm.sf(abs(z))


def fisher():
    for a, n, b, m in [*TABLES[:3], *TABLES[4:], (3, 9, 3, 9), (0, 5, 0, 5), (5, 5, 0, 5), (200, 10_000, 300, 10_000), (2, 7, 5, 9), (4900, 100_000, 5000, 101_000)]:
        yield {"in": [a, n, b, m], "out": stats.fisher_exact([[a, n - a], [b, m - b]]).pvalue}


def independence():
    for table in [[[10, 20], [30, 5]], [[12, 5, 9], [7, 7, 14], [3, 22, 8]], [[1000, 1020], [980, 1100]]]:
        result = stats.chi2_contingency(table, correction=False)
        yield {"in": table, "out": [result.statistic, result.dof, result.pvalue]}


def shares():
    for counts, weights in [([5000, 5100], [1, 1]), ([4800, 5200], [0.5, 0.5]), ([100, 210, 290], [1, 2, 3]), ([9_000_000, 1_010_000], [90, 10]), ([10, 0, 12], [1, 0, 1])]:
        kept = [(c, w) for c, w in zip(counts, weights) if w > 0]
        total = sum(c for c, _ in kept)
        weight = sum(w for _, w in kept)
        result = stats.chisquare([c for c, _ in kept], [w / weight * total for _, w in kept])
        yield {"in": [counts, weights], "out": [result.statistic, len(kept) - 1, result.pvalue]}


def samples():
    rng = default_rng(SEED)
    yield rng.normal(10, 2, 40).round(4), rng.normal(11, 5, 55).round(4)
    yield rng.exponential(3, 300).round(4), rng.exponential(3.4, 200).round(4)
    yield rng.normal(-50, 1, 12).round(4), rng.normal(-49, 1.5, 9).round(4)
    yield (1e6 + rng.normal(0, 1, 30)).round(6), (1e6 + rng.normal(0.5, 1, 30)).round(6)
    yield rng.normal(0, 1, 2).round(4), rng.normal(3, 1, 2).round(4)


def welch():
    for a, b in samples():
        # Nothing depends on where 0 is; far from it numpy's own variance has lost its digits.
        far = 1e6 if a[0] > 1e5 else 0
        result = stats.ttest_ind(b - far, a - far, equal_var=False)
        interval = result.confidence_interval(0.95)
        yield {"in": [a.tolist(), b.tolist()], "out": [result.statistic, result.df, result.pvalue, interval.low, interval.high]}


def paired():
    rng = default_rng(SEED + 1)
    for n in [3, 20, 400]:
        a = rng.normal(5, 2, n).round(4)
        b = (a + rng.normal(0.3, 1, n)).round(4)
        result = stats.ttest_rel(b, a)
        yield {"in": [a.tolist(), b.tolist()], "out": [result.statistic, result.df, result.pvalue]}


def ratio():
    """ΣX/ΣY by the delta method: the cluster-robust variance of a regression of X on Y through the origin, weighted by 1/Y."""
    rng = default_rng(SEED + 2)
    for n in [10, 200]:
        y = rng.integers(1, 9, n).astype(float)
        x = (y * rng.normal(2, 0.7, n)).round(4)
        value = x.sum() / y.sum()
        variance = np.var(x - value * y, ddof=1) / n / y.mean() ** 2
        yield {"in": [x.tolist(), y.tolist()], "out": [value, variance]}


def clustered():
    """The mean of rows in clusters: statsmodels' cluster-robust variance (with its small-sample factor for one regressor)."""
    rng = default_rng(SEED + 3)
    for clusters in [8, 60]:
        sizes = rng.integers(1, 7, clusters)
        groups = np.repeat(np.arange(clusters), sizes)
        values = (rng.normal(0, 1, clusters)[groups] + rng.normal(3, 1, sizes.sum())).round(4)
        fitted = sm.OLS(values, np.ones((len(values), 1))).fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False})
        # The estimate of the delta method divides by clusters − 1.
        variance = float(fitted.cov_params()[0, 0]) * clusters / (clusters - 1)
        sums = np.bincount(groups, values)
        yield {"in": [sums.tolist(), sizes.tolist()], "out": [float(fitted.params[0]), variance]}


def corrections():
    rng = default_rng(SEED + 4)
    for ps in [[0.01], [0.01, 0.04, 0.03, 0.005, 0.2], [0.05, 0.05, 1.0, 1e-300], rng.uniform(0, 1, 30).round(6).tolist(), [0.9, 0.8, 0.85]]:
        out = {name: multipletests(ps, method=method)[1].tolist() for name, method in [("bonferroni", "bonferroni"), ("holm", "holm"), ("benjaminiHochberg", "fdr_bh"), ("benjaminiYekutieli", "fdr_by")]}
        yield {"in": ps, "out": out}


def cohen():
    for baseline, effect, alpha, power in [(0.1, 0.02, 0.05, 0.8), (0.8, 0.03, 0.05, 0.8), (0.001, 0.0002, 0.01, 0.9), (0.5, -0.1, 0.1, 0.95)]:
        size = proportion_effectsize(baseline + effect, baseline)
        yield {"in": [baseline, effect, alpha, power], "out": [size, NormalIndPower().solve_power(abs(size), alpha=alpha, power=power, ratio=1)]}


def student():
    for size, alpha, power, ratio in [(0.2, 0.05, 0.8, 1), (0.5, 0.01, 0.9, 1), (0.01, 0.05, 0.8, 1), (1.5, 0.05, 0.8, 1), (0.3, 0.05, 0.8, 3)]:
        yield {"in": [size, alpha, power, ratio], "out": TTestIndPower().solve_power(size, alpha=alpha, power=power, ratio=ratio)}


def student_power():
    for size, n, alpha in [(0.2, 50, 0.05), (1, 5, 0.05), (0.1, 5000, 0.001), (0.5, 2, 0.05)]:
        yield {"in": [size, n, alpha], "out": TTestIndPower().power(size, n, alpha)}


def best_of_betas():
    """By scipy's quadrature."""
    for a, n, b, m in [(10, 100, 15, 100), (1, 3, 2, 3), (5000, 100_000, 5100, 100_000), (0, 50, 0, 40), (20, 1000, 80, 1000)]:
        control, treatment = stats.beta(1 + a, 1 + n - a), stats.beta(1 + b, 1 + m - b)
        low = max(0, min(control.mean() - 14 * control.std(), treatment.mean() - 14 * treatment.std()))
        high = min(1, max(control.mean() + 14 * control.std(), treatment.mean() + 14 * treatment.std()))
        pieces = np.linspace(low, high, 60)
        area = lambda f: sum(integrate.quad(f, s, e, epsabs=0, epsrel=1e-12)[0] for s, e in zip(pieces, pieces[1:]))
        yield {
            "in": [a, n, b, m],
            "out": [area(lambda x: treatment.pdf(x) * control.cdf(x)), area(lambda x: treatment.cdf(x) * control.sf(x)), area(lambda x: control.cdf(x) * treatment.sf(x))],
        }


def normal_loss():
    """E[max(0, −D)] of a normal D, by mpmath: scipy's truncated normal loses its digits far out."""
    import mpmath

    mpmath.mp.dps = 80
    for d, s in [(0, 1), (0.5, 0.3), (-0.5, 0.3), (10, 1), (20, 1), (36, 1), (-40, 1)]:
        z = mpmath.mpf(d) / s
        phi = mpmath.exp(-z * z / 2) / mpmath.sqrt(2 * mpmath.pi)
        yield {"in": [d, s], "out": float(s * phi - d * mpmath.erfc(z / mpmath.sqrt(2)) / 2)}


def group_sequential():
    """Crossing probabilities of the boundaries in Jennison and Turnbull's tables 2.1 and 2.3, by scipy's multivariate normal."""
    for shape, constant, looks, alpha in [("pocock", 2.178, 2, 0.05), ("pocock", 2.413, 5, 0.05), ("obrienFleming", 2.040, 5, 0.05), ("obrienFleming", 2.595, 3, 0.01)]:
        yield {"in": [shape, looks, alpha], "out": constant}


def crossing():
    for shares, bounds, drift in [([0.5, 1], [2.8, 1.98], 0), ([0.25, 0.5, 1], [3, 2.5, 2.1], 0), ([0.25, 0.5, 1], [3, 2.5, 2.1], 2.5)]:
        t = np.array(shares)
        cov = np.sqrt(np.minimum.outer(t, t) / np.maximum.outer(t, t))
        law = stats.multivariate_normal(drift * np.sqrt(t), cov, maxpts=20_000_000, abseps=1e-10, releps=1e-10, seed=1)
        yield {"in": [shares, bounds, drift], "out": 1 - law.cdf(np.array(bounds), lower_limit=-np.array(bounds))}


def write():
    makers = {
        "pooledProportions": pooled, "unpooledProportions": unpooled, "fisherTwoSided": fisher, "independenceTest": independence, "sharesTest": shares,
        "welchTest": welch, "pairedTest": paired, "ratioEstimate": ratio, "clusteredMean": clustered, "corrections": corrections,
        "cohenH": cohen, "studentSampleSize": student, "studentPower": student_power, "betaPosteriors": best_of_betas, "normalLoss": normal_loss,
        "constantBoundaries": group_sequential, "crossingByEnd": crossing,
    }
    versions = {"numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__}
    lines = [f'"{name}": [\n' + ",\n".join(json.dumps(row, default=float) for row in make()) + "\n]" for name, make in makers.items()]
    Path(__file__).with_name("experiments.json").write_text("{\n" + f'"by": {json.dumps(versions)},\n' + ",\n".join(lines) + "\n}\n")


write()
