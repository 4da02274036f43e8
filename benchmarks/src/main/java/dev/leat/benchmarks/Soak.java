package dev.leat.benchmarks;

import dev.leat.CancelledException;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.RunOptions;
import dev.leat.Running;
import dev.leat.Stage;
import dev.leat.text.Embedding;
import dev.leat.text.TextModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Long runs under load, for people to read: fairness, deadlines, closing.
 *
 * <p>{@code Soak fair THREADS SECONDS}, {@code Soak deadline RUNS}, {@code Soak chaos THREADS SECONDS},
 * {@code Soak memory TEXTS}.
 */
public final class Soak {

    private Soak() {}

    /**
     * Runs one of them.
     *
     * @param args which, and how long
     * @throws Exception if a thread fails
     */
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "fair" -> fair(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
            case "deadline" -> deadline(Integer.parseInt(args[1]));
            case "chaos" -> chaos(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
            case "memory" -> memory(Integer.parseInt(args[1]));
            default -> throw new IllegalArgumentException("fair, deadline, chaos or memory, not " + args[0]);
        }
    }

    /** A closed loop: each thread asks again as soon as it is answered. Two threads are the baseline. */
    private static void fair(int threads, int seconds) throws Exception {
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = Pipeline.<String>builder("fair")
                        .stages(models.embedding())
                        .build()) {
            loop(pipeline, models.embedding(), 2, Math.max(5, seconds / 6));
            double base = loop(pipeline, models.embedding(), 2, seconds);
            double loaded = loop(pipeline, models.embedding(), threads, seconds);
            System.out.printf(Locale.ROOT, "throughput of %d threads / 2 threads: %.3f%n", threads, loaded / base);
        }
    }

    private static double loop(Pipeline<String> pipeline, Stage<String, Embedding> stage, int threads, int seconds)
            throws Exception {
        List<List<Long>> times = new ArrayList<>();
        List<Thread> all = new ArrayList<>();
        AtomicLong number = new AtomicLong();
        CountDownLatch start = new CountDownLatch(1);
        long[] end = new long[1];
        for (int t = 0; t < threads; t++) {
            List<Long> mine = new ArrayList<>();
            times.add(mine);
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    return;
                }
                while (System.nanoTime() < end[0]) {
                    String text = Texts.of(16, number.incrementAndGet());
                    long begin = System.nanoTime();
                    pipeline.run(text).get(stage);
                    mine.add(System.nanoTime() - begin);
                }
            });
            thread.start();
            all.add(thread);
        }
        end[0] = System.nanoTime() + seconds * 1_000_000_000L;
        start.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        long[] sorted = times.stream()
                .flatMap(List::stream)
                .mapToLong(Long::longValue)
                .sorted()
                .toArray();
        int least = times.stream().mapToInt(List::size).min().orElse(0);
        double mean = (double) sorted.length / threads;
        double rate = (double) sorted.length / seconds;
        System.out.printf(
                Locale.ROOT,
                "%d threads: %.1f texts/s, p50 %.2f ms, p99 %.2f ms (p99/p50 %.2f), least-served / mean %.3f%n",
                threads,
                rate,
                sorted[sorted.length / 2] / 1e6,
                sorted[sorted.length * 99 / 100] / 1e6,
                (double) sorted[sorted.length * 99 / 100] / sorted[sorted.length / 2],
                least / mean);
        return rate;
    }

    /** How late does a run of 510 tokens come back whose deadline is at 30 % of its time, and does it harm the next? */
    private static void deadline(int runs) {
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = Pipeline.<String>builder("deadline")
                        .stages(models.embedding())
                        .build()) {
            double[] whole = new double[runs];
            for (int i = -10; i < runs; i++) {
                double took = timed(pipeline, Texts.of(500, i), RunOptions.DEFAULT);
                whole[Math.max(0, i)] = took;
            }
            Arrays.sort(whole);
            double usual = whole[runs / 2];
            RunOptions options = RunOptions.DEFAULT.withDeadline(Duration.ofNanos((long) (usual * 0.3e6)));
            double[] late = new double[runs];
            double[] next = new double[runs];
            for (int i = 0; i < runs; i++) {
                late[i] = timed(pipeline, Texts.of(500, 10_000 + i), options) - usual * 0.3;
                next[i] = timed(pipeline, Texts.of(500, 20_000 + i), RunOptions.DEFAULT);
            }
            Arrays.sort(late);
            Arrays.sort(next);
            System.out.printf(
                    Locale.ROOT,
                    "whole run %.1f ms; past a deadline at 30 %%: median %.2f ms, worst %.2f ms; next run / whole %.3f%n",
                    usual,
                    late[runs / 2],
                    late[runs - 1],
                    next[runs / 2] / usual);
        }
    }

    private static double timed(Pipeline<String> pipeline, String text, RunOptions options) {
        long begin = System.nanoTime();
        Results results = pipeline.run(text, options);
        double took = (System.nanoTime() - begin) / 1e6;
        if (results.stages().isEmpty()) {
            throw new IllegalStateException("no outcome");
        }
        return took;
    }

    /** Threads that run, cancel, close and open pipelines at random; the JVM must live and memory stay flat. */
    private static void chaos(int threads, int seconds) throws Exception {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        AtomicReference<Pipeline<String>> shared = new AtomicReference<>(opened());
        AtomicLong done = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        AtomicLong cancelled = new AtomicLong();
        AtomicLong reopened = new AtomicLong();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        List<Thread> all = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            Random random = new Random(t);
            Thread thread = new Thread(() -> {
                while (System.nanoTime() < end && failure.get() == null) {
                    try {
                        Pipeline<String> pipeline = shared.get();
                        int dice = random.nextInt(200);
                        if (dice == 0) {
                            Pipeline<String> fresh = opened();
                            shared.getAndSet(fresh).close(Duration.ofMillis(random.nextInt(20)));
                            reopened.incrementAndGet();
                        } else if (dice < 40) {
                            Running<String> running = pipeline.start(Texts.of(random.nextInt(300), random.nextLong()));
                            if (random.nextBoolean()) {
                                Thread.onSpinWait();
                            }
                            running.cancel();
                            running.results().join();
                            cancelled.incrementAndGet();
                        } else {
                            pipeline.run(Texts.of(random.nextInt(60), random.nextLong()))
                                    .orThrow();
                            done.incrementAndGet();
                        }
                    } catch (CancelledException | IllegalStateException e) {
                        refused.incrementAndGet(); // closed meanwhile
                    } catch (Throwable e) {
                        failure.compareAndSet(null, e);
                    }
                }
            });
            thread.start();
            all.add(thread);
        }
        for (int i = 1; System.nanoTime() < end && failure.get() == null; i++) {
            all.get(0).join(Math.max(1, seconds * 1000L / 6));
            System.out.printf(
                    Locale.ROOT,
                    "%d: %d runs, %d cancelled, %d refused as closed, %d reopened, resident %d MiB%n",
                    i,
                    done.get(),
                    cancelled.get(),
                    refused.get(),
                    reopened.get(),
                    resident());
        }
        for (Thread thread : all) {
            thread.join();
        }
        shared.get().close();
        if (failure.get() != null) {
            throw new IllegalStateException("a thread failed", failure.get());
        }
        System.out.println(dev.leat.Leat.snapshot());
    }

    private static Pipeline<String> opened() {
        try (TextModels models = TextModels.load()) {
            return Pipeline.<String>builder("chaos")
                    .stages(models.embedding(), models.sentiment(), models.moderation())
                    .build();
        }
    }

    /** Mixed lengths, one after the other through the bulk door: resident memory at each tenth. */
    private static void memory(int texts) {
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = Pipeline.<String>builder("memory")
                        .stages(models.embedding(), models.sentiment())
                        .build()) {
            Iterable<String> inputs = () -> java.util.stream.LongStream.range(0, texts)
                    .mapToObj(i -> Texts.of((int) (i * 7919 % 200), i))
                    .iterator();
            long tenth = Math.max(1, texts / 10);
            try (var results = pipeline.runAll(inputs, RunOptions.DEFAULT, done -> {
                if (done % tenth == 0) {
                    System.out.println(done + " texts, resident " + resident() + " MiB");
                }
            })) {
                results.forEach(Results::orThrow);
            }
        }
    }

    private static long resident() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
                }
            }
        } catch (IOException e) {
            return -1; // not a Linux
        }
        return -1;
    }
}
