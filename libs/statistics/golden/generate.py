"""Golden values for libs/statistics, by numpy, scipy and statsmodels.

    python -m venv VENV && VENV/bin/pip install -r requirements.txt && VENV/bin/python generate.py

Writes golden.json beside itself: per function a list of {"in": …, "out": …}. The versions are stated in it.
"""

import json
import math
from pathlib import Path

import numpy
import scipy
import statsmodels
from numpy.random import default_rng
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint, proportions_ztest
from statsmodels.stats.sandwich_covariance import S_hac_simple

SEED = 7


def normal_quantile():
    for p in [1e-10, 1e-6, 0.001, 0.025, 0.1, 0.25, 0.5, 0.6, 0.75, 0.9, 0.975, 0.999, 1 - 1e-6]:
        yield {"in": p, "out": stats.norm.ppf(p)}


def normal_cdf():
    for x in [-8, -5, -1.96, -0.5, 0, 0.1, 0.6744897501960817, 1, 3, 5, 8]:
        yield {"in": x, "out": stats.norm.cdf(x)}


def two_sided_probability():
    for z in [-3, -0.2, 0, 0.5, 1, 1.959963984540054, 2.5, 5]:
        yield {"in": z, "out": 2 * stats.norm.sf(abs(z))}


def two_sided_wilson():
    for right, samples in [(0, 1), (1, 1), (0, 60), (60, 60), (1, 2), (144, 180), (141, 180), (3, 1000)]:
        for confidence in [0.5, 0.9, 0.95, 0.99]:
            lower, upper = proportion_confint(right, samples, alpha=1 - confidence, method="wilson")
            yield {"in": [right / samples, samples, confidence], "out": [lower, upper]}


def wilson_of_effective_samples():
    """The same formula where the samples are worth a fraction: the roots of (p − x)² = z²·x·(1 − x) / n."""
    for p, n, confidence in [(0.8, 9, 0.75), (0.76, 8.55, 0.75), (0, 4.5, 0.75), (1, 4.5, 0.9), (0.5, 0.3, 0.6), (0.3, 9, 0.5)]:
        z = stats.norm.ppf(confidence)
        roots = numpy.roots([1 + z * z / n, -2 * p - z * z / n, p * p])
        yield {"in": [p, n, confidence], "out": sorted(float(root.real) for root in roots)}


def bartlett(deviations, lag):
    """S_hac_simple: Newey and West with the Bartlett kernel, not divided by the length."""
    return float(S_hac_simple(numpy.asarray(deviations, dtype=float)[:, None], nlags=lag)[0, 0])


def dependent_buckets(rng, length, per_bucket, base):
    """Right answers of buckets whose quality wanders: each bucket's chance follows an autoregression."""
    wander, buckets = 0.0, []
    for _ in range(length):
        wander = 0.8 * wander + rng.normal(0, 0.08)
        count = int(rng.integers(0, per_bucket + 1))
        buckets.append([int(rng.binomial(count, min(1, max(0, base + wander)))), count])
    return buckets


def long_run_variance():
    rng = default_rng(SEED)
    for length, lag in [(1, 0), (1, 21), (2, 1), (5, 21), (30, 0), (30, 5), (120, 21), (400, 21)]:
        deviations = rng.normal(0, 1, length).round(6).tolist()
        yield {"in": [deviations, lag], "out": bartlett(deviations, min(lag, length - 1)) if lag < length else by_hand(deviations, lag)}


def by_hand(deviations, lag):
    """Where the series is shorter than the lag, statsmodels shortens the kernel; ours keeps it."""
    d = numpy.asarray(deviations)
    gamma = numpy.correlate(d, d, "full")[len(d) - 1 :]
    weights = 1 - numpy.arange(len(gamma)) / (lag + 1)
    return float(gamma[0] + 2 * (weights[1:] * gamma[1:]).sum())


def design_effect():
    rng = default_rng(SEED)
    for length, lag, declared in [(30, 21, 20), (88, 21, 20), (87, 21, 20), (30, 5, 3), (200, 21, 20), (30, 0, 2)]:
        buckets = dependent_buckets(rng, length, 6, 0.75)
        right, samples = numpy.asarray(buckets).sum(axis=0)
        p = right / samples
        if length < 4 * (lag + 1):
            expected = declared
        else:
            d = [r - p * n for r, n in buckets]
            counts = numpy.asarray([n for _, n in buckets], dtype=float)
            reach = 2 * lag
            weights = numpy.concatenate([1 - numpy.arange(reach + 1) / (reach + 1), numpy.zeros(length)])
            apart = abs(numpy.subtract.outer(range(length), range(length)))
            taken_out = counts @ weights[apart] @ counts / samples**2
            freedom = max(3.0, samples**2 / (counts @ weights[apart] ** 2 @ counts) - 1)
            variance = bartlett(d, reach) / (1 - taken_out) * stats.t.var(freedom)
            expected = max(1.0, variance / (samples * p * (1 - p)))
        yield {"in": [buckets, lag, declared], "out": float(expected)}
    for buckets in [[[0, 0]] * 8, [[6, 6]] * 8, [[0, 6]] * 8]:
        yield {"in": [buckets, 0, 20], "out": 20}
    # Buckets that take turns vary less than independent ones: the effect is held at 1.
    yield {"in": [[[2, 4], [2, 4]] * 6, 0, 20], "out": 1.0}


def products_variance():
    rng = default_rng(SEED)
    for length, lag in [(30, 5), (88, 21), (200, 21), (30, 0)]:
        buckets = dependent_buckets(rng, length, 6, 0.75)
        right, samples = numpy.asarray(buckets).sum(axis=0)
        yield {"in": [buckets, lag], "out": bartlett([r - right / samples * n for r, n in buckets], lag)}


def sequence_half_width():
    """Waudby-Smith et al. 2021, equation 9 and appendix B, written as they write them."""
    for error, t, alpha, tuned in [(0.05, 60, 0.05, 60), (0.05, 1, 0.05, 60), (0.2, 7, 0.01, 100), (0.01, 5000, 0.1, 60), (0, 10, 0.05, 60)]:
        rho = math.sqrt((-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / tuned)
        deviation = error * math.sqrt(t)
        half = deviation * math.sqrt(2 * (t * rho**2 + 1) / (t**2 * rho**2) * math.log(math.sqrt(t * rho**2 + 1) / alpha))
        yield {"in": [error, t, alpha, tuned], "out": half}


def estimated_half_width():
    """The t statistic at which the odds reach 1 / alpha. With a normal prior of variance rho² over the standardised effect it
    is a t variable sqrt(1 + n·rho²) times as wide. The error is not corrected for the mean that was taken off; the statistic is."""
    for error, t, freedom, alpha, tuned in [(0.05, 60, 59, 0.05, 60), (0.02, 40, 12.5, 0.05, 60), (0.2, 400, 399, 0.1, 100), (1, 9, 8, 0.1, 20)]:
        rho = math.sqrt((-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / tuned)
        wider = math.sqrt(1 + t * rho**2)
        odds = lambda s: stats.t.logpdf(s, freedom, scale=wider) - stats.t.logpdf(s, freedom) + math.log(alpha)
        statistic = optimize.brentq(odds, 0.5, 200, xtol=1e-13)
        yield {"in": [error, t, freedom, alpha, tuned], "out": error * math.sqrt((freedom + 1) / freedom) * statistic}


def two_proportion():
    for counts, samples in [((40, 60), (100, 100)), ((0, 1), (1, 1)), ((10, 12), (20, 40)), ((500, 530), (1000, 1000)), ((3, 3), (10, 10))]:
        z, p = proportions_ztest(counts, samples)
        yield {"in": [counts, samples], "out": [float(z), float(p)]}


def mc_nemar():
    for first, second in [(1, 0), (0, 5), (3, 3), (5, 12), (40, 61), (700, 640), (1500, 1400)]:
        table = [[10, first], [second, 10]]
        exact = mcnemar(table, exact=True).pvalue
        chi = mcnemar(table, exact=False, correction=False)
        mid = 2 * stats.binom.cdf(min(first, second), first + second, 0.5) - stats.binom.pmf(min(first, second), first + second, 0.5)
        yield {"in": [first, second], "out": [float(exact), float(mid), float(chi.statistic), float(chi.pvalue)]}


def adjusted_p_values():
    rng = default_rng(SEED)
    for values in ([0.03], [0.5, 0.5], [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216], [1, 0, 0.2]):
        yield {"in": values, "out": stats.false_discovery_control(values).tolist()}
    for length in (5, 60):
        values = (rng.random(length) ** 3).tolist()
        yield {"in": values, "out": stats.false_discovery_control(values).tolist()}


def fisher_lower_tail():
    for first, second in [((2, 30), (58, 60)), ((0, 30), (5, 30)), ((24, 40), (616, 760)), ((40, 40), (700, 760)), ((5, 12), (5, 12)),
                          ((0, 5), (0, 9)), ((5, 5), (9, 9)), ((900, 1000), (9_300, 10_000)), ((90_000, 100_000), (905_000, 1_000_000))]:
        table = [[first[0], first[1] - first[0]], [second[0], second[1] - second[0]]]
        yield {"in": [first, second], "out": float(stats.fisher_exact(table, alternative="less").pvalue)}


def moments(values):
    values = numpy.asarray(values, dtype=float)
    return [len(values), float(values.sum()), float((values**2).sum())]


def mean_difference():
    """The pooled variance is that of all values about their common mean; of proportions it is statsmodels' own."""
    rng = default_rng(SEED)
    for first, second in [(40, 200), (30, 31), (500, 90)]:
        a, b = rng.exponential(2, first), rng.exponential(2.4, second)
        both = numpy.concatenate([a, b])
        z = (a.mean() - b.mean()) / math.sqrt(both.var() * (1 / first + 1 / second) * 1.5)
        yield {"in": [moments(a), moments(b), 1.5], "out": [float(a.mean() - b.mean()), float(z), float(stats.norm.cdf(z))]}
    for counts, samples in [((40, 60), (100, 100)), ((10, 12), (20, 40)), ((500, 530), (1000, 1000))]:
        z, p = proportions_ztest(counts, samples, alternative="smaller")
        sides = [[n, k, k] for k, n in zip(counts, samples)]
        yield {"in": [*sides, 1], "out": [counts[0] / samples[0] - counts[1] / samples[1], float(z), float(p)]}


def student_quantile():
    for p in [0.5, 0.6, 0.75, 0.9, 0.95, 0.975, 0.99, 0.999, 0.9999]:
        for freedom in [1, 2, 3, 5, 9, 30, 1000]:
            yield {"in": [p, freedom], "out": stats.t.ppf(p, freedom)}


def student_of_normal():
    for z in [-1.6448536269514722, 0.6744897501960817, 1.2815515655446004, 1.959963984540054, 2.5758293035489004]:
        for freedom in [5, 9, 30.5, 1000]:
            yield {"in": [z, freedom], "out": stats.t.ppf(stats.norm.cdf(z), freedom)}


def mean_interval():
    rng = default_rng(SEED)
    for length, confidence in [(10, 0.95), (12, 0.9), (50, 0.95), (400, 0.99)]:
        values = rng.exponential(size=length)
        mean, variance = float(values.mean()), float(values.var(ddof=1))
        lower, upper = stats.t.interval(confidence, length - 1, loc=mean, scale=math.sqrt(variance / length))
        yield {"in": [mean, variance, length, stats.norm.ppf((1 + confidence) / 2)], "out": [float(lower), float(upper)]}


def median_interval():
    """Hettmansperger and Sheather 1986, equation 4: between two neighbouring pairs of order statistics."""
    rng = default_rng(SEED)
    for length, confidence in [(6, 0.95), (7, 0.95), (10, 0.95), (10, 0.9), (25, 0.99), (64, 0.5)]:
        values = rng.exponential(size=length).round(6)
        ordered = numpy.sort(values)
        held = {k: 1 - 2 * stats.binom.cdf(k - 1, length, 0.5) for k in range(1, length // 2 + 1)}
        k = max(k for k, share in held.items() if share >= confidence)
        inner = (held[k] - confidence) / (held[k] - held[k + 1])
        weight = (length - k) * inner / (k + (length - 2 * k) * inner)
        lower = (1 - weight) * ordered[k - 1] + weight * ordered[k]
        upper = (1 - weight) * ordered[length - k] + weight * ordered[length - k - 1]
        yield {"in": [values.tolist(), confidence], "out": [float(lower), float(upper)]}


def theil_sen():
    rng = default_rng(SEED)
    for length, confidence in [(2, 0.95), (3, 0.95), (8, 0.9), (12, 0.95), (25, 0.99), (48, 0.95)]:
        x = numpy.cumsum(rng.exponential(size=length))
        y = 3 + 0.5 * x + rng.standard_t(2, size=length)
        yield theil_sen_case(x, y, confidence)
        # Equal values, of x and of y, among them.
        yield theil_sen_case(numpy.floor(x), numpy.round(y), confidence)


def theil_sen_case(x, y, confidence):
    slope, intercept, lower, upper = stats.theilslopes(y, x, confidence)
    return {"in": [list(zip(x.tolist(), y.tolist())), confidence], "out": [slope, lower, upper, intercept]}


CASES = {
    "normalQuantile": normal_quantile,
    "normalCdf": normal_cdf,
    "twoSidedProbability": two_sided_probability,
    "twoSidedWilson": two_sided_wilson,
    "oneSidedWilson": wilson_of_effective_samples,
    "longRunVariance": long_run_variance,
    "designEffect": design_effect,
    "productsVariance": products_variance,
    "sequenceHalfWidth": sequence_half_width,
    "estimatedHalfWidth": estimated_half_width,
    "twoProportionTest": two_proportion,
    "mcNemarTest": mc_nemar,
    "fisherLowerTail": fisher_lower_tail,
    "adjustedPValues": adjusted_p_values,
    "meanDifference": mean_difference,
    "studentQuantile": student_quantile,
    "studentOfNormal": student_of_normal,
    "meanInterval": mean_interval,
    "medianInterval": median_interval,
    "theilSen": theil_sen,
}

if __name__ == "__main__":
    golden = {"by": {package.__name__: package.__version__ for package in (numpy, scipy, statsmodels)}}
    golden |= {name: list(cases()) for name, cases in CASES.items()}
    lines = [f'"{name}": {json.dumps(value)}' for name, value in golden.items()]
    Path(__file__).with_name("golden.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
