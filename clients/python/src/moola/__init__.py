"""Sends the predictions, outcomes and training progress of your models to Moola monitoring.

    import moola

    client = moola.Client("http://localhost:8080")
    client.log_prediction("churn", version="v7", input="user-1", class_=1, score=0.93, latency_ms=12)
    client.log_outcome("churn", input="user-1", truth=0)

What is logged is buffered and sent by one background thread: a call takes microseconds, never waits for the network and
never raises, whatever the server does.
"""

from ._budget import Definition, performance_budget
from ._client import Client
from ._definitions import Applied, ApplyError
from ._frames import DataFrameError
from ._report import Refusal, Stats
from ._training import Training

__version__ = "0.1.0"

__all__ = [
    "Applied",
    "ApplyError",
    "Client",
    "DataFrameError",
    "Definition",
    "Refusal",
    "Stats",
    "Training",
    "performance_budget",
]
