package dev.leat.benchmarks.compare;

import dev.leat.benchmarks.worker.Contestant;
import dev.leat.benchmarks.worker.Worker;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Classifies and moderates pictures of 12 megapixels: {@code picture COUNT NUMBER} gives {@code p50} and {@code p99}. */
abstract class PictureContestant implements Contestant {

    private final List<byte[]> files = List.of(Photos.jpeg(1), Photos.jpeg(2), Photos.jpeg(3));

    /** Classifies and moderates the picture in a file. */
    abstract void analyse(byte[] file);

    @Override
    public final void first() {
        files.forEach(this::analyse);
    }

    @Override
    public final Map<String, Double> work(List<String> order) {
        if (!order.get(0).equals("picture")) {
            throw new UnsupportedOperationException("no '" + order.get(0) + "' of pictures");
        }
        long[] nanos = new long[Integer.parseInt(order.get(1))];
        for (int i = 0; i < nanos.length; i++) {
            long start = System.nanoTime();
            analyse(files.get(i % files.size()));
            nanos[i] = System.nanoTime() - start;
        }
        Map<String, Double> answer = new LinkedHashMap<>();
        Worker.quantiles(nanos, answer);
        return answer;
    }
}
