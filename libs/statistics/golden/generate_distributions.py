"""Golden values of the distributions in libs/statistics, by mpmath with 60 digits (numerical, not scipy: scipy has no reference
for its own tails).

    python -m venv VENV && VENV/bin/pip install -r requirements.txt && VENV/bin/python generate_distributions.py

Writes distributions.json beside itself: per function a list of [arguments…, value]. Tails from the middle down to 1e-300.
"""

import json
from pathlib import Path

import mpmath
from mpmath import mp, mpf

mp.dps = 60
SMALLEST = mpf("1e-300")


def normal_cdf(x):
    return mpmath.erfc(-mpf(x) / mpmath.sqrt(2)) / 2


def gamma_tail(x, a, upper):
    """Series for P, continued by the exact complement; mpmath's own gammainc gives up at large shapes."""
    x, a = mpf(x), mpf(a)
    front = mpmath.exp(a * mpmath.log(x) - x - mpmath.loggamma(a + 1))
    if x < a + 1:
        total, term, n = mpf(1), mpf(1), 1
        while term > total * mpf(10) ** -50:
            term *= x / (a + n)
            total += term
            n += 1
        lower = front * total
        return 1 - lower if upper else lower
    # Lentz's continued fraction of Q
    b = x + 1 - a
    c = mpf(10) ** 300
    d = 1 / b
    h = d
    i = 1
    while True:
        an = -i * (i - a)
        b += 2
        d = 1 / (an * d + b)
        c = b + an / c
        step = d * c
        h *= step
        i += 1
        if abs(step - 1) < mpf(10) ** -50:
            break
    value = front * a * h
    return value if upper else 1 - value


def beta_lower(x, y, a, b):
    """I_x(a, b) with y = 1 − x, by Lentz's continued fraction on the side where it converges."""
    x, y, a, b = mpf(x), mpf(y), mpf(a), mpf(b)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_lower(y, x, b, a)
    front = mpmath.exp(a * mpmath.log(x) + b * mpmath.log(y) + mpmath.loggamma(a + b) - mpmath.loggamma(a) - mpmath.loggamma(b)) / a
    c, d = mpf(1), 1 / (1 - (a + b) * x / (a + 1))
    h = d
    m = 1
    while True:
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + numerator * d)
            c = 1 + numerator / c
            step = c * d
            h *= step
        m += 1
        if abs(step - 1) < mpf(10) ** -50:
            return front * h


def student_cdf(t, v):
    """Of a t at most 0."""
    t, v = mpf(t), mpf(v)
    return beta_lower(v / (v + t * t), t * t / (v + t * t), v / 2, mpf(1) / 2) / 2


def normal_quantile(p):
    p = mpf(p)
    z = -mpmath.sqrt(-2 * mpmath.log(p) - mpmath.log(2 * mpmath.pi)) if p < mpf("0.01") else mpf(-1) / 2
    for _ in range(200):
        tail = normal_cdf(z)
        step = mpmath.log(tail / p) * tail * mpmath.sqrt(2 * mpmath.pi) * mpmath.exp(z * z / 2)
        z -= step
        if abs(step) < mpf(10) ** -45:
            return z
    raise ValueError(p)


def student_quantile(p, v):
    """By bisection on ln(−t), then secants."""
    p = mpf(p)
    f = lambda s: mpmath.log(student_cdf(-mpmath.exp(s), v) / p)
    low, high = mpf(-60), mpf(10)
    while f(high) > 0:
        high *= 2
    while high - low > mpf("1e-20"):
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) > 0 else (low, middle)
    return -mpmath.exp((low + high) / 2)


def kept(value):
    return SMALLEST <= value <= 1


def rounded(value):
    """As JSON's shortest text of the nearest double."""
    return float(value)


def write():
    tables = {}

    tables["normalCdf"] = [[x, rounded(normal_cdf(x))] for x in [-37.04, -37, -30, -20, -10, -8, -5, -3, -1.96, -1, -0.3, -1e-9, 0, 0.5, 2, 6]]
    tails = [1e-300, 1e-250, 1e-200, 1e-100, 1e-50, 1e-20, 1e-16, 1e-12, 1e-10, 1e-9, 1e-6, 1e-4, 0.001, 0.01, 0.024999, 0.025, 0.1, 0.3, 0.49]
    tables["normalQuantile"] = [[p, rounded(normal_quantile(p))] for p in tails]

    shapes = [0.05, 0.5, 1, 2.5, 10, 30, 49, 49.5, 50, 50.5, 100, 200, 499.5, 1000, 2500, 5000, 12345.5, 100_000, 1_000_000]
    steps = [-35, -20, -8, -3, -1, -0.1, 0, 0.1, 1, 3, 8, 20, 35]
    lower, upper = [], []
    for a in shapes:
        for k in steps:
            x = float(a + k * a**0.5)
            if x <= 0:
                x = float(a * 10.0 ** (k / 2))
            low, high = gamma_tail(x, a, False), gamma_tail(x, a, True)
            if kept(low):
                lower.append([x, a, rounded(low)])
            if kept(high):
                upper.append([x, a, rounded(high)])
        for x in [a + 200, a + 600]:
            high = gamma_tail(x, a, True)
            if kept(high):
                upper.append([x, a, rounded(high)])
    tables["gammaLowerTail"], tables["gammaUpperTail"] = lower, upper
    tables["chiSquareUpperTail"] = [
        [x, v, rounded(gamma_tail(mpf(x) / 2, mpf(v) / 2, True))]
        for x, v in [(3.84, 1), (30, 1), (1370, 1), (1200, 50), (220, 200), (1100, 1000), (5200, 5000), (4800, 5000), (8500, 5000), (10_000, 9000), (100_000, 98_000), (200_000, 200_000), (201_000, 200_000), (220_000, 200_000), (199_000, 200_000)]
    ]
    tables["logGamma"] = [[x, rounded(mpmath.loggamma(mpf(x)))] for x in [1e-8, 0.1, 0.5, 1.5, 3.3, 10, 14.5, 15, 100.25, 5000, 1e6, 1e12]]

    beta_low, beta_up = [], []
    for a, b in [(0.5, 0.5), (1, 1), (2, 3), (20, 500), (100, 1000), (0.5, 5000), (5000, 0.5), (3000, 7000), (50_000, 50_000), (100_000, 900_000)]:
        mean, deviation = a / (a + b), (a * b / ((a + b) ** 2 * (a + b + 1))) ** 0.5
        for x in {1e-300, 1e-30, 1e-3, 0.2, 0.7, 0.999} | {mean + k * deviation for k in [-30, -8, -3, -0.5, 0, 0.5, 3, 8, 30]}:
            if not 0 < x < 1:
                continue
            y = 1 - mpf(x)
            low, high = beta_lower(x, y, a, b), beta_lower(y, x, b, a)
            if kept(low):
                beta_low.append([x, a, b, rounded(low)])
            if kept(high):
                beta_up.append([x, a, b, rounded(high)])
    tables["betaLowerTail"], tables["betaUpperTail"] = sorted(beta_low), sorted(beta_up)

    student = []
    for v in [0.7, 1, 2, 3, 4.5, 10, 30, 100, 1000, 9999.5, 100_000, 2_000_000]:
        for t in [1e-8, 0.1, 0.5, 1, 2, 3, 5, 8, 12, 20, 30, 36, 100, 1e4, 1e20]:
            value = student_cdf(t, v)
            if kept(value):
                student.append([-t, v, rounded(value)])
    tables["studentCdf"] = student
    tables["studentQuantile"] = [
        [p, v, rounded(student_quantile(p, v))] for v in [1, 2.5, 10, 100, 1000, 100_000] for p in [1e-100, 1e-30, 1e-10, 1e-4, 0.01, 0.025, 0.2, 0.26, 0.4, 0.4999]
    ]

    target = Path(__file__).with_name("distributions.json")
    lines = [f'"{name}": [\n' + ",\n".join(json.dumps(row) for row in rows) + "\n]" for name, rows in tables.items()]
    target.write_text("{\n" + f'"mpmath": "{mpmath.__version__}",\n' + ",\n".join(lines) + "\n}\n")
    print({name: len(rows) for name, rows in tables.items()})


write()
