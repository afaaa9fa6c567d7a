package moola.bench;

import java.nio.ByteBuffer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Counts, sums and a histogram of latency in 64 bins: 72 doubles, about what the tracker keeps of a bucket. */
final class Aggregate {
    private static final int doubles = 72;
    private static final int bins = 64;
    /** Bins from 0.1 ms on, each 1.25 times as wide as the one before. */
    private static final double firstMs = 0.1, logOfWidth = Math.log(1.25);

    static final Serde<Aggregate> serde = Serdes.serdeFrom(
            (topic, aggregate) -> {
                if (aggregate == null) return null;
                ByteBuffer bytes = ByteBuffer.allocate(doubles * Double.BYTES);
                bytes.asDoubleBuffer().put(aggregate.values);
                return bytes.array();
            },
            (topic, bytes) -> {
                if (bytes == null) return null;
                Aggregate aggregate = new Aggregate();
                ByteBuffer.wrap(bytes).asDoubleBuffer().get(aggregate.values);
                return aggregate;
            });

    private final double[] values = new double[doubles];

    Aggregate add(byte[] compact) {
        ByteBuffer event = ByteBuffer.wrap(compact);
        double score = event.getDouble(), latencyMs = event.getDouble(), costUsd = event.getDouble();
        byte flags = event.get();
        values[0]++;
        if ((flags & Prediction.POSITIVE) != 0) values[1]++;
        if ((flags & Prediction.ERROR) != 0) values[2]++;
        if (score == score) values[3] += score;
        if (costUsd == costUsd) values[4] += costUsd;
        if (latencyMs == latencyMs) {
            values[5] += latencyMs;
            values[6] += latencyMs * latencyMs;
            values[7] = Math.max(values[7], latencyMs);
            int bin = (int) (Math.log(latencyMs / firstMs) / logOfWidth);
            values[doubles - bins + Math.max(0, Math.min(bins - 1, bin))]++;
        }
        return this;
    }
}
