package dev.leat.benchmarks;

import dev.leat.CancelledException;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.RunOptions;
import dev.leat.Running;
import dev.leat.Stage;
import dev.leat.benchmarks.worker.Texts;
import dev.leat.model.Dimension;
import dev.leat.model.ElementType;
import dev.leat.model.ModelFolder;
import dev.leat.model.ModelSource;
import dev.leat.model.TensorSignature;
import dev.leat.onnx.OnnxModel;
import dev.leat.onnx.OnnxOptions;
import dev.leat.onnx.Tensor;
import dev.leat.text.Embedding;
import dev.leat.text.TextModels;
import dev.leat.vision.Image;
import dev.leat.vision.ImageGuard;
import dev.leat.vision.VisionModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Long runs under load, for people to read: fairness, deadlines, closing.
 *
 * <p>{@code Soak fair THREADS SECONDS}, {@code Soak deadline RUNS}, {@code Soak chaos THREADS SECONDS},
 * {@code Soak memory TEXTS}, {@code Soak arena MODEL POLICY RUNS LARGEST},
 * {@code Soak pictures PICTURES FOLDER}.
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
            case "arena" ->
                arena(
                        args[1],
                        OnnxOptions.Arena.valueOf(args[2]),
                        Integer.parseInt(args[3]),
                        Integer.parseInt(args[4]));
            case "pictures" -> pictures(Integer.parseInt(args[1]), Path.of(args[2]));
            default ->
                throw new IllegalArgumentException("fair, deadline, chaos, memory, arena or pictures, not " + args[0]);
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
                    .mapToObj(i -> Texts.of((int) (i * 7919 % (i % 4 == 3 ? 200 : 40)), i))
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

    /** A graph alone, on inputs of mixed sizes: resident memory and CPU time under an arena policy. */
    private static void arena(String id, OnnxOptions.Arena policy, int runs, int largest) {
        ModelFolder folder = ModelSource.classPath().folder(id);
        long before = resident();
        try (OnnxModel model = OnnxModel.load(
                folder, folder.descriptor().graph(), OnnxOptions.standard().arena(policy))) {
            long loaded = resident();
            Random random = new Random(1);
            long start = ProcessHandle.current()
                    .info()
                    .totalCpuDuration()
                    .orElse(Duration.ZERO)
                    .toMillis();
            long most = 0;
            StringBuilder tenths = new StringBuilder();
            for (int i = 1; i <= runs; i++) {
                // The largest comes first, so that its memory is kept or is not.
                run(model, i == 1 ? largest : 1 + random.nextInt(Math.max(1, largest / 4)));
                most = Math.max(most, resident());
                if (i == 1 || i % Math.max(1, runs / 5) == 0) {
                    tenths.append(' ').append(resident());
                }
            }
            long cpu = ProcessHandle.current()
                            .info()
                            .totalCpuDuration()
                            .orElse(Duration.ZERO)
                            .toMillis()
                    - start;
            System.out.printf(
                    Locale.ROOT,
                    "%s %s: resident %d MiB before, %d loaded, then%s, at most %d; CPU %d ms for %d runs%n",
                    id,
                    policy,
                    before,
                    loaded,
                    tenths,
                    most,
                    cpu,
                    runs);
        }
    }

    private static void run(OnnxModel model, int size) {
        Map<String, Tensor> inputs = new HashMap<>();
        for (TensorSignature input : model.signature().inputs()) {
            int side = input.shape().size() == 4 ? (size + 31) / 32 * 32 : size; // what picture graphs take
            long[] shape = new long[input.shape().size()];
            for (int i = 0; i < shape.length; i++) {
                shape[i] = input.shape().get(i) instanceof Dimension.Fixed fixed ? fixed.size() : i == 0 ? 1 : side;
            }
            int values = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            if (input.type() == ElementType.INT64) {
                long[] ones = new long[values];
                Arrays.fill(ones, 1);
                inputs.put(input.name(), Tensor.ofLongs(ones, shape));
            } else {
                inputs.put(input.name(), Tensor.ofFloats(new float[values], shape));
            }
        }
        Set<String> outputs =
                model.signature().outputs().stream().map(TensorSignature::name).collect(Collectors.toSet());
        if (model.run(inputs, outputs, new BareScope()).isEmpty()) {
            throw new IllegalStateException("no output");
        }
    }

    /** A folder's pictures, over and over: resident memory at each tenth. */
    private static void pictures(int pictures, Path folder) throws IOException {
        List<Path> files;
        try (var listed = Files.list(folder)) {
            files = listed.filter(
                            file -> file.toString().toLowerCase(Locale.ROOT).matches(".*\\.(jpe?g|png|gif|webp|bmp)"))
                    .sorted()
                    .toList();
        }
        try (VisionModels models = VisionModels.load();
                Pipeline<Image> pipeline = Pipeline.<Image>builder("pictures")
                        .guard(ImageGuard.standard())
                        .stages(
                                models.classification(),
                                models.embedding(),
                                models.hash(),
                                models.moderation(),
                                models.ocr())
                        .build()) {
            long tenth = Math.max(1, pictures / 10);
            for (int i = 1; i <= pictures; i++) {
                pipeline.run(Image.of(files.get(i % files.size()))).orThrow();
                if (i % tenth == 0) {
                    System.out.println(
                            i + " pictures, resident " + resident() + " MiB, at most " + status("VmHWM:") + " MiB");
                }
            }
        }
    }

    private static long resident() {
        return status("VmRSS:");
    }

    private static long status(String name) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith(name)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
                }
            }
        } catch (IOException e) {
            return -1; // not a Linux
        }
        return -1;
    }
}
