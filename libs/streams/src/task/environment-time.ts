/**
 * How time comes to an environment. `wall`: a ticker writes it down; ticks far ahead of their append time are dropped.
 * `replay`: time is what the replayer says, and where writers meet, rows wait for their ticks (`mergedByTick`).
 */
export type EnvironmentTime = 'wall' | 'replay';
