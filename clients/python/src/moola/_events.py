"""Events as ``POST /v1/events`` takes them, out of what the caller gave. Runs in the background thread."""

from __future__ import annotations

import traceback
from datetime import tzinfo
from typing import Any, Dict, Iterable, Mapping, Optional, Tuple

from ._values import (
    ValueProblem,
    epoch_text,
    instant,
    kind,
    number,
    plain,
    required_text,
    text,
    whole_number,
)

Event = Dict[str, Any]

_class_hint = (
    "a class is text or a whole number (a regression's answer goes into value, a probability into score)"
)


class Context:
    """What all events of a client have in common."""

    __slots__ = ("naive", "source")

    def __init__(self, source: str, naive: Optional[tzinfo]) -> None:
        self.source = source
        self.naive = naive

    def event(self, id: str, name: str, body: Event) -> Event:
        return {"id": id, "source": self.source, name: body}

    def when(self, field: str, given: Any, now: float) -> str:
        return epoch_text(now) if given is None else instant(field, given, self.naive)


def prediction(
    context: Context, id: str, now: float, model: Any, version: Any, input: Any, class_: Any, value: Any, score: Any,
    latency_ms: Any, cost_usd: Any, time: Any, role: Any, error: Any, build: Any, experiment_arm: Any, unit: Any,
    segments: Any, features: Any, probabilities: Any,
) -> Event:  # fmt: skip
    body: Event = {
        "model": required_text("prediction.model", model, "churn"),
        "version": required_text("prediction.version", version, "v7"),
        "input": required_text("prediction.input", input, "order-1"),
        "time": context.when("prediction.time", time, now),
    }
    _put(body, "class", text("prediction.class", class_, _class_hint))
    _put(body, "value", number("prediction.value", value))
    _put(body, "score", number("prediction.score", score))
    _put(body, "latencyMs", number("prediction.latencyMs", latency_ms))
    _put(body, "costUsd", number("prediction.costUsd", cost_usd))
    _put(body, "role", text("prediction.role", role))
    _put(body, "error", _error(error))
    _put(body, "build", text("prediction.build", build))
    _put(body, "experimentArm", text("prediction.experimentArm", experiment_arm))
    _put(body, "unit", text("prediction.unit", unit))
    if segments:
        _put(body, "segments", _segments(segments))
    if features:
        _put(body, "features", _numbers("prediction.features", features))
    if probabilities:
        _put(body, "probabilities", _numbers("prediction.probabilities", probabilities))
    return context.event(id, "prediction", body)


def outcome(
    context: Context, id: str, now: float, model: Any, input: Any, truth: Any, value: Any, known_at: Any, revision: Any,
) -> Event:  # fmt: skip
    body: Event = {
        "model": required_text("outcome.model", model, "churn"),
        "input": required_text("outcome.input", input, "order-1"),
        "knownAt": context.when("outcome.knownAt", known_at, now),
    }
    hint = "a class is text or a whole number (the true value of a regression goes into value)"
    _put(body, "truth", text("outcome.truth", truth, hint))
    _put(body, "value", number("outcome.value", value))
    _put(body, "revision", whole_number("outcome.revision", revision))
    if "truth" not in body and "value" not in body:
        raise ValueProblem("outcome.truth", "is missing: give the true class, or the true value of a regression in value")
    return context.event(id, "outcome", body)


def deployment(
    context: Context, id: str, now: float, model: Any, version: Any, role: Any, time: Any, weight: Any, by: Any,
    build: Any, incident: Any,
) -> Event:  # fmt: skip
    body: Event = {
        "model": required_text("deployment.model", model, "churn"),
        "version": required_text("deployment.version", version, "v7"),
        "role": required_text("deployment.role", role, "primary"),
        "time": context.when("deployment.time", time, now),
    }
    _put(body, "weight", number("deployment.weight", weight))
    _put(body, "by", text("deployment.by", by))
    _put(body, "build", text("deployment.build", build))
    _put(body, "incident", text("deployment.incident", incident))
    return context.event(id, "deployment", body)


def training_progress(
    context: Context, id: str, now: float, model: Any, job: Any, step: Any, loss: Any, memory_bytes: Any,
    memory_limit_bytes: Any, total_steps: Any, checkpoint: Any, state: Any, out_of_memory: bool,
) -> Event:  # fmt: skip
    body: Event = {
        "model": required_text("trainingProgress.model", model, "churn"),
        "job": required_text("trainingProgress.job", job, "fit-2026-01-31"),
        "time": epoch_text(now),
        "step": whole_number("trainingProgress.step", step) or 0,
    }
    _put(body, "loss", number("trainingProgress.loss", loss))
    _put(body, "memoryBytes", number("trainingProgress.memoryBytes", memory_bytes))
    _put(body, "memoryLimitBytes", number("trainingProgress.memoryLimitBytes", memory_limit_bytes))
    _put(body, "totalSteps", whole_number("trainingProgress.totalSteps", total_steps))
    _put(body, "checkpoint", checkpoint)
    _put(body, "state", state)
    if out_of_memory:
        body["outOfMemory"] = True
    return context.event(id, "trainingProgress", body)


def infrastructure_sample(
    context: Context, id: str, now: float, model: Any, instance: Any, cpu_ratio: Any, memory_bytes: Any,
    memory_limit_bytes: Any, memory_ratio: Any, gpu_ratio: Any, gpu_memory_ratio: Any, disk_ratio: Any,
    network_bytes_per_second: Any, time: Any,
) -> Event:  # fmt: skip
    body: Event = {
        "model": required_text("infrastructureSample.model", model, "churn"),
        "instance": required_text("infrastructureSample.instance", instance, "pod-1"),
        "time": context.when("infrastructureSample.time", time, now),
    }
    _put(body, "cpuRatio", number("infrastructureSample.cpuRatio", cpu_ratio))
    _put(body, "memoryBytes", number("infrastructureSample.memoryBytes", memory_bytes))
    _put(body, "memoryLimitBytes", number("infrastructureSample.memoryLimitBytes", memory_limit_bytes))
    _put(body, "memoryRatio", number("infrastructureSample.memoryRatio", memory_ratio))
    _put(body, "gpuRatio", number("infrastructureSample.gpuRatio", gpu_ratio))
    _put(body, "gpuMemoryRatio", number("infrastructureSample.gpuMemoryRatio", gpu_memory_ratio))
    _put(body, "diskRatio", number("infrastructureSample.diskRatio", disk_ratio))
    _put(body, "networkBytesPerSecond", number("infrastructureSample.networkBytesPerSecond", network_bytes_per_second))
    return context.event(id, "infrastructureSample", body)


def measurement(
    context: Context, id: str, now: float, model: Any, name: Any, value: Any, unit: Any, time: Any, version: Any,
    subject: Any,
) -> Event:  # fmt: skip
    body: Event = {
        "model": required_text("measurement.model", model, "churn"),
        "name": required_text("measurement.name", name, "revenue"),
        "time": context.when("measurement.time", time, now),
    }
    _put(body, "value", number("measurement.value", value))
    if "value" not in body:
        raise ValueProblem("measurement.value", "is missing: give a number such as 12.5")
    _put(body, "unit", text("measurement.unit", unit))
    _put(body, "version", text("measurement.version", version))
    _put(body, "subject", text("measurement.subject", subject))
    return context.event(id, "measurement", body)


def _put(body: Event, name: str, value: Any) -> None:
    if value is not None:
        body[name] = value


def _error(error: Any) -> Optional[str]:
    """An exception by its last line, such as ``ValueError: too short``."""
    if isinstance(error, BaseException):
        return "".join(traceback.format_exception_only(type(error), error)).strip() or type(error).__name__
    return text("prediction.error", error)


def _segments(segments: Any) -> Optional[Dict[str, str]]:
    entries: Dict[str, str] = {}
    for name, value in _items("prediction.segments", segments):
        value = plain(value)
        found = str(value).lower() if isinstance(value, bool) else text(f"prediction.segments.{name}", value)
        if found is not None:
            entries[name] = found
    return entries or None


def _numbers(field: str, given: Any) -> Optional[Dict[str, float]]:
    entries: Dict[str, float] = {}
    for name, value in _items(field, given):
        found = number(f"{field}.{name}", value)
        if found is not None:
            entries[name] = found
    return entries or None


def _items(field: str, given: Any) -> Iterable[Tuple[str, Any]]:
    if not isinstance(given, Mapping):
        raise ValueProblem(field, f"is {kind(given)}: a dict of names and values is expected")
    return ((str(name), value) for name, value in given.items())
