"""Real models of scikit-learn: what the system says of them is what scikit-learn says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable, List, Tuple

import numpy
import pandas
import polars
import pytest
from moola_server import LONG, TOKEN, Moola, figures
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import (
    accuracy_score,
    mean_absolute_error,
    precision_score,
    recall_score,
    root_mean_squared_error,
)
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

import moola


@pytest.fixture(scope="module")
def cancer() -> Tuple[Any, Any, Any, Any, List[str]]:
    """Real measurements of 569 tumours, which lie in scikit-learn's wheel; class 1 is benign."""
    data = load_breast_cancer()
    x_train, x_test, y_train, y_test = train_test_split(data.data, data.target, test_size=0.5, random_state=0)
    return x_train, x_test, y_train, y_test, [str(name) for name in data.feature_names]


def test_a_model_that_serves_and_one_in_its_shadow(server: Moola, cancer: Any) -> None:
    x_train, x_test, y_train, y_test, names = cancer
    models = {
        "v1": ("shadow", DecisionTreeClassifier(max_depth=1, random_state=0).fit(x_train, y_train)),
        "v2": ("primary", make_pipeline(StandardScaler(), LogisticRegression()).fit(x_train, y_train)),
    }
    refusals: List[moola.Refusal] = []
    with moola.Client(server.url, token=TOKEN, environment="live", on_refused=refusals.append) as client:
        # The positive class of the definition is "1", as scikit-learn's.
        applied = client.apply(moola.performance_budget("tumours", min_accuracy=0.9, max_latency_ms=1000))
        assert applied == moola.Applied(("model tumours",), ())
        again = client.apply(moola.performance_budget("tumours", min_accuracy=0.9, max_latency_ms=1000))
        assert again == moola.Applied((), ("model tumours",))
        client.log_deployment("tumours", version="v2", by="the test")
        for version, (role, model) in models.items():
            for row, sample in enumerate(x_test):
                begin = time.perf_counter()
                answer = model.predict(sample.reshape(1, -1))[0]
                score = model.predict_proba(sample.reshape(1, -1))[0].max()
                client.log_prediction(
                    "tumours",
                    version=version,
                    input=numpy.int64(row),
                    class_=answer,
                    score=score,
                    latency_ms=(time.perf_counter() - begin) * 1000,
                    cost_usd=0.0001,
                    role=role,
                    segments={"large": sample[0] > 15},
                    features=dict(zip(names, sample)),
                )
        for row, truth in enumerate(y_test):
            client.log_outcome("tumours", input=int(row), truth=truth)
        assert client.flush(LONG)
        assert refusals == []
        assert client.stats == moola.Stats(accepted=1 + 3 * len(y_test), refused=0, dropped=0, buffered=0)

    def is_labelled(view: Any) -> bool:
        return all(
            figures(view, version).get("accuracy", {}).get("samples") == len(y_test)
            for version in models
            if any(each["version"] == version for each in view["versions"])
        ) and len(view["versions"]) == len(models)

    view = server.model("tumours", is_labelled)
    for version, (role, model) in models.items():
        answers = model.predict(x_test)
        found = figures(view, version)
        assert found["predictions"]["value"] == len(y_test)
        assert found["accuracy"]["value"] == pytest.approx(accuracy_score(y_test, answers), rel=1e-9)
        assert found["precision"]["value"] == pytest.approx(precision_score(y_test, answers), rel=1e-9)
        assert found["recall"]["value"] == pytest.approx(recall_score(y_test, answers), rel=1e-9)
        assert found["cost_per_prediction"]["value"] == pytest.approx(0.0001, rel=1e-9)
        assert found["latency_p50"]["value"] > 0
        shown = next(each for each in view["versions"] if each["version"] == version)
        assert (shown["role"], shown["serving"]) == (role, role == "primary")
    lines = {line["metric"]: line for line in view["versions"][0]["lines"]}
    assert (lines["accuracy"]["limit"], lines["accuracy"]["gate"]) == (0.9, True)
    assert lines["latency_p95"]["limit"] == 1000


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_batch_job_with_a_data_frame(server: Moola, cancer: Any, library: str) -> None:
    x_train, x_test, y_train, y_test, _ = cancer
    model = DecisionTreeClassifier(max_depth=2, random_state=0).fit(x_train, y_train)
    answers = model.predict(x_test)
    truths = [None if row % 10 == 0 else int(truth) for row, truth in enumerate(y_test)]
    columns = {
        "tumour": [f"t-{row}" for row in range(len(y_test))],
        "answer": answers,
        "p": model.predict_proba(x_test).max(axis=1),
        "truth": truths,
        "radius": x_test[:, 0],
    }
    frame: Any = pandas.DataFrame(columns) if library == "pandas" else polars.DataFrame(columns)
    name = f"tumours-{library}"
    with moola.Client(server.url, token=TOKEN) as client:
        count = client.log_dataframe(
            frame,
            name,
            version="v1",
            columns={"input": "tumour", "class": "answer", "score": "p", "truth": "truth"},
            features=["radius"],
        )
        assert client.flush(LONG)
        assert client.stats.accepted == count
    known = [row for row, truth in enumerate(truths) if truth is not None]
    assert count == len(y_test) + len(known)
    view = server.model(name, lambda view: figures(view, "v1").get("accuracy", {}).get("samples") == len(known))
    expected = accuracy_score(y_test[known], answers[known])
    assert figures(view, "v1")["accuracy"]["value"] == pytest.approx(expected, rel=1e-9)
    assert figures(view, "v1")["predictions"]["value"] == len(y_test)


def test_a_regression_and_a_model_of_several_classes(server: Moola) -> None:
    patients, wines = load_diabetes(), load_wine()
    rows, answered = slice(0, 200), slice(200, 442)
    regression = LinearRegression().fit(patients.data[rows], patients.target[rows])
    values, true_values = regression.predict(patients.data[answered]), patients.target[answered]
    tree = DecisionTreeClassifier(max_depth=2, random_state=0).fit(wines.data[::2], wines.target[::2])
    classes, true_classes = tree.predict(wines.data[1::2]), wines.target[1::2]
    with moola.Client(server.url, token=TOKEN) as client:
        client.apply(
            {"kind": "Model", "name": "diabetes", "task": "regression"},
            {"kind": "Model", "name": "wine", "task": "multiclass"},
        )
        for row, (value, true_value) in enumerate(zip(values, true_values)):
            client.log_prediction("diabetes", version="v1", input=row, value=value)
            client.log_outcome("diabetes", input=row, value=true_value)
        for row, (answer, truth) in enumerate(zip(classes, true_classes)):
            client.log_prediction("wine", version="v1", input=row, class_=answer)
            client.log_outcome("wine", input=row, truth=truth)
        assert client.flush(LONG)
        assert client.stats.refused == 0

    def samples(metric: str, count: int) -> Callable[[Any], bool]:
        return lambda view: figures(view, "v1").get(metric, {}).get("samples") == count

    found = figures(server.model("diabetes", samples("mae", len(values))), "v1")
    assert found["mae"]["value"] == pytest.approx(mean_absolute_error(true_values, values), rel=1e-9)
    assert found["rmse"]["value"] == pytest.approx(root_mean_squared_error(true_values, values), rel=1e-9)
    found = figures(server.model("wine", samples("accuracy", len(classes))), "v1")
    assert found["accuracy"]["value"] == pytest.approx(accuracy_score(true_classes, classes), rel=1e-9)


def test_the_example(server: Moola) -> None:
    example = Path(__file__).parents[2] / "examples/tumours.py"
    settings = {"MOOLA_URL": server.url, "MOOLA_TOKEN": TOKEN, "PYTHONPATH": str(example.parents[1] / "src")}
    done = subprocess.run(
        [sys.executable, str(example)], env={**os.environ, **settings}, capture_output=True, text=True, timeout=2 * LONG
    )
    # Half of 569 tumours are answered and come true; a job with two reports, three on a slow machine; a deployment.
    assert re.fullmatch(r"Stats\(accepted=57[34], refused=0, dropped=0, buffered=0\)\n", done.stdout), done
    assert done.stderr == ""
    view = server.model("example-tumours", lambda view: figures(view, "v1").get("accuracy", {}).get("samples") == 285)
    assert figures(view, "v1")["accuracy"]["value"] > 0.9
