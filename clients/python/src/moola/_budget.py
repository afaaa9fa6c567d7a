"""The budget of the seed, as a definition."""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple

#: A definition, as a file of ``moola apply`` holds it.
Definition = Dict[str, Any]

#: By default the model that these limits were first written for.
DEFAULT_MODEL = "SimpleLSTM"


def performance_budget(
    model: str = DEFAULT_MODEL,
    *,
    min_accuracy: Optional[float] = 0.80,
    min_precision: Optional[float] = 0.75,
    min_recall: Optional[float] = 0.75,
    max_latency_ms: Optional[float] = 50.0,
    max_cost_per_prediction: Optional[float] = 0.001,
    accuracy_degradation_threshold: Optional[float] = 0.05,
    latency_increase_threshold: Optional[float] = 1.5,
) -> Definition:
    """The definition of a model with this budget, for :meth:`moola.Client.apply`, or for a file: JSON is YAML.

        client.apply(moola.performance_budget("churn", min_accuracy=0.85))

    Accuracy is the gate: it decides whether a version is good. ``None`` leaves a line out.

    :param model: as its events name it.
    :param min_accuracy: 0 to 1; as are precision and recall.
    :param max_latency_ms: of the 95th percentile, milliseconds.
    :param max_cost_per_prediction: mean, US dollars.
    :param accuracy_degradation_threshold: how far accuracy may fall below that of when the version was known good.
    :param latency_increase_threshold: how many times the latency of when the version was known good.
    :raises ValueError: a limit is out of its range.
    """
    ratio, amount, times = (0.0, 1.0), (0.0, _ANY), (1.0, _ANY)
    lines = [
        _line("min_accuracy", min_accuracy, ratio, "accuracy", "below", 100, severity="critical", gate=True),
        _line("min_precision", min_precision, ratio, "precision", "below", 30),
        _line("min_recall", min_recall, ratio, "recall", "below", 30),
        _line("max_latency_ms", max_latency_ms, amount, "latency_p95", "above", 30),
        _line("max_cost_per_prediction", max_cost_per_prediction, amount, "cost_per_prediction", "above", 30),
        _line("accuracy_degradation_threshold", accuracy_degradation_threshold, ratio, "accuracy_degradation", "above", 100),
        _line("latency_increase_threshold", latency_increase_threshold, times, "latency_increase", "above", 30),
    ]
    kept = [line for line in lines if line is not None]
    if not kept:
        raise ValueError("a budget needs one line at least: every limit is None")
    return {"kind": "Model", "name": model, "budget": {"lines": kept}}


_ANY = 1e30


def _line(
    name: str,
    limit: Optional[float],
    allowed: Tuple[float, float],
    metric: str,
    side: str,
    minimum_samples: int,
    **more: Any,
) -> Optional[Dict[str, Any]]:
    if limit is None:
        return None
    least, most = allowed
    if isinstance(limit, bool) or not isinstance(limit, (int, float)) or not least <= limit <= most:
        bounds = f"from {least:g} to {most:g}" if most < _ANY else f"from {least:g} on"
        raise ValueError(f"{name} is {limit!r}: expected a number {bounds}")
    # As JavaScript writes it: 50, not 50.0.
    written = int(limit) if float(limit).is_integer() else limit
    return {"metric": metric, side: written, **more, "minimumSamples": minimum_samples}
