"""Real index data as prediction tasks: what a model sees each trading day, and what came true.

Times in this file are indices of trading days. Nothing here depends on a seed.
"""

from dataclasses import dataclass

import numpy as np
from arch.data import nasdaq, sp500

WINDOW = 40  # trading days that a prediction looks back on
HORIZONS = (5, 10, 21)  # trading days that a prediction looks ahead
TRADING_DAYS_A_YEAR = 252
RANGE_TO_VOLATILITY = 1.67  # E[log(high/low)] of a driftless random walk is about 1.6-1.7 daily sigmas
INSTRUMENTS = {  # name -> (daily prices, annual volatility that must be exceeded for "yes")
    "sp500": (sp500, 0.16),
    "nasdaq": (nasdaq, 0.22),
}


@dataclass(frozen=True)
class Market:
    """Arrays are indexed [instrument, trading day, ...]."""

    dates: list[str]  # ISO dates of the trading days
    inputs: np.ndarray  # [.., .., WINDOW, 3]; NaN where less than WINDOW days lie behind
    outcomes: np.ndarray  # [.., .., horizon] 0 or 1; NaN where the data end before the horizon

    def day(self, date: str) -> int:
        """Index of a trading day; fails for a date on which the exchange was closed."""
        return self.dates.index(date)


def load_market() -> Market:
    frames = {name: source.load() for name, (source, _) in INSTRUMENTS.items()}
    first, *others = (frame.index for frame in frames.values())
    if not all(first.equals(other) for other in others):
        raise ValueError("the instruments do not trade on the same days")
    pairs = [(frames[name], threshold) for name, (_, threshold) in INSTRUMENTS.items()]
    return Market(
        dates=[f"{date:%Y-%m-%d}" for date in first],
        inputs=np.stack([_inputs(frame, threshold) for frame, threshold in pairs]),
        outcomes=np.stack([_outcomes(frame, threshold) for frame, threshold in pairs]),
    )


def _returns(frame) -> np.ndarray:
    """Log returns, close to close; the first day has none."""
    close = frame["Close"].to_numpy(np.float64)
    return np.concatenate([[np.nan], np.diff(np.log(close))])


def _inputs(frame, threshold: float) -> np.ndarray:
    returns = _returns(frame)
    span = np.log(frame["High"].to_numpy(np.float64) / frame["Low"].to_numpy(np.float64))
    daily = np.stack([returns, np.abs(returns), span / RANGE_TO_VOLATILITY], axis=-1)
    daily *= np.sqrt(TRADING_DAYS_A_YEAR) / threshold
    inputs = np.full((len(daily), WINDOW, daily.shape[-1]), np.nan)
    for day in range(WINDOW, len(daily)):  # day 0 has no return
        inputs[day] = daily[day - WINDOW + 1 : day + 1]
    return inputs


def _outcomes(frame, threshold: float) -> np.ndarray:
    returns = _returns(frame)
    outcomes = np.full((len(returns), len(HORIZONS)), np.nan)
    for column, horizon in enumerate(HORIZONS):
        for day in range(len(returns) - horizon):
            ahead = returns[day + 1 : day + 1 + horizon]
            volatility = np.sqrt(TRADING_DAYS_A_YEAR * np.mean(ahead**2))
            outcomes[day, column] = volatility > threshold
    return outcomes
