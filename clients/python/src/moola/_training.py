"""A training job that reports on itself."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Optional, Type

from . import _events
from ._machine import memory_bytes as own_memory
from ._machine import memory_limit_bytes as own_limit
from ._sender import Sender, log
from ._values import Number, ValueProblem, number


class Training:
    """A training job; made by :meth:`moola.Client.training`. Its methods never raise and never wait."""

    def __init__(
        self,
        sender: Sender,
        owner: object,
        model: str,
        job: str,
        total_steps: Optional[int],
        memory_limit_bytes: Optional[int],
        every: float,
    ) -> None:
        self._sender = sender
        # A client that nobody holds is closed.
        self._owner = owner
        self._model = model
        self._job = job
        self._total_steps = total_steps
        self._limit = own_limit() if memory_limit_bytes is None else memory_limit_bytes
        self._every = every
        self._step = 0
        self._loss: Optional[Number] = None
        self._memory: Optional[Number] = None
        self._next_report = 0.0
        self._told_loss = False

    def step(
        self, step: Optional[int] = None, *, loss: Optional[Number] = None, memory_bytes: Optional[Number] = None
    ) -> None:
        """A step is done.

        :param step: its number; one more than the last, if left out.
        :param loss: a loss that is NaN or infinite is left out, and logged once: the job goes on being watched.
        :param memory_bytes: what the job uses, such as its GPU's memory; this process's, if left out.
        """
        try:
            self._step = self._step + 1 if step is None else step
        except TypeError:  # the last one was no number, which is said where it is refused
            self._step = 0
        self._loss = loss
        self._memory = memory_bytes
        if time.monotonic() >= self._next_report:
            self._report()

    def checkpoint(self, *, saved: bool = True) -> None:
        """A checkpoint was saved, or could not be."""
        self._report(checkpoint="saved" if saved else "failed")

    def __enter__(self) -> Training:
        self._report()
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        if error is None or (isinstance(error, SystemExit) and error.code in (None, 0)):
            self._report(state="finished")
        else:
            self._report(state="failed", out_of_memory=_is_out_of_memory(error))

    def _report(self, checkpoint: Optional[str] = None, state: str = "running", out_of_memory: bool = False) -> None:
        now = time.monotonic()
        self._next_report = now + self._every
        memory = own_memory() if self._memory is None else self._memory
        values = (
            self._sender.next_id(), time.time(), self._model, self._job, self._step, self._finite_loss(), memory,
            self._limit, self._total_steps, checkpoint, state, out_of_memory,
        )  # fmt: skip
        self._sender.put(_events.training_progress, values)

    def _finite_loss(self) -> Optional[Number]:
        try:
            if self._loss is None or number("loss", self._loss) is not None:
                return self._loss
        except ValueProblem as problem:
            if "infinite" not in problem.detail:
                return self._loss  # refused when it is sent, with what it is
        except Exception:
            return self._loss
        if not self._told_loss:
            self._told_loss = True
            log.warning("Moola: the loss of job %s is not finite at step %s; it is reported without", self._job, self._step)
        return None


def _is_out_of_memory(error: BaseException) -> bool:
    """Python's, CUDA's by PyTorch, TensorFlow's."""
    name = type(error).__name__
    is_by_name = "OutOfMemory" in name or (name == "ResourceExhaustedError" and "OOM" in str(error))
    return isinstance(error, MemoryError) or is_by_name
