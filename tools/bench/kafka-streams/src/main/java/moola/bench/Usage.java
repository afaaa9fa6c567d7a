package moola.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process has used, by /proc; told as lines of JSON, as `measured.mjs` tells it of a Node process. */
final class Usage {
    /** USER_HZ, the unit of /proc/self/stat: 100 on every Linux that Kafka runs on. */
    private static final double ticksPerSecond = 100;

    private double cpuAtReady;
    private long readyNanos;

    synchronized void ready() {
        if (readyNanos != 0) return;
        cpuAtReady = cpuSeconds();
        readyNanos = System.nanoTime();
    }

    synchronized void done(long events) {
        double cpu = cpuSeconds();
        double wall = (System.nanoTime() - readyNanos) / 1e9;
        System.out.printf(
                "{\"events\":%d,\"cpuSeconds\":%.3f,\"startCpuSeconds\":%.3f,\"wallSeconds\":%.3f,\"peakBytes\":%d}%n",
                events, cpu - cpuAtReady, cpuAtReady, wall, peakBytes());
    }

    private static double cpuSeconds() {
        String stat = read("/proc/self/stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / ticksPerSecond;
    }

    private static long peakBytes() {
        for (String line : read("/proc/self/status").split("\n"))
            if (line.startsWith("VmHWM:")) return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        return 0;
    }

    private static String read(String path) {
        try {
            return Files.readString(Path.of(path));
        } catch (IOException error) {
            throw new IllegalStateException(error);
        }
    }
}
