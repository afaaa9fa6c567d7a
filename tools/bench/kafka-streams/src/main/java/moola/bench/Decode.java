package moola.bench;

import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.Record;

/** Reads events and stamps them with their own time. */
final class Decode {
    /** The key says nothing: it becomes the series, and Kafka Streams partitions anew. */
    static final class AnyKey extends ContextualProcessor<byte[], byte[], String, byte[]> {
        private final Prediction prediction = new Prediction();
        private final boolean batch;

        AnyKey(boolean batch) {
            this.batch = batch;
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            prediction.each(
                    record.value(),
                    batch,
                    event -> context().forward(new Record<>(event.series(), event.compact(), event.timeMs)));
        }
    }

    /** The key is the series already. */
    static final class Keyed extends ContextualFixedKeyProcessor<String, byte[], byte[]> {
        private final Prediction prediction = new Prediction();

        @Override
        public void process(FixedKeyRecord<String, byte[]> record) {
            prediction.each(
                    record.value(),
                    false,
                    event -> context().forward(record.withValue(event.compact()).withTimestamp(event.timeMs)));
        }
    }
}
