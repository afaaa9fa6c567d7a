"""The client: what a program calls."""

from __future__ import annotations

import time as clock
from datetime import tzinfo
from os import PathLike
from types import TracebackType
from typing import Any, Iterable, Mapping, Optional, Sequence, Type, Union

from . import _events, _settings
from ._definitions import Applied, apply
from ._frames import Frame, FrameColumns, log_frame
from ._http import Connection
from ._machine import host_name
from ._report import OnRefused, Stats
from ._sender import Sender, SenderSettings
from ._training import Training
from ._values import Instant, Label, Number, ValueProblem, text


class Client:
    """Logs what models do. Safe to use from any thread, and after a fork.

    The ``log_…`` methods put an event into a buffer and return: they never wait for the network and never raise because of
    the server or of a value. What cannot be sent, and what the server refuses, is written to the logger ``moola`` and given
    to ``on_refused``.

    :param url: the server's address; else ``MOOLA_URL``, else ``http://localhost:8080``.
    :param token: an API token of the role ``ingest``; else ``MOOLA_TOKEN``.
    :param environment: the environment that events must go into; else ``MOOLA_ENVIRONMENT``. A server that takes events for
        another one refuses them. ``None``: whichever the server takes them for.
    :param source: who sends, such as ``fraud-service-eu``; else ``MOOLA_SOURCE``, else ``python``.
    :param on_refused: called in the background thread with each event that was refused, and why.
    :param naive_times: whose clock times without a zone mean, such as ``"UTC"``. ``None``: such times are refused.
    :param capacity: events that the buffer holds. When it is full the oldest is dropped, and counted.
    :param batch_size: events that are sent at once, at most.
    :param flush_interval: seconds that an event waits for others, at most.
    :param timeout: seconds for one request, the response included.
    :param exit_timeout: seconds for which the end of the program may be held up to send what is left.
    :raises ValueError: a setting is wrong.
    """

    def __init__(
        self,
        url: Optional[str] = None,
        *,
        token: Optional[str] = None,
        environment: Optional[str] = None,
        source: Optional[str] = None,
        on_refused: Optional[OnRefused] = None,
        naive_times: Union[tzinfo, str, None] = None,
        capacity: int = 20_000,
        batch_size: int = 500,
        flush_interval: float = 1.0,
        timeout: float = 10.0,
        exit_timeout: float = 5.0,
    ) -> None:
        self._address = _settings.address(url)
        self._token = _settings.token(token)
        self._environment = _settings.environment(environment)
        self._timeout = _settings.positive("timeout", timeout)
        self._context = _events.Context(_settings.source(source), _settings.zone(naive_times))
        self._exit_timeout = exit_timeout
        bounds = SenderSettings(
            int(_settings.positive("capacity", capacity)),
            int(_settings.positive("batch_size", batch_size)),
            _settings.positive("flush_interval", flush_interval),
            exit_timeout,
        )
        connection = Connection(self._address, self._token, self._timeout)
        self._sender = Sender(connection, self._context, bounds, self._environment, on_refused)

    def log_prediction(
        self,
        model: str,
        *,
        version: Label,
        input: Optional[Label] = None,
        class_: Optional[Label] = None,
        value: Optional[Number] = None,
        score: Optional[Number] = None,
        latency_ms: Optional[Number] = None,
        cost_usd: Optional[Number] = None,
        time: Optional[Instant] = None,
        role: Optional[str] = None,
        error: Union[str, BaseException, None] = None,
        build: Optional[Label] = None,
        experiment_arm: Optional[Label] = None,
        unit: Optional[Label] = None,
        segments: Optional[Mapping[str, Label]] = None,
        features: Optional[Mapping[str, Number]] = None,
        probabilities: Optional[Mapping[Label, Number]] = None,
    ) -> str:
        """One version's answer to one input.

        :param version: the release that answered.
        :param input: the id of what was scored; its outcome names the same. Left out, one is made up.
        :param class_: the class that was answered; ``True`` is ``"1"``, ``1.0`` is ``"1"``.
        :param value: a regression's answer.
        :param score: probability of the answered or of the positive class, 0 to 1.
        :param latency_ms: milliseconds.
        :param cost_usd: US dollars.
        :param time: when; now, if left out.
        :param role: ``primary`` (its answer was used; the default), ``shadow`` or ``canary``.
        :param error: why the model failed to answer: a short reason, or the exception.
        :param build: a refit of the same version.
        :param experiment_arm: the arm of an experiment that served this input.
        :param unit: who or what the experiment assigns to an arm, such as a customer: inputs of one unit depend on each other.
        :param segments: such as ``{"country": "de"}``.
        :param features: numbers that the model saw.
        :param probabilities: of a model of several classes, how probable it holds each; together 1. With scikit-learn:
            ``dict(zip(model.classes_, model.predict_proba(x)[0]))``.
        :returns: the input's id.
        """
        sender = self._sender
        id = sender.next_id()
        if input is None:
            input = id
        if segments is not None:
            segments = _copied(segments)
        if features is not None:
            features = _copied(features)
        if probabilities is not None:
            probabilities = _copied(probabilities)
        sender.put(
            _events.prediction,
            (
                id, clock.time(), model, version, input, class_, value, score, latency_ms, cost_usd, time, role, error,
                build, experiment_arm, unit, segments, features, probabilities,
            ),
        )  # fmt: skip
        return input if type(input) is str else _id_text(input)

    def log_outcome(
        self,
        model: str,
        *,
        input: Label,
        truth: Optional[Label] = None,
        value: Optional[Number] = None,
        known_at: Optional[Instant] = None,
        revision: Optional[int] = None,
    ) -> None:
        """What turned out to be true of an input.

        :param truth: the true class.
        :param value: the true value of a regression.
        :param known_at: when it became known; now, if left out.
        :param revision: a larger one corrects an earlier outcome of the same input.
        """
        sender = self._sender
        sender.put(_events.outcome, (sender.next_id(), clock.time(), model, input, truth, value, known_at, revision))

    def log_deployment(
        self,
        model: str,
        *,
        version: Label,
        role: str = "primary",
        by: Optional[str] = None,
        weight: Optional[Number] = None,
        time: Optional[Instant] = None,
        build: Optional[Label] = None,
        incident: Optional[str] = None,
    ) -> None:
        """A version begins to serve, or its share changes.

        :param role: ``primary``, ``shadow`` or ``canary``.
        :param by: who did it: a person, a pipeline.
        :param weight: share of the traffic, 0 to 1; all of it, if left out.
        :param incident: the incident whose rollback this is.
        """
        sender = self._sender
        sender.put(
            _events.deployment,
            (sender.next_id(), clock.time(), model, version, role, time, weight, by, build, incident),
        )

    def log_infrastructure(
        self,
        model: str,
        *,
        instance: Optional[str] = None,
        cpu_ratio: Optional[Number] = None,
        memory_bytes: Optional[Number] = None,
        memory_limit_bytes: Optional[Number] = None,
        memory_ratio: Optional[Number] = None,
        gpu_ratio: Optional[Number] = None,
        gpu_memory_ratio: Optional[Number] = None,
        disk_ratio: Optional[Number] = None,
        network_bytes_per_second: Optional[Number] = None,
        time: Optional[Instant] = None,
    ) -> None:
        """A sample of what serves or trains a model. Ratios are from 0 to 1.

        :param instance: which machine or pod; this machine's name, if left out.
        :param memory_limit_bytes: what the instance may use.
        :param memory_ratio: memory used, where bytes and limit are not known.
        :param gpu_ratio: how busy its GPUs are, all together.
        :param gpu_memory_ratio: how much of the memory of its GPUs is used.
        :param disk_ratio: how full the fullest disk is.
        """
        sender = self._sender
        sender.put(
            _events.infrastructure_sample,
            (
                sender.next_id(), clock.time(), model, host_name() if instance is None else instance, cpu_ratio,
                memory_bytes, memory_limit_bytes, memory_ratio, gpu_ratio, gpu_memory_ratio, disk_ratio,
                network_bytes_per_second, time,
            ),
        )  # fmt: skip

    def log_measurement(
        self,
        model: str,
        *,
        name: str,
        value: Number,
        unit: Optional[str] = None,
        time: Optional[Instant] = None,
        version: Optional[Label] = None,
        subject: Optional[Label] = None,
    ) -> None:
        """A number that your own systems know: the revenue of an order, a rating, GPU hours.

        :param name: what is measured, such as ``revenue``; a model has at most 100 of them.
        :param value: may be negative and fractional.
        :param unit: of measure, such as ``USD``: the same for every value of the name.
        :param time: when; now, if left out.
        :param version: the version that it is about, where it is about one.
        :param subject: an id of whom or what it was measured of, such as a customer.
        """
        sender = self._sender
        sender.put(
            _events.measurement,
            (sender.next_id(), clock.time(), model, name, value, unit, time, version, subject),
        )

    def log_dataframe(
        self,
        frame: Frame,
        model: str,
        *,
        version: Optional[Label] = None,
        columns: Optional[FrameColumns] = None,
        segments: Sequence[str] = (),
        features: Sequence[str] = (),
        probabilities: Optional[Mapping[Label, str]] = None,
        time: Optional[Instant] = None,
        known_at: Optional[Instant] = None,
        role: Optional[str] = None,
        build: Optional[Label] = None,
        experiment_arm: Optional[Label] = None,
        errors: str = "raise",
        timeout: float = 60.0,
    ) -> int:
        """The predictions, the outcomes, or both of a pandas or polars data frame: a row an input.

        A row becomes a prediction if the frame has one of the columns ``class``, ``value``, ``score``, ``error``; and an
        outcome if it has ``truth`` or ``true_value``, and the row's is not missing. Missing cells (``None``, NaN, ``NaT``,
        null) leave a field out; in ``input``, ``version``, ``time`` and ``known_at`` they are errors.

        Unlike the other methods it may wait, for room in the buffer, and it raises: a batch job can mend its frame.

        :param columns: which column holds which field, such as ``{"input": "user_id", "class": "answer"}``. Fields: input,
            class, value, score, latency_ms, cost_usd, error, time, version, role, build, experiment_arm, unit, truth,
            true_value, known_at, revision. Left out: columns that are named as the fields.
        :param segments: columns whose texts are segments of the prediction.
        :param features: columns whose numbers are features of the prediction.
        :param probabilities: of each class, which column holds how probable it is, such as ``{"cat": "p_cat", "dog": "p_dog"}``.
        :param errors: ``"raise"``: nothing is logged when a cell is wrong. ``"skip"``: wrong rows are left out, and reported
            as refused events are.
        :param timeout: seconds to wait for room in the buffer; rows beyond are dropped, and counted.
        :returns: how many events were put into the buffer.
        :raises DataFrameError: cells are wrong; it names row and column of the first.
        :raises ValueError: columns are missing, or unclear.
        """
        constants = {
            "version": version,
            "time": time,
            "known_at": known_at,
            "role": role,
            "build": build,
            "experiment_arm": experiment_arm,
        }
        return log_frame(self._sender, self._context, frame, model, columns, segments, features, probabilities or {}, constants, errors, timeout)

    def training(
        self,
        model: str,
        *,
        job: str,
        total_steps: Optional[int] = None,
        memory_limit_bytes: Optional[int] = None,
        every: float = 1.0,
    ) -> Training:
        """A training job, for a ``with`` statement: finished when it ends, failed when an exception leaves it.

            with client.training("churn", job="fit-2026-01-31", total_steps=1000) as job:
                for step in range(1, 1001):
                    job.step(step, loss=train_one_batch())
                job.checkpoint()

        :param job: a name of this run.
        :param total_steps: how many there will be, if that is known.
        :param memory_limit_bytes: what the job may use; this container's or machine's limit, if left out.
        :param every: seconds between two reports, at the least; the last step is always reported.
        """
        return Training(self._sender, self, model, job, total_steps, memory_limit_bytes, every)

    def apply(
        self,
        *definitions: Union[Mapping[str, Any], Iterable[Mapping[str, Any]], str, "PathLike[str]"],
        token: Optional[str] = None,
        timeout: float = 30.0,
    ) -> Applied:
        """Applies definitions, as ``moola apply`` does: all of them or none. It waits for the answer.

        :param definitions: such as :func:`moola.performance_budget` makes, text of YAML or JSON, or the path of a file.
        :param token: an API token of the role ``operator``, where the client's own has only ``ingest``.
        :raises ApplyError: nothing was applied; it names every problem.
        """
        connection = Connection(self._address, self._token if token is None else _settings.token(token), timeout)
        return apply(connection, self._address.url, self._environment or "live", definitions)

    def flush(self, timeout: Optional[float] = 10.0) -> bool:
        """Waits until everything that was logged before has been answered.

        :param timeout: seconds; ``None``: for ever.
        :returns: false where that was not so in time.
        """
        return self._sender.flush(timeout)

    def close(self, timeout: Optional[float] = None) -> bool:
        """Sends what is left and ends the thread. What is logged later is dropped.

        :param timeout: seconds; ``exit_timeout``, if left out.
        :returns: false where not everything could be sent in time.
        """
        return self._sender.close(self._exit_timeout if timeout is None else timeout)

    @property
    def stats(self) -> Stats:
        """What became of the events so far."""
        return self._sender.stats()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    def __del__(self) -> None:
        sender = getattr(self, "_sender", None)
        if sender is not None:
            sender.end_soon(self._exit_timeout)


def _copied(given: Any) -> Any:
    """The caller may change it before it is sent."""
    try:
        return dict(given)
    except Exception:  # what it is instead is said when it is sent
        return given


def _id_text(given: Any) -> str:
    try:
        return text("input", given) or ""
    except ValueProblem:
        return ""
    except Exception:
        return ""
