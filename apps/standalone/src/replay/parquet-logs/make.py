"""Writes the logs of parquet-log.spec.ts beside this script: python make.py (pyarrow 26.0.1)."""

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

here = Path(__file__).parent
start = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)
rows = 6
times = [start + timedelta(seconds=i, milliseconds=250) for i in range(rows)]
known = [start + timedelta(minutes=5, seconds=i) for i in range(rows)]
naive = [time.replace(tzinfo=None) for time in times]
utc = pa.timestamp("us", tz="UTC")

log = {
    "time": pa.array(times, utc),
    "input": pa.array(range(rows), pa.int64()),
    "version": pa.array(["v1", "v1", "v1", "v2", "v2", "v2"]).dictionary_encode(),
    "role": pa.array(["primary"] * 3 + ["shadow"] * 3),
    "class": pa.array([1, 0, 1, 1, 0, 1], pa.int32()),
    "score": pa.array([0.9, 0.1, float("nan"), 0.75, None, 0.5]),
    "latency_ms": pa.array([12.5, 13, 14, 15, 16, 17], pa.float32()),
    "error": pa.array([None, "", "timeout", None, None, None]),
    # As pandas writes whole numbers of which some are missing.
    "truth": pa.array([1.0, 0.0, None, 0.0, 1.0, 1.0]),
    "known_at": pa.array(known, pa.timestamp("ns", tz="Europe/Berlin")),
    "segment.country": pa.array(["DE", "DE", None, "FR", "FR", "FR"]),
    "feature.age": pa.array([30, 31, 32, 33, 34, 35], pa.int16()),
}


def write(name: str, columns: dict, **options) -> None:
    pq.write_table(pa.table(columns), here / f"{name}.parquet", **options)


for codec in ("none", "snappy", "gzip", "zstd", "brotli", "lz4"):
    write(codec, log, compression=codec)
write("groups", log, row_group_size=2, data_page_version="2.0")
write("empty", {name: column.slice(0, 0) for name, column in log.items()})

local = {**log, "time": pa.array(naive, pa.timestamp("ms"))}
del local["truth"], local["known_at"]
write("local", local)
write("int96", local, use_deprecated_int96_timestamps=True)

write("text-times", {**log, "time": pa.array([time.isoformat() for time in times])})
write("one-bad-row", {**log, "version": pa.array(["v1", None, "v1", "v2", "v2", "v2"])})
write("wrong-types", {
    **log,
    "time": pa.array([int(time.timestamp()) for time in times]),
    "score": pa.array(["0.9"] * rows),
    "role": pa.array([1] * rows),
    "known_at": pa.array([date(2026, 1, 31)] * rows),
    "version": pa.array([1.5] * rows),
})
write("nested", {
    **log,
    "segments": pa.array([{"country": "DE"}] * rows),
    "feature.history": pa.array([[1.0, 2.0]] * rows),
})
write("segment-nested", {**log, "segment.country": pa.array([{"name": "DE"}] * rows)})
write("index", {**log, "__index_level_0__": pa.array(range(rows))})

# LZO, which nothing writes any more: the codec of one column changed in the footer.
snappy = (here / "snappy.parquet").read_bytes()
codec_of_score = b"\x18\x05score\x15\x02"
assert snappy.count(codec_of_score) == 1
(here / "lzo.parquet").write_bytes(snappy.replace(codec_of_score, b"\x18\x05score\x15\x06"))
(here / "cut-off.parquet").write_bytes(snappy[:-20])
(here / "damaged.parquet").write_bytes(snappy[:60] + bytes(400) + snappy[460:])
(here / "text.parquet").write_text("time,input,version\n")
