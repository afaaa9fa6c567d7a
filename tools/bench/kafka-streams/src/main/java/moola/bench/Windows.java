package moola.bench;

import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.Stores;

/** Telemetry → its series → 10 s windows of 72 doubles. */
final class Windows {
    private static final Duration window = Duration.ofSeconds(10);
    /** Partitions are read at different paces: nothing may be too late. */
    private static final Duration grace = Duration.ofMinutes(10);
    private static final String store = "windows";

    /** Written by the one stream thread. */
    private static volatile long counted = 0;

    static long counted() {
        return counted;
    }

    /** Before any thread runs. */
    static void reset() {
        counted = 0;
    }

    static Topology topology(Properties options) {
        StreamsBuilder builder = new StreamsBuilder();
        String topic = options.getProperty("topic");
        boolean batch = options.getProperty("records", "event").equals("batch");
        KStream<String, byte[]> bySeries = options.getProperty("keyed").equals("by-series")
                ? builder.stream(topic, Consumed.with(Serdes.String(), Serdes.ByteArray()))
                        .processValues(Decode.Keyed::new)
                : builder.stream(topic, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
                        .process(() -> new Decode.AnyKey(batch));
        var windows = TimeWindows.ofSizeAndGrace(window, grace);
        var retention = grace.plus(window).multipliedBy(2);
        var supplier = options.getProperty("store").equals("memory")
                ? Stores.inMemoryWindowStore(store, retention, window, false)
                : Stores.persistentTimestampedWindowStore(store, retention, window, false);
        bySeries.groupByKey(Grouped.with("series", Serdes.String(), Serdes.ByteArray()))
                .windowedBy(windows)
                .aggregate(
                        Aggregate::new,
                        (series, value, aggregate) -> {
                            counted++;
                            return aggregate.add(value);
                        },
                        Materialized.<String, Aggregate>as(supplier)
                                .withKeySerde(Serdes.String())
                                .withValueSerde(Aggregate.serde)
                                .withCachingEnabled());
        return builder.build(options);
    }
}
