CREATE TABLE meta (name VARCHAR, value VARCHAR);
INSERT INTO meta VALUES ('format', '1'), ('environment', 'live');
CREATE TABLE buckets_series (id BIGINT, model VARCHAR, version VARCHAR, role VARCHAR);
CREATE TABLE buckets_1m (series BIGINT, "time" TIMESTAMP, predictions BIGINT, errors BIGINT, labelled BIGINT, correct BIGINT, "costUsd" DOUBLE, "latencySumMs" DOUBLE, "latencyCount" BIGINT);
INSERT INTO buckets_series VALUES (1, 'Fraud', 'v1', 'primary');
INSERT INTO buckets_1m VALUES (1, TIMESTAMP '2026-01-31 12:00:00', 7, 0, 6, 5, 0.5, 12.25, 7);
CREATE TABLE deployments ("time" TIMESTAMP, model VARCHAR, version VARCHAR, build VARCHAR, role VARCHAR, "by" VARCHAR, incident VARCHAR);
INSERT INTO deployments VALUES (TIMESTAMP '2026-01-31 11:00:00', 'Fraud', 'v1', '', 'primary', 'maria', '');
