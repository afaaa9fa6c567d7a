"""A model that answers, and learns later whether it was right.

    python clients/python/examples/tumours.py            # a server at localhost:8080, or MOOLA_URL and MOOLA_TOKEN

A real model (scikit-learn, on data that lies in its wheel) answers for half of the data; the page shows its accuracy.
"""

from __future__ import annotations

import time

import numpy
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import moola

MODEL = "example-tumours"


def main() -> None:
    data = load_breast_cancer()
    x_train, x_test, y_train, y_test = train_test_split(data.data, data.target, test_size=0.5, random_state=0)

    with moola.Client() as client:
        client.apply(moola.performance_budget(MODEL, min_accuracy=0.9))

        with client.training(MODEL, job=f"fit-{int(time.time())}", total_steps=1) as job:
            model = make_pipeline(StandardScaler(), LogisticRegression()).fit(x_train, y_train)
            job.step(1, loss=float(-numpy.mean(numpy.log(model.predict_proba(x_train)[numpy.arange(len(y_train)), y_train]))))

        client.log_deployment(MODEL, version="v1", by="examples/tumours.py")
        inputs = []
        for sample in x_test:
            begin = time.perf_counter()
            answer = model.predict(sample.reshape(1, -1))[0]
            milliseconds = (time.perf_counter() - begin) * 1000
            inputs.append(client.log_prediction(MODEL, version="v1", class_=answer, latency_ms=milliseconds))

        for input, truth in zip(inputs, y_test):
            client.log_outcome(MODEL, input=input, truth=truth)

        client.flush()
        print(client.stats)


if __name__ == "__main__":
    main()
