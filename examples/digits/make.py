"""The log of the example: two models of handwritten digits, and what their metrics are at the end.

    python -m venv VENV && VENV/bin/pip install -r ../requirements.txt && VENV/bin/python make.py

The pictures are scikit-learn's `load_digits` (in its wheel). v1 has learned from the first 600 of them. v2 has learned from
as many, but somebody filtered its data: it has never seen an 8 or a 9. One picture comes every 10 seconds, both versions
answer, and the true digit is known five minutes later. v2 goes into service half-way.
"""

import csv
import gzip
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from time import perf_counter

import pandas
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

here = Path(__file__).parent
BEGIN = datetime(2026, 1, 5, 8, 0, tzinfo=timezone.utc)
EVERY = timedelta(seconds=10)
KNOWN_AFTER = timedelta(minutes=5)
WINDOW = timedelta(minutes=30)
TRAINED_ON = 600


def trained(pictures, digits):
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.02, max_iter=500)).fit(pictures, digits)


def text(time):
    return time.isoformat().replace("+00:00", "Z")


pictures, digits = load_digits(return_X_y=True)
learned, known = pictures[:TRAINED_ON], digits[:TRAINED_ON]
models = {"v1": trained(learned, known), "v2": trained(learned[known < 8], known[known < 8])}

rows = []
for i, (picture, truth) in enumerate(zip(pictures[TRAINED_ON:], digits[TRAINED_ON:])):
    time = BEGIN + i * EVERY
    for version, model in models.items():
        begun = perf_counter()
        probabilities = model.predict_proba([picture])[0]
        latency = 1000 * (perf_counter() - begun)
        answer = model.classes_[probabilities.argmax()]
        rows.append(
            {
                "time": text(time),
                "input": f"picture-{i}",
                "version": version,
                "class": str(answer),
                "score": round(float(probabilities.max()), 4),
                "latency_ms": round(latency, 3),
                "truth": str(truth),
                "known_at": text(time + KNOWN_AFTER),
            }
        )

end = BEGIN + (len(digits) - TRAINED_ON) * EVERY
half = BEGIN + (len(digits) - TRAINED_ON) // 2 * EVERY
with gzip.GzipFile(here / "log.csv.gz", "wb", mtime=0) as file:
    file.write(pandas.DataFrame(rows).to_csv(index=False, lineterminator="\n").encode())
with open(here / "releases.csv", "w", newline="") as file:
    releases = csv.writer(file, lineterminator="\n")
    releases.writerow(["time", "version", "build", "role", "by"])
    releases.writerow([text(BEGIN), "v1", "", "primary", "release-pipeline"])
    releases.writerow([text(half.replace(second=0)), "v2", "", "primary", "release-pipeline"])

# What became known in the last 30 minutes, as a window of Moola holds it: from its first instant on, before its end.
frame = pandas.DataFrame(rows)
known_at = pandas.to_datetime(frame["known_at"])
closing = pandas.Timestamp(end - EVERY).floor("min") + pandas.Timedelta(minutes=1)
inside = frame[(known_at >= closing - WINDOW) & (known_at < closing)]
expected = {}
for version, answers in inside.groupby("version"):
    truth, answer = answers["truth"], answers["class"]
    average = {"average": "macro", "zero_division": 0}
    expected[version] = {
        "labels": len(answers),
        "accuracy": accuracy_score(truth, answer),
        "macro_precision": precision_score(truth, answer, **average),
        "macro_recall": recall_score(truth, answer, **average),
        "macro_f1": f1_score(truth, answer, **average),
        "weighted_f1": f1_score(truth, answer, average="weighted", zero_division=0),
    }
answer = {
    "model": "digits",
    "until": text(closing.to_pydatetime()),
    "windowMs": WINDOW // timedelta(milliseconds=1),
    "versions": expected,
}
(here / "expected.json").write_text(json.dumps(answer, indent=2) + "\n")
