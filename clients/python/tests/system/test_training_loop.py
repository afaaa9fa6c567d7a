"""A real training loop in NumPy, watched."""

from __future__ import annotations

from pathlib import Path

import numpy
import pytest
from moola_server import LONG, TOKEN, Moola, figures
from sklearn.datasets import load_breast_cancer

import moola


def test_a_training_job_and_its_model(server: Moola, tmp_path: Path) -> None:
    data = load_breast_cancer()
    x = (data.data - data.data.mean(axis=0)) / data.data.std(axis=0)
    y = data.target
    weights = numpy.zeros(x.shape[1])
    losses = []
    with moola.Client(server.url, token=TOKEN) as client:
        with client.training("tumours-numpy", job="fit-1", total_steps=200, every=0.0) as job:
            for step in range(1, 201):
                p = 1 / (1 + numpy.exp(-(x @ weights)))
                loss = -numpy.mean(y * numpy.log(p + 1e-12) + (1 - y) * numpy.log(1 - p + 1e-12))
                weights -= 0.5 * x.T @ (p - y) / len(y)
                losses.append(loss)
                job.step(step, loss=loss)
                if step % 100 == 0:
                    numpy.save(tmp_path / "weights.npy", weights)
                    job.checkpoint()
        assert losses[-1] < losses[0] / 5
        with pytest.raises(ZeroDivisionError), client.training("tumours-numpy", job="fit-2") as job:
            job.step(1, loss=1 / (len(losses) - 200))
        # The start, 200 steps, two checkpoints, the end; and the start and the end of the job that failed.
        assert client.flush(LONG)
        assert client.stats == moola.Stats(accepted=204 + 2, refused=0, dropped=0, buffered=0)

        answers = (x @ numpy.load(tmp_path / "weights.npy") > 0).astype(numpy.int8)
        for row, answer in enumerate(answers):
            client.log_prediction("tumours-numpy", version="fit-1", input=row, class_=answer)
            client.log_outcome("tumours-numpy", input=row, truth=y[row])
    view = server.model(
        "tumours-numpy", lambda view: figures(view, "fit-1").get("accuracy", {}).get("samples") == len(y)
    )
    assert figures(view, "fit-1")["accuracy"]["value"] == pytest.approx(numpy.mean(answers == y), rel=1e-9)
