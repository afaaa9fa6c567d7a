"""Golden values for the catalogue of metrics, by scikit-learn.

    python -m venv VENV && VENV/bin/pip install -r requirements.txt && VENV/bin/python generate.py

Writes golden.json beside itself: cases, each with its task, rows (answer, truth) and what every metric is of them; null
where it is unknown. The versions are stated in it.
"""

import json
from pathlib import Path

import numpy
import sklearn
from numpy.random import default_rng
from sklearn import metrics

SEED = 11


def binary(name, answers, truths):
    answers, truths = numpy.asarray(answers), numpy.asarray(truths)
    both = len(set(truths)) == 2
    expected = {
        "accuracy": metrics.accuracy_score(truths, answers),
        "precision": metrics.precision_score(truths, answers) if answers.any() else None,
        "recall": metrics.recall_score(truths, answers) if truths.any() else None,
        "specificity": metrics.recall_score(truths, answers, pos_label=0) if (truths == 0).any() else None,
        "negative_predictive_value": metrics.precision_score(truths, answers, pos_label=0) if (answers == 0).any() else None,
        "f1": metrics.f1_score(truths, answers) if answers.any() or truths.any() else None,
        "balanced_accuracy": metrics.balanced_accuracy_score(truths, answers) if both else None,
        "mcc": metrics.matthews_corrcoef(truths, answers) if both and len(set(answers)) == 2 else None,
        "positives": int(truths.sum()),
        "labels": len(truths),
    }
    rows = [[str(a), str(t)] for a, t in zip(answers.tolist(), truths.tolist())]
    return {"name": name, "task": "binary", "rows": rows, "expected": expected}


def scored(name, scores, truths):
    scores, truths = numpy.asarray(scores), numpy.asarray(truths)
    # Thousandths as whole numbers: no score falls into another bin by rounding.
    bins = numpy.minimum((numpy.rint(scores * 1000).astype(int) * 10) // 1000, 9)
    calibration = sum(abs(truths[bins == i].sum() - scores[bins == i].sum()) for i in range(10)) / len(truths)
    both = len(set(truths)) == 2
    expected = {
        "roc_auc": metrics.roc_auc_score(truths, scores) if both else None,
        "log_loss": metrics.log_loss(truths, scores, labels=[0, 1]),
        "brier_score": metrics.brier_score_loss(truths, scores, pos_label=1) if both else float(numpy.mean((scores - truths) ** 2)),
        "expected_calibration_error": calibration,
        "labels": len(truths),
    }
    rows = [[str(int(s >= 0.5)), str(t), s] for s, t in zip(scores.tolist(), truths.tolist())]
    return {"name": name, "task": "binary", "rows": rows, "expected": expected}


def scored_cases(random):
    truths = (random.random(500) < 0.3).astype(int)
    yield scored("scores that say something", (random.beta(2, 5, 500) * 0.6 + truths * 0.35).round(3), truths)
    yield scored("scores that say nothing", random.random(400).round(3), (random.random(400) < 0.5).astype(int))
    yield scored("scores with many ties", random.choice([0.1, 0.5, 0.9], 300), (random.random(300) < 0.5).astype(int))
    yield scored("certain and sometimes wrong", (random.random(200) < 0.5).astype(float), (random.random(200) < 0.5).astype(int))
    yield scored("scores of one class", random.random(50).round(3), numpy.ones(50, int))


def binary_cases(random):
    for name, count, share, error in [
        ("balanced", 400, 0.5, 0.2),
        ("rare positives", 500, 0.03, 0.1),
        ("rare negatives", 300, 0.97, 0.3),
        ("worse than chance", 200, 0.5, 0.8),
    ]:
        truths = (random.random(count) < share).astype(int)
        flips = (random.random(count) < error).astype(int)
        yield binary(name, truths ^ flips, truths)
    yield binary("all right", [1, 0] * 20, [1, 0] * 20)
    yield binary("only positives", [1, 0, 1] * 10, [1, 1, 1] * 10)
    yield binary("only negatives, all answered so", [0] * 30, [0] * 30)
    yield binary("all answered positive", [1] * 30, [1, 0, 0] * 10)


def multiclass(name, answers, truths):
    def over(score, average):
        return score(truths, answers, average=average, zero_division=0)

    expected = {
        "accuracy": metrics.accuracy_score(truths, answers),
        "macro_precision": over(metrics.precision_score, "macro"),
        "macro_recall": over(metrics.recall_score, "macro"),
        "macro_f1": over(metrics.f1_score, "macro"),
        "weighted_f1": over(metrics.f1_score, "weighted"),
        "labels": len(truths),
        "precision": None,
    }
    return {"name": name, "task": "multiclass", "rows": list(zip(answers, truths)), "expected": expected}


def multiclass_cases(random):
    names = ["cat", "dog", "owl", "bee", "a class of several words"]
    for name, count, weights, error in [
        ("balanced", 400, [0.2] * 5, 0.25),
        ("one class is rare", 500, [0.5, 0.3, 0.15, 0.04, 0.01], 0.2),
    ]:
        truths = random.choice(names, count, p=weights)
        answers = numpy.where(random.random(count) < error, random.choice(names, count), truths)
        yield multiclass(name, answers.tolist(), truths.tolist())
    yield multiclass("answers that are never true, truths never answered", ["cat", "dog"] * 10, ["owl", "dog"] * 10)
    many = [f"class {i}" for i in range(150)]
    truths = random.choice(many, 600)
    yield multiclass("many classes", numpy.where(random.random(600) < 0.5, truths, random.choice(many, 600)).tolist(), truths.tolist())


def probable(name, classes, probabilities, truths):
    """Of several classes with the probability of each. A class that is in no answer has the probability 0."""
    probabilities, truths = numpy.asarray(probabilities), numpy.asarray(truths)
    answers = numpy.asarray(classes)[probabilities.argmax(axis=1)]
    scores = probabilities.max(axis=1)
    bins = numpy.minimum((numpy.rint(scores * 1000).astype(int) * 10) // 1000, 9)
    right = answers == truths
    expected = {
        "log_loss": metrics.log_loss(truths, probabilities, labels=classes),
        "brier_score": metrics.brier_score_loss(truths, probabilities, labels=classes),
        "expected_calibration_error": sum(abs(right[bins == i].sum() - scores[bins == i].sum()) for i in range(10)) / len(truths),
        "accuracy": metrics.accuracy_score(truths, answers),
        "labels": len(truths),
    }
    rows = [
        [a, t, {c: p for c, p in zip(classes, row) if p > 0}]
        for a, t, row in zip(answers.tolist(), truths.tolist(), probabilities.tolist())
    ]
    return {"name": name, "task": "multiclass", "rows": rows, "expected": expected}


def probable_cases(random):
    # labels= of scikit-learn is in alphabetical order.
    classes = ["bee", "cat", "dog", "owl"]

    def thousandths(alpha, count):
        shares = numpy.floor(random.dirichlet(alpha, count) * 1000)
        shares[:, 0] += 1000 - shares.sum(axis=1)
        return shares / 1000

    shares = thousandths([0.5] * 4, 400)
    likely = numpy.asarray([random.choice(classes, p=row) for row in shares])
    yield probable("probabilities that are true", classes, shares, likely)
    yield probable("probabilities that say nothing", classes, thousandths([5] * 4, 300), random.choice(classes, 300))
    never = numpy.hstack([thousandths([1] * 3, 200), numpy.zeros((200, 1))])
    yield probable("a truth that was given no probability", classes, never, random.choice(classes, 200))
    yield probable("certain and sometimes wrong", classes, numpy.eye(4)[random.integers(0, 4, 200)], random.choice(classes, 200))


def regression(name, answers, truths):
    answers, truths = numpy.asarray(answers, float), numpy.asarray(truths, float)
    nonzero = truths != 0
    expected = {
        "mae": metrics.mean_absolute_error(truths, answers),
        "rmse": metrics.root_mean_squared_error(truths, answers),
        "bias": float(numpy.mean(answers - truths)),
        "mape": metrics.mean_absolute_percentage_error(truths[nonzero], answers[nonzero])
        if nonzero.sum() >= 10
        else None,
        "r2": metrics.r2_score(truths, answers) if len(set(truths)) > 1 else None,
        "labels": len(truths),
    }
    return {"name": name, "task": "regression", "rows": list(zip(answers.tolist(), truths.tolist())), "expected": expected}


def regression_cases(random):
    truths = random.normal(100, 20, 500)
    yield regression("ordinary", truths + random.normal(2, 5, 500), truths)
    yield regression("tiny values", 1e-9 * (truths + random.normal(0, 3, 500)), 1e-9 * truths)
    yield regression("huge values", 1e27 * (truths + random.normal(0, 3, 500)), 1e27 * truths)
    # Far from 0: the textbook formula of the variance has no digit left here.
    far = 1e8 + random.normal(0, 0.01, 300)
    yield regression("truths far from 0", far + random.normal(0, 0.001, 300), far)
    mixed = random.normal(0, 1, 300) * 10.0 ** random.integers(-6, 6, 300)
    yield regression("of all sizes and both signs", mixed * random.uniform(0.5, 1.5, 300), mixed)
    sparse = numpy.where(random.random(200) < 0.7, 0, random.exponential(50, 200))
    yield regression("many truths of 0", sparse + random.normal(0, 1, 200), sparse)
    yield regression("worse than the mean", random.normal(0, 50, 100), random.normal(10, 1, 100))
    yield regression("all truths alike", [5.5, 4.5, 5.0, 6.0] * 5, [5.0] * 20)
    yield regression("all right", [1.5, 2.5, -3.0] * 6, [1.5, 2.5, -3.0] * 6)


random = default_rng(SEED)
golden = {
    "versions": {"numpy": numpy.__version__, "scikit-learn": sklearn.__version__},
    "cases": [*binary_cases(random), *scored_cases(random), *regression_cases(random), *multiclass_cases(random), *probable_cases(random)],
}
Path(__file__).with_name("golden.json").write_text(json.dumps(golden, ensure_ascii=False) + "\n")
