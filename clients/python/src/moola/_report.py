"""What became of events: refusals, and counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Mapping


@dataclass(frozen=True)
class Refusal:
    """An event that was not taken, and why.

    :ivar reason: the server's (``invalid-field``, ``time-out-of-range``, ``too-many-models``, ``malformed``), or the client's:
        ``invalid-field`` for a value that cannot be sent, ``too-large``, ``not-answered``.
    :ivar field: path of the field, such as ``prediction.latencyMs``; empty when the event as a whole is meant.
    :ivar detail: what is wrong, and what would be right.
    :ivar event: the event as it was, or would have been, sent.
    """

    reason: str
    field: str
    detail: str
    event: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.field} {self.detail}".strip() + f" ({self.reason})"


@dataclass(frozen=True)
class Stats:
    """What became of events since the client was made (in a forked process: since the fork).

    :ivar accepted: the server has them, durable.
    :ivar refused: they will never be taken; each was reported.
    :ivar dropped: lost here: the buffer was full, or the server did not answer before the end.
    :ivar buffered: wait to be sent, or are being sent.
    """

    accepted: int
    refused: int
    dropped: int
    buffered: int


OnRefused = Callable[[Refusal], None]
