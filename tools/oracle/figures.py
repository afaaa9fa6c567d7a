"""Figures of windows and of paired comparisons, as docs/semantics.md defines them."""

import math
from dataclasses import dataclass
from fractions import Fraction
from operator import mul
from statistics import NormalDist

from inputs import Answer

LABEL_METRICS = ("accuracy", "precision", "recall")
PLAIN_METRICS = (*LABEL_METRICS, "error_rate", "latency_p50", "latency_p95", "latency_p99", "cost_per_prediction")
BASELINE_METRICS = {"accuracy_degradation": "accuracy", "latency_increase": "latency_p95"}  # and what they rest on


@dataclass(frozen=True)
class Figure:
    exact: Fraction | None  # None: no samples
    samples: int

    @property
    def value(self) -> float | None:
        return None if self.exact is None else float(self.exact)


@dataclass(frozen=True)
class Comparison:
    """Correct answers an input, first − second."""

    pairs: int
    difference: float
    standard_error: float
    design_effect: float
    lower: float | None  # always valid; None: too few pairs
    upper: float | None

    def flipped(self) -> "Comparison":
        bounds = (None, None) if self.lower is None else (-self.upper, -self.lower)
        return Comparison(self.pairs, -self.difference, self.standard_error, self.design_effect, *bounds)


def decimal(written: float) -> Fraction:
    """The number that was written: 0.05 is 1/20, which no binary number is."""
    return Fraction(repr(written))


def ratio(part: Fraction | int, whole: int) -> Figure:
    return Figure(Fraction(part) / whole if whole else None, whole)


def breaks(limits: dict, compared: Fraction | float) -> bool:
    """Of a rule or a line. The limit itself is allowed."""
    if "below" in limits:
        return compared < decimal(limits["below"])
    return compared > decimal(limits["above"])


def label_figure(metric: str, labels: list[Answer]) -> Figure:
    if metric == "accuracy":
        return ratio(sum(row.right for row in labels), len(labels))
    found = sum(row.positive and row.truth for row in labels)
    if metric == "precision":
        return ratio(found, sum(row.positive for row in labels))
    return ratio(found, sum(row.truth for row in labels))


def traffic_figure(metric: str, rows: list[Answer]) -> Figure:
    if metric == "predictions":
        return Figure(Fraction(len(rows)), len(rows))
    if metric == "error_rate":
        return ratio(sum(row.failed for row in rows), len(rows))
    if metric == "cost_per_prediction":
        costs = [decimal(row.cost_usd) for row in rows if row.cost_usd is not None]
        return ratio(sum(costs), len(costs))
    percent = int(metric.removeprefix("latency_p"))
    latencies = sorted(row.latency_ms for row in rows if row.latency_ms is not None)
    if not latencies:
        return Figure(None, 0)
    return Figure(decimal(latencies[math.ceil(percent * len(latencies) / 100) - 1]), len(latencies))  # nearest rank


def wilson(p: float, n: float, z: float) -> tuple[float, float]:
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return middle - half, middle + half


def one_sided_bounds(figure: Figure, design_effect: float, confidence: float) -> tuple[float, float]:
    return wilson(figure.value, figure.samples / design_effect, NormalDist().inv_cdf(confidence))


def long_run_variance(d: list[float], lag: int) -> float:
    """Of the sum: Newey and West 1987, Bartlett kernel."""
    gamma = [sum(map(mul, d[k:], d)) for k in range(min(lag, len(d) - 1) + 1)]
    return gamma[0] + 2 * sum((1 - k / (lag + 1)) * gamma[k] for k in range(1, len(gamma)))


def accuracy_design_effect(buckets: list[list[Answer]], lag: int, declared: float) -> float:
    """`buckets`: the labels of each bucket of the window, empty ones included."""
    n = sum(map(len, buckets))
    right = [sum(row.right for row in bucket) for bucket in buckets]
    if len(buckets) < 4 * (lag + 1) or sum(right) in (0, n):
        return declared
    p = sum(right) / n
    counts = [len(bucket) for bucket in buckets]
    d = [right[t] - p * counts[t] for t in range(len(buckets))]
    reach = 2 * lag
    taken_out = long_run_variance(counts, reach) / n**2
    if taken_out >= 1:
        return declared
    freedom = max(3.0, degrees_of_freedom(counts, reach))
    return max(1.0, long_run_variance(d, reach) / (1 - taken_out) / (n * p * (1 - p)) * freedom / (freedom - 2))


LAGS = 120  # the most buckets over which dependence is looked for
ASSUMED_CORRELATION = 0.1  # of pairs in reach of each other, while nothing is estimated or declared


def compare(buckets: list[list[int]], lag: int, settings: dict) -> Comparison:
    """`buckets`: right(first) − right(second) of each pair, a list a bucket by prediction time, empty ones included."""
    D, n = [sum(bucket) for bucket in buckets], [len(bucket) for bucket in buckets]
    N, T = sum(n), sum(count > 0 for count in n)
    m = sum(D) / N
    q = sum(difference != 0 for bucket in buckets for difference in bucket) / N
    independent = max(N * (q - m * m), 1.0)
    L = min(LAGS, max(2 * lag, int(1.3 * math.sqrt(N * N / sum(count * count for count in n)))))
    S = max(long_run_variance([D[t] - m * n[t] for t in range(len(n))], L), 0.0)
    in_reach = long_run_variance(n, L) / N
    declared = settings.get("designEffect", 1)
    allowed = declared if declared > 1 else 1 + ASSUMED_CORRELATION * max(0.0, in_reach - 1)
    uncertain = S * uncertainty(T, degrees_of_freedom(n, L), settings)
    V = max(S, independent, min(uncertain, independent * allowed))
    se = math.sqrt(V) / N
    half = half_width(se, T, settings) if N >= settings["minimumPairs"] else None
    lower, upper = (None, None) if half is None else (max(-1.0, m - half), min(1.0, m + half))
    return Comparison(N, m, se, V / independent, lower, upper)


def degrees_of_freedom(n: list[int], lag: int) -> float:
    """Of the long-run variance with the Bartlett kernel, of buckets of these sizes."""
    products = [sum(map(mul, n[k:], n)) for k in range(min(lag, len(n) - 1) + 1)]
    weights = [(1 if k == 0 else 2) * (1 - k / (lag + 1)) ** 2 for k in range(len(products))]
    return max(0.0, sum(n) ** 2 / sum(map(mul, weights, products)) - 1)


def mixture(T: int, settings: dict) -> float:
    alpha = settings["alpha"]
    return T * (-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / settings["tunedFor"]


def uncertainty(T: int, freedom: float, settings: dict) -> float:
    """What a variance estimated with so few degrees of freedom has to be multiplied with: the sequential t test's boundary over
    that of a known variance. Infinite where so few cannot tell."""
    x = mixture(T, settings) + 1
    if freedom <= 0:
        return math.inf
    k = (math.sqrt(x) / settings["alpha"]) ** (2 / (freedom + 1))
    if k >= x:
        return math.inf
    return (freedom + 1) * (k - 1) * x / (x - k) / half_width(1, T, settings) ** 2


def half_width(se: float, T: int, settings: dict) -> float:
    """Asymptotic confidence sequence, Waudby-Smith et al. 2021: valid at every look."""
    x = mixture(T, settings) + 1
    return se * math.sqrt(2 * x / (x - 1) * math.log(math.sqrt(x) / settings["alpha"]))
