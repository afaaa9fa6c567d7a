package moola.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * What the windows need of a moola.v1.Event, read by hand from its protobuf bytes: faster than generated classes, which
 * would make every string. The object is used again for each event.
 */
final class Prediction {
    /** Class is positive, or an error is set. */
    static final byte POSITIVE = 1, ERROR = 2;
    /** Of `compact()`. */
    static final int COMPACT_BYTES = 25;

    private byte[] bytes;
    private ByteBuffer buffer;
    private int at, modelStart, modelEnd, versionStart, versionEnd, role;
    long timeMs;
    double score, latencyMs, costUsd;
    byte flags;

    /** Reads one Event, or each Event of an EventBatch. */
    void each(byte[] record, boolean batch, Consumer<Prediction> then) {
        bytes = record;
        buffer = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
        at = 0;
        if (!batch) {
            event(record.length);
            then.accept(this);
            return;
        }
        while (at < record.length) {
            int tag = (int) varint();
            if (tag != (1 << 3 | 2)) throw new IllegalStateException("no EventBatch: tag " + tag);
            int length = (int) varint();
            int end = at + length;
            event(end);
            then.accept(this);
            at = end;
        }
    }

    /** Model, version and role: a series. */
    String series() {
        byte[] key = new byte[modelEnd - modelStart + versionEnd - versionStart + 2];
        int length = modelEnd - modelStart;
        System.arraycopy(bytes, modelStart, key, 0, length);
        key[length] = '/';
        System.arraycopy(bytes, versionStart, key, length + 1, versionEnd - versionStart);
        key[key.length - 1] = (byte) ('0' + role);
        return new String(key, StandardCharsets.ISO_8859_1);
    }

    /** What the windows count, for a topic between. */
    byte[] compact() {
        return ByteBuffer.allocate(COMPACT_BYTES).putDouble(score).putDouble(latencyMs).putDouble(costUsd).put(flags).array();
    }

    private void event(int end) {
        while (at < end) {
            int tag = (int) varint();
            if (tag == (10 << 3 | 2)) {
                int length = (int) varint();
                prediction(at + length);
            } else skip(tag & 7);
        }
    }

    private void prediction(int end) {
        role = 0;
        flags = 0;
        score = latencyMs = costUsd = Double.NaN;
        modelStart = modelEnd = versionStart = versionEnd = 0;
        while (at < end) {
            int tag = (int) varint();
            switch (tag) {
                case 1 << 3 | 2 -> {
                    int length = (int) varint();
                    modelStart = at;
                    modelEnd = at += length;
                }
                case 2 << 3 | 2 -> {
                    int length = (int) varint();
                    versionStart = at;
                    versionEnd = at += length;
                }
                case 4 << 3 -> role = (int) varint();
                case 6 << 3 | 2 -> {
                    int length = (int) varint();
                    time(at + length);
                }
                case 7 << 3 | 2 -> {
                    int length = (int) varint();
                    if (length == 1 && bytes[at] == '1') flags |= POSITIVE;
                    at += length;
                }
                case 9 << 3 | 1 -> score = fixed();
                case 10 << 3 | 1 -> latencyMs = fixed();
                case 11 << 3 | 1 -> costUsd = fixed();
                case 12 << 3 | 2 -> {
                    int length = (int) varint();
                    if (length > 0) flags |= ERROR;
                    at += length;
                }
                default -> skip(tag & 7);
            }
        }
    }

    private void time(int end) {
        long seconds = 0, nanos = 0;
        while (at < end) {
            int tag = (int) varint();
            if (tag == 1 << 3) seconds = varint();
            else if (tag == 2 << 3) nanos = varint();
            else skip(tag & 7);
        }
        timeMs = seconds * 1000 + nanos / 1_000_000;
    }

    private double fixed() {
        double value = buffer.getDouble(at);
        at += 8;
        return value;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes[at++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) return value;
        }
    }

    private void skip(int wire) {
        switch (wire) {
            case 0 -> varint();
            case 1 -> at += 8;
            case 2 -> {
                int length = (int) varint();
                at += length;
            }
            case 5 -> at += 4;
            default -> throw new IllegalStateException("wire type " + wire);
        }
    }
}
