package dev.leat.benchmarks.worker;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A library that embeds texts; thread-safe.
 *
 * <table>
 * <caption>Orders</caption>
 * <tr><td>{@code latency TOKENS COUNT NUMBER}</td><td>one caller: {@code p50}, {@code p99} in ms</td></tr>
 * <tr><td>{@code callers THREADS SECONDS TOKENS NUMBER}</td><td>a closed loop: {@code perSecond}, {@code p50},
 *     {@code p99}</td></tr>
 * <tr><td>{@code bulk COUNT NUMBER}</td><td>texts of 4 to 200 words in one call: {@code perSecond}</td></tr>
 * <tr><td>{@code zipf COUNT DISTINCT THREADS NUMBER}</td><td>texts of 30 tokens that come again, remembered:
 *     {@code perSecond}, {@code runs}, {@code distinct}</td></tr>
 * <tr><td>{@code vectors FILE}</td><td>writes the vectors of 100 texts, a line each: little-endian float32 in
 *     Base64</td></tr>
 * </table>
 *
 * <p>{@code NUMBER} is that of the first text: no two orders of a comparison name the same, but each contestant gets the
 * same orders.
 */
public abstract class Embedder implements Contestant {

    /** In which all callers are up. */
    private static final long START_NANOS = 200_000_000;

    /** For contestants. */
    protected Embedder() {}

    /**
     * Embeds one text.
     *
     * @param text of fewer than 510 tokens
     * @return its vector
     */
    public abstract float[] embed(String text);

    /**
     * Embeds many texts by the library's own call for many.
     *
     * @param texts of mixed lengths
     * @return their vectors, in order
     */
    public abstract List<float[]> embedAll(List<String> texts);

    /**
     * Returns how the library embeds texts that come again: unless it has a way of its own, behind a plain Caffeine cache,
     * which computes a text that several callers ask for at one moment once.
     *
     * @return a memory of its own
     */
    protected Remembering remembering() {
        LongAdder runs = new LongAdder();
        Cache<String, float[]> cache =
                Caffeine.newBuilder().maximumSize(100_000).build();
        return new Remembering() {
            @Override
            public float[] embed(String text) {
                return cache.get(text, missing -> {
                    runs.increment();
                    return Embedder.this.embed(missing);
                });
            }

            @Override
            public long modelRuns() {
                return runs.sum();
            }

            @Override
            public void close() {
                cache.invalidateAll();
            }
        };
    }

    /**
     * Does what only some can.
     *
     * @param order a word and its arguments
     * @return what was measured
     * @throws IOException if a file cannot be read or written
     */
    protected Map<String, Double> other(List<String> order) throws IOException {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " knows no '" + order.get(0) + "'");
    }

    /** An embedder that remembers what it was asked. */
    public interface Remembering extends AutoCloseable {
        /**
         * Embeds one text, or remembers its vector.
         *
         * @param text any
         * @return its vector
         */
        float[] embed(String text);

        /**
         * Returns how often the model ran.
         *
         * @return not negative
         */
        long modelRuns();

        @Override
        void close();
    }

    @Override
    public final void first() {
        if (embed(Texts.ofTokens(16, 0)).length == 0) {
            throw new IllegalStateException("The vector is empty");
        }
    }

    @Override
    public final Map<String, Double> work(List<String> order) throws IOException {
        return switch (order.get(0)) {
            case "latency" -> latency(integer(order, 1), integer(order, 2), number(order, 3), this::embed);
            case "callers" -> callers(integer(order, 1), integer(order, 2), integer(order, 3), number(order, 4));
            case "bulk" -> bulk(Texts.mixed(integer(order, 1), number(order, 2)));
            case "zipf" -> zipf(integer(order, 1), integer(order, 2), integer(order, 3), number(order, 4));
            case "vectors" -> vectors(Path.of(order.get(1)));
            default -> other(order);
        };
    }

    private static int integer(List<String> order, int index) {
        return Integer.parseInt(order.get(index));
    }

    private static long number(List<String> order, int index) {
        return Long.parseLong(order.get(index));
    }

    /**
     * Measures one caller.
     *
     * @param tokens of each text
     * @param count how many texts, all different
     * @param number of the first
     * @param work what is done with each
     * @return {@code p50} and {@code p99} in ms
     */
    public static Map<String, Double> latency(int tokens, int count, long number, Consumer<String> work) {
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            String text = Texts.ofTokens(tokens, number + i);
            long start = System.nanoTime();
            work.accept(text);
            nanos[i] = System.nanoTime() - start;
        }
        Map<String, Double> answer = new LinkedHashMap<>();
        Worker.quantiles(nanos, answer);
        return answer;
    }

    private Map<String, Double> callers(int threads, int seconds, int tokens, long number) {
        AtomicLong next = new AtomicLong(number);
        List<List<Long>> taken = new ArrayList<>();
        long start = System.nanoTime() + START_NANOS;
        long end = start + seconds * 1_000_000_000L;
        together(threads, start, taken, mine -> {
            long before = System.nanoTime();
            while (before < end) {
                embed(Texts.ofTokens(tokens, next.getAndIncrement()));
                long after = System.nanoTime();
                mine.add(after - before);
                before = after;
            }
        });
        double took = (System.nanoTime() - start) / 1e9;
        long[] nanos =
                taken.stream().flatMap(List::stream).mapToLong(Long::longValue).toArray();
        Map<String, Double> answer = new LinkedHashMap<>();
        answer.put("perSecond", nanos.length / took);
        Worker.quantiles(nanos, answer);
        return answer;
    }

    /** Runs so many threads, each with a list of its own, all from one moment on; a latch would wake one after the other. */
    private static void together(int threads, long start, List<List<Long>> taken, Consumer<List<Long>> work) {
        List<Thread> started = new ArrayList<>();
        AtomicLong failures = new AtomicLong();
        for (int i = 0; i < threads; i++) {
            List<Long> mine = new ArrayList<>();
            taken.add(mine);
            Thread thread = new Thread(() -> {
                try {
                    for (long left = start - System.nanoTime(); left > 0; left = start - System.nanoTime()) {
                        LockSupport.parkNanos(left);
                    }
                    work.accept(mine);
                } catch (RuntimeException e) {
                    failures.incrementAndGet();
                    e.printStackTrace(System.err);
                }
            });
            thread.start();
            started.add(thread);
        }
        for (Thread thread : started) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        if (failures.get() > 0) {
            throw new IllegalStateException(failures + " of " + threads + " callers failed");
        }
    }

    private Map<String, Double> bulk(List<String> texts) {
        long start = System.nanoTime();
        List<float[]> vectors = embedAll(texts);
        double took = (System.nanoTime() - start) / 1e9;
        if (vectors.size() != texts.size()) {
            throw new IllegalStateException(vectors.size() + " vectors of " + texts.size() + " texts");
        }
        return Map.of("perSecond", texts.size() / took);
    }

    private Map<String, Double> zipf(int count, int distinct, int threads, long number) {
        double[] until = new double[distinct];
        double sum = 0;
        for (int i = 0; i < distinct; i++) {
            sum += 1.0 / (i + 1);
            until[i] = sum;
        }
        Random random = new Random(number);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = Arrays.binarySearch(until, random.nextDouble() * sum);
            texts.add(Texts.ofTokens(30, number + Math.min(distinct - 1, at < 0 ? -at - 1 : at)));
        }
        AtomicLong next = new AtomicLong();
        try (Remembering remembering = remembering()) {
            long start = System.nanoTime() + START_NANOS;
            together(threads, start, new ArrayList<>(), mine -> {
                for (long i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                    remembering.embed(texts.get((int) i));
                }
            });
            double took = (System.nanoTime() - start) / 1e9;
            return Map.of(
                    "perSecond", count / took,
                    "runs", (double) remembering.modelRuns(),
                    "distinct", (double) texts.stream().distinct().count());
        }
    }

    private Map<String, Double> vectors(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String text : Texts.mixed(100, 77)) {
            float[] vector = embed(text);
            ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(vector);
            lines.add(Base64.getEncoder().encodeToString(bytes.array()));
        }
        Files.write(file, lines);
        return Map.of("count", (double) lines.size());
    }
}
