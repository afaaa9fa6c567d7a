package moola.bench;

import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Counts predictions in 10 s windows by series with Kafka Streams, and says what it used for it. It ends when all
 * events are in their windows and a commit has followed.
 *
 * <p>Options, as name=value: brokers, topic, application, folder, events, store (memory, rocksdb), keyed (by-series:
 * the topic's keys are the series; any: it has to be partitioned anew), records (event, batch), guarantee (at_least_once,
 * exactly_once_v2), passes (all but the last warm the virtual machine up, and are not measured).
 */
public final class Main {
    public static void main(String[] arguments) throws Exception {
        Properties options = new Properties();
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            options.setProperty(parts[0], parts[1]);
        }
        int passes = Integer.parseInt(options.getProperty("passes", "1"));
        String application = options.getProperty("application");
        for (int pass = 1; pass <= passes; pass++) {
            options.setProperty("application", application + "-" + pass);
            run(options, pass == passes);
        }
    }

    private static void run(Properties options, boolean told) throws InterruptedException {
        long events = Long.parseLong(options.getProperty("events"));
        Windows.reset();
        try (KafkaStreams streams = new KafkaStreams(Windows.topology(options), settings(options))) {
            Usage usage = new Usage();
            streams.setStateListener((now, before) -> {
                if (now == KafkaStreams.State.RUNNING) usage.ready();
                if (now == KafkaStreams.State.ERROR) Runtime.getRuntime().halt(1);
            });
            streams.start();
            while (Windows.counted() < events) Thread.sleep(2);
            double commits = commits(streams);
            while (commits(streams) == commits) Thread.sleep(2);
            if (told) usage.done(Windows.counted());
        }
    }

    private static double commits(KafkaStreams streams) {
        return streams.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("commit-total"))
                .filter(metric -> metric.metricName().group().equals("stream-thread-metrics"))
                .mapToDouble(metric -> (Double) metric.metricValue())
                .sum();
    }

    private static Properties settings(Properties options) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, options.getProperty("application"));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, options.getProperty("brokers"));
        settings.put(StreamsConfig.STATE_DIR_CONFIG, options.getProperty("folder"));
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, options.getProperty("guarantee"));
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1000);
        settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
        settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
        // All windows of the run fit into the cache: the changelog gets each of them once a commit.
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 128L * 1024 * 1024);
        // Large steps: what is done once a poll and once a request is shared by many records.
        settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 20_000);
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 20_000);
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), 4 * 1024 * 1024);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 * 1024);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 100);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 64L * 1024 * 1024);
        return settings;
    }
}
