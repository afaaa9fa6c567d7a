"""A small real training run, and its log: an LSTM in NumPy that reads handwritten digits row by row.

    python -m venv VENV && VENV/bin/pip install -r ../requirements.txt ../../clients/python && VENV/bin/python train.py

The pictures are scikit-learn's `load_digits` (in its wheel): eight rows of eight pixels, read as a sequence. The run reports on itself
with the Python client (`client.training`), which sends over HTTP to a recorder in this program; what it sent is `log.ndjson`. Weights and
batches come from a seed; times, pace and memory are those of the run. `expected.json` is computed from the log's lines alone.
"""

import gzip
import json
import tempfile
import threading
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import moola
import numpy
from sklearn.datasets import load_digits

here = Path(__file__).parent
MODEL, JOB = "digits-lstm", "fit-1"
STEPS, BATCH, HIDDEN, CHECKPOINT = 6000, 32, 32, 1000
RATE, DECAY, DECAY_SQUARES = 3e-3, 0.9, 0.999
BLOCKS, LATEST_MS = 10, 30 * 60 * 1000


def sigmoid(x):
    return 1 / (1 + numpy.exp(-x))


def loss_and_gradients(weights, pictures, digits):
    """Cross entropy of a batch, and its gradients through time."""
    w, u, b, v, c = weights
    h, cell = numpy.zeros((len(pictures), HIDDEN)), numpy.zeros((len(pictures), HIDDEN))
    seen = []
    for t in range(pictures.shape[1]):
        gates = pictures[:, t] @ w + h @ u + b
        i, f, o = (sigmoid(gates[:, k * HIDDEN : (k + 1) * HIDDEN]) for k in range(3))
        g = numpy.tanh(gates[:, 3 * HIDDEN :])
        seen.append((h, cell, i, f, o, g))
        cell = f * cell + i * g
        h = o * numpy.tanh(cell)
        seen[-1] += (cell,)
    scores = h @ v + c
    scores -= scores.max(axis=1, keepdims=True)
    shares = numpy.exp(scores) / numpy.exp(scores).sum(axis=1, keepdims=True)
    rows = numpy.arange(len(digits))
    loss = -numpy.log(shares[rows, digits]).mean()
    shares[rows, digits] -= 1
    shares /= len(digits)
    dw, du, db = numpy.zeros_like(w), numpy.zeros_like(u), numpy.zeros_like(b)
    dh, dcell = shares @ v.T, numpy.zeros_like(cell)
    for t in reversed(range(pictures.shape[1])):
        before, cell_before, i, f, o, g, cell = seen[t]
        squashed = numpy.tanh(cell)
        dcell = dcell + dh * o * (1 - squashed**2)
        dgates = numpy.hstack(
            [
                dcell * g * i * (1 - i),
                dcell * cell_before * f * (1 - f),
                dh * squashed * o * (1 - o),
                dcell * i * (1 - g**2),
            ]
        )
        dw += pictures[:, t].T @ dgates
        du += before.T @ dgates
        db += dgates.sum(axis=0)
        dh, dcell = dgates @ u.T, dcell * f
    return float(loss), (dw, du, db, h.T @ shares, shares.sum(axis=0))


def train(client):
    pictures, digits = load_digits(return_X_y=True)
    pictures = pictures.reshape(-1, 8, 8) / 16
    random = numpy.random.default_rng(1)
    sizes = [(8, 4 * HIDDEN), (HIDDEN, 4 * HIDDEN), (4 * HIDDEN,), (HIDDEN, 10), (10,)]
    weights = [random.normal(0, 0.1, size) for size in sizes]
    means, squares = [numpy.zeros(size) for size in sizes], [numpy.zeros(size) for size in sizes]
    folder = tempfile.TemporaryDirectory()
    with folder, client.training(MODEL, job=JOB, total_steps=STEPS, memory_limit_bytes=2**29, every=0.5) as job:
        for step in range(1, STEPS + 1):
            batch = random.integers(0, len(digits), BATCH)
            loss, gradients = loss_and_gradients(weights, pictures[batch], digits[batch])
            for k, gradient in enumerate(gradients):  # Adam (Kingma and Ba, 2015)
                means[k] = DECAY * means[k] + (1 - DECAY) * gradient
                squares[k] = DECAY_SQUARES * squares[k] + (1 - DECAY_SQUARES) * gradient**2
                size = RATE * numpy.sqrt(1 - DECAY_SQUARES**step) / (1 - DECAY**step)
                weights[k] -= size * means[k] / (numpy.sqrt(squares[k]) + 1e-8)
            job.step(step, loss=round(loss, 6))
            if step % CHECKPOINT == 0:
                numpy.savez(Path(folder.name) / f"{step}.npz", *weights)
                job.checkpoint()


class Recorder(BaseHTTPRequestHandler):
    """Answers as `POST /v1/events` does, and keeps the events."""

    events: list = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        events = json.loads(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
        Recorder.events += events
        answer = json.dumps({"accepted": len(events), "refused": 0, "events": []}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def record():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with moola.Client(f"http://127.0.0.1:{server.server_port}", source="train.py") as client:
        train(client)
        if not client.flush(30):
            raise SystemExit("not all events were sent")
    server.shutdown()
    lines = [json.dumps(event, separators=(",", ":")) for event in Recorder.events]
    (here / "log.ndjson").write_text("\n".join(lines) + "\n")


def expected():
    """By hand, from the lines of the log: what a view of the job must say at its end."""
    reports = [json.loads(line)["trainingProgress"] for line in (here / "log.ndjson").read_text().splitlines()]
    times = [round(datetime.fromisoformat(report["time"]).timestamp() * 1000) for report in reports]
    steps = [int(report["step"]) for report in reports]
    points = [(time - times[0], step) for time, step in zip(times, steps) if time >= times[-1] - LATEST_MS]
    edges = numpy.linspace(points[0][0], points[-1][0], BLOCKS + 1)
    done = numpy.interp(edges, *zip(*points))
    rates = numpy.diff(done) / (numpy.diff(edges) / 1000)
    return {
        "model": MODEL,
        "job": JOB,
        "state": reports[-1]["state"],
        "reports": len(reports),
        "step": steps[-1],
        "totalSteps": int(reports[-1]["totalSteps"]),
        "loss": [report["loss"] for report in reports if "loss" in report][-1],
        "stepsPerSecond": float(numpy.median(rates)),
        "checkpointsSaved": sum(report.get("checkpoint") == "saved" for report in reports),
        "checkpointsFailed": sum(report.get("checkpoint") == "failed" for report in reports),
        "secondsInAll": (times[-1] - times[0]) / 1000,
    }


if __name__ == "__main__":
    record()
    (here / "expected.json").write_text(json.dumps(expected(), indent=2) + "\n")
