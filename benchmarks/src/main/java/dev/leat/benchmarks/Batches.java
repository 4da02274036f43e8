package dev.leat.benchmarks;

import dev.leat.LeatRuntime;
import dev.leat.Pipeline;
import dev.leat.Stage;
import dev.leat.benchmarks.worker.Texts;
import dev.leat.text.Embedding;
import dev.leat.text.TextModels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What batches across callers are worth: a closed loop of callers on two runtimes, with and without them, in turns.
 *
 * <p>{@code Batches CALLERS SECONDS WORDS...}: a text has one of the numbers of words. Turns alternate, so that what
 * else happens on the machine happens to both.
 */
public final class Batches {

    private static final int TURNS = 6;

    private Batches() {}

    /**
     * Runs it.
     *
     * @param args callers, seconds of a turn, numbers of words
     * @throws Exception if a thread fails
     */
    public static void main(String[] args) throws Exception {
        int callers = Integer.parseInt(args[0]);
        double seconds = Double.parseDouble(args[1]);
        int[] words = Arrays.stream(args).skip(2).mapToInt(Integer::parseInt).toArray();
        try (LeatRuntime without = LeatRuntime.builder().batches(false).build();
                LeatRuntime with = LeatRuntime.builder().build();
                TextModels models = TextModels.load();
                Pipeline<String> off = pipeline(without, models);
                Pipeline<String> on = pipeline(with, models)) {
            Turn[] sum = {new Turn(), new Turn()};
            for (int turn = -1; turn < TURNS; turn++) {
                for (int which = 0; which < 2; which++) {
                    Turn seen = turn(which == 0 ? off : on, models.embedding(), callers, seconds, words);
                    if (turn >= 0) {
                        sum[which].add(seen);
                    }
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "%d callers, %s words: without %s; with %s; throughput ratio %.2f%n",
                    callers,
                    Arrays.toString(words),
                    sum[0],
                    sum[1],
                    sum[1].rate() / sum[0].rate());
        }
    }

    private static Pipeline<String> pipeline(LeatRuntime runtime, TextModels models) {
        return Pipeline.<String>builder("batches")
                .runtime(runtime)
                .stages(models.embedding())
                .build();
    }

    /** What a turn saw. */
    private static final class Turn {
        private final List<Long> nanos = new ArrayList<>();
        private final AtomicLong items = new AtomicLong();
        private long batched;
        private double seconds;

        void add(Turn other) {
            nanos.addAll(other.nanos);
            batched += other.batched;
            items.addAndGet(other.items.get());
            seconds += other.seconds;
        }

        double rate() {
            return nanos.size() / seconds;
        }

        @Override
        public String toString() {
            long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
            return String.format(
                    Locale.ROOT,
                    "%.1f texts/s, p50 %.2f ms, p99 %.2f ms, %d %% in batches of %.1f",
                    rate(),
                    sorted[sorted.length / 2] / 1e6,
                    sorted[sorted.length * 99 / 100] / 1e6,
                    100 * batched / sorted.length,
                    batched == 0 ? 1.0 : (double) items.get() / batched);
        }
    }

    private static Turn turn(
            Pipeline<String> pipeline, Stage<String, Embedding> stage, int callers, double seconds, int[] words)
            throws InterruptedException {
        Turn turn = new Turn();
        AtomicLong number = new AtomicLong(System.nanoTime());
        long begin = System.nanoTime();
        long end = begin + (long) (seconds * 1e9);
        List<Thread> threads = new ArrayList<>();
        for (int c = 0; c < callers; c++) {
            Thread thread = new Thread(() -> {
                List<Long> mine = new ArrayList<>();
                long batched = 0;
                long items = 0;
                while (System.nanoTime() < end) {
                    long n = number.incrementAndGet();
                    String text = Texts.of(words[(int) (n % words.length)], n);
                    long start = System.nanoTime();
                    long batch = pipeline.run(text)
                            .outcome(stage)
                            .provenance()
                            .facts()
                            .getOrDefault("batchItems", 1L);
                    mine.add(System.nanoTime() - start);
                    batched += batch > 1 ? 1 : 0;
                    items += batch > 1 ? batch : 0;
                }
                synchronized (turn) {
                    turn.nanos.addAll(mine);
                    turn.batched += batched;
                    turn.items.addAndGet(items);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        turn.seconds = (System.nanoTime() - begin) / 1e9;
        return turn;
    }
}
