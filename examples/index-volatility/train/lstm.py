"""A small LSTM: fit from scratch, and one inference at a time.

All randomness comes from the numpy generator that the caller hands in. Some fits are chaotic: a
difference in the sixteenth digit, as another processor's instructions make, grows into other scores.
So the arithmetic is in double precision, and after every step the weights are rounded to a grid far
finer than a step: the difference is rounded away before it can grow.
"""

import os

# Before JAX is imported: one thread, on the CPU.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

from dataclasses import dataclass  # noqa: E402

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

jax.config.update("jax_enable_x64", True)

HIDDEN = 16
STEPS = 200
BATCH = 256
LEARNING_RATE = 3e-3
FORGET_BIAS = 1.0
ADAM_DECAY_1, ADAM_DECAY_2, ADAM_EPSILON = 0.9, 0.999, 1e-8
GRID = 2.0**-20  # about 1e-6


@dataclass(frozen=True)
class Model:
    parameters: dict[str, jax.Array]
    mean: np.ndarray  # of each input channel, over the training data
    deviation: np.ndarray

    def predict(self, window: np.ndarray, instrument: np.ndarray) -> np.ndarray:
        """Probability of "yes" at each horizon, for one window [days, channels] and one one-hot instrument."""
        return np.asarray(_infer(self.parameters, _assemble(window, instrument, self.mean, self.deviation)))


def fit(windows, instruments, outcomes, known, random: np.random.Generator) -> Model:
    """Fit on examples [n, ...]; only outcomes whose `known` is true are looked at."""
    mean = windows.mean(axis=(0, 1))
    deviation = windows.std(axis=(0, 1))
    sequences = _assemble(windows, instruments, mean, deviation)
    targets = np.where(known, outcomes, 0.0)
    parameters = _initial(sequences.shape[-1], outcomes.shape[-1], random)
    batches = random.integers(len(sequences), size=(STEPS, BATCH))
    fitted = _train(parameters, sequences[batches], targets[batches], known[batches].astype(np.float64))
    return Model(fitted, mean, deviation)


def _assemble(windows, instruments, mean, deviation) -> np.ndarray:
    """Standardised channels with the one-hot instrument beside them at every step."""
    standard = (windows - mean) / deviation
    repeated = np.broadcast_to(instruments[..., None, :], (*standard.shape[:-1], instruments.shape[-1]))
    return np.concatenate([standard, repeated], axis=-1)


def _initial(channels: int, outputs: int, random: np.random.Generator) -> dict[str, np.ndarray]:
    bias = np.zeros(4 * HIDDEN)
    bias[HIDDEN : 2 * HIDDEN] = FORGET_BIAS
    return {
        "input": random.normal(size=(channels, 4 * HIDDEN)) / np.sqrt(channels),
        "recurrent": random.normal(size=(HIDDEN, 4 * HIDDEN)) / np.sqrt(HIDDEN),
        "bias": bias,
        "output": random.normal(size=(HIDDEN, outputs)) / np.sqrt(HIDDEN),
        "output_bias": np.zeros(outputs),
    }


def _logits(parameters, sequences):
    """[batch, days, channels] -> [batch, horizons]"""

    def step(state, x):
        hidden, cell = state
        gates = x @ parameters["input"] + hidden @ parameters["recurrent"] + parameters["bias"]
        enter, forget, candidate, leave = jnp.split(gates, 4, axis=-1)
        cell = jax.nn.sigmoid(forget) * cell + jax.nn.sigmoid(enter) * jnp.tanh(candidate)
        return (jax.nn.sigmoid(leave) * jnp.tanh(cell), cell), None

    zeros = jnp.zeros((sequences.shape[0], HIDDEN))
    (hidden, _), _ = jax.lax.scan(step, (zeros, zeros), jnp.swapaxes(sequences, 0, 1))
    return hidden @ parameters["output"] + parameters["output_bias"]


@jax.jit
def _infer(parameters, sequence):
    return jax.nn.sigmoid(_logits(parameters, sequence[None])[0])


def _loss(parameters, sequences, targets, known):
    logits = _logits(parameters, sequences)
    entropy = jax.nn.softplus(logits) - targets * logits
    return jnp.sum(entropy * known) / jnp.sum(known)


def _on_grid(weights):
    return jnp.round(weights / GRID) * GRID


@jax.jit
def _train(parameters, sequences, targets, known):
    """One Adam step a batch; the leading axis of the arguments is the step."""
    zeros = jax.tree.map(jnp.zeros_like, parameters)

    def step(state, batch):
        parameters, first, second, count = state
        gradient = jax.grad(_loss)(parameters, *batch)
        count += 1
        first = jax.tree.map(lambda m, g: ADAM_DECAY_1 * m + (1 - ADAM_DECAY_1) * g, first, gradient)
        second = jax.tree.map(lambda v, g: ADAM_DECAY_2 * v + (1 - ADAM_DECAY_2) * g * g, second, gradient)
        scale_1, scale_2 = 1 - ADAM_DECAY_1**count, 1 - ADAM_DECAY_2**count
        parameters = jax.tree.map(
            lambda p, m, v: _on_grid(p - LEARNING_RATE * (m / scale_1) / (jnp.sqrt(v / scale_2) + ADAM_EPSILON)),
            parameters,
            first,
            second,
        )
        return (parameters, first, second, count), None

    start = (jax.tree.map(_on_grid, parameters), zeros, zeros, jnp.float64(0))
    (fitted, *_), _ = jax.lax.scan(step, start, (sequences, targets, known))
    return fitted
