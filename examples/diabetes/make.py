"""The log of the example: two models of how diabetes progresses, and what their metrics are at the end.

    python -m venv VENV && VENV/bin/pip install -r ../requirements.txt && VENV/bin/python make.py

The patients are scikit-learn's `load_diabetes` (in its wheel): ten measurements, and the progress of the disease a year later,
a number from 25 to 346. v1 is a ridge regression that has learned from the first 150 patients. v2 is the same, but its pipeline
takes the progress as it was in another unit for one in three of its patients, so that it answers too low. One patient comes
each minute, both versions answer, and the outcome is known half an hour later. v2 goes into service after three hours.
"""

import csv
import gzip
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from time import perf_counter

import numpy
import pandas
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_absolute_error, mean_absolute_percentage_error, r2_score, root_mean_squared_error

here = Path(__file__).parent
BEGIN = datetime(2026, 1, 5, 8, 0, tzinfo=timezone.utc)
EVERY = timedelta(minutes=1)
KNOWN_AFTER = timedelta(minutes=30)
WINDOW = timedelta(hours=1)
RELEASED_AFTER = timedelta(hours=3)
TRAINED_ON = 150


def text(time):
    return time.isoformat().replace("+00:00", "Z")


patients, progress = load_diabetes(return_X_y=True)
learned = progress[:TRAINED_ON]
mistaken = numpy.where(numpy.arange(TRAINED_ON) % 3 == 0, learned / 10, learned)
models = {
    "v1": Ridge(alpha=0.1).fit(patients[:TRAINED_ON], learned),
    "v2": Ridge(alpha=0.1).fit(patients[:TRAINED_ON], mistaken),
}

rows = []
for i, (patient, truth) in enumerate(zip(patients[TRAINED_ON:], progress[TRAINED_ON:])):
    time = BEGIN + i * EVERY
    for version, model in models.items():
        begun = perf_counter()
        value = float(model.predict([patient])[0])
        rows.append(
            {
                "time": text(time),
                "input": f"patient-{i}",
                "version": version,
                "value": round(value, 4),
                "latency_ms": round(1000 * (perf_counter() - begun), 3),
                "truth": truth,
                "known_at": text(time + KNOWN_AFTER),
            }
        )

with gzip.GzipFile(here / "log.csv.gz", "wb", mtime=0) as file:
    file.write(pandas.DataFrame(rows).to_csv(index=False, lineterminator="\n").encode())
with open(here / "releases.csv", "w", newline="") as file:
    releases = csv.writer(file, lineterminator="\n")
    releases.writerow(["time", "version", "build", "role", "by"])
    releases.writerow([text(BEGIN), "v1", "", "primary", "release-pipeline"])
    releases.writerow([text(BEGIN + RELEASED_AFTER), "v2", "", "primary", "release-pipeline"])

# What became known in the last hour, as a window of Moola holds it: from its first instant on, before its end.
frame = pandas.DataFrame(rows)
known_at = pandas.to_datetime(frame["known_at"])
closing = pandas.Timestamp(BEGIN + (len(progress) - TRAINED_ON) * EVERY)
inside = frame[(known_at >= closing - WINDOW) & (known_at < closing)]
expected = {}
for version, answers in inside.groupby("version"):
    truth, value = answers["truth"], answers["value"]
    expected[version] = {
        "labels": len(answers),
        "mae": mean_absolute_error(truth, value),
        "rmse": root_mean_squared_error(truth, value),
        "mape": mean_absolute_percentage_error(truth, value),
        "r2": r2_score(truth, value),
        "bias": float((value - truth).mean()),
    }
answer = {
    "model": "diabetes",
    "until": text(closing.to_pydatetime()),
    "windowMs": WINDOW // timedelta(milliseconds=1),
    "versions": expected,
}
(here / "expected.json").write_text(json.dumps(answer, indent=2) + "\n")
