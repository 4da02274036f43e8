package dev.leat.benchmarks;

import static java.util.Objects.requireNonNull;

import dev.leat.Pipeline;
import dev.leat.Stage;
import dev.leat.vision.Image;
import dev.leat.vision.VisionModels;
import dev.leat.vision.image.Pixels;
import dev.leat.vision.image.Resample;
import dev.leat.vision.jpeg.Jpeg;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/**
 * What decoding costs, and what sharing it saves: {@code PictureTimes ROUNDS JPEG...}.
 *
 * <p>Prints processor time of the whole process and time on the clock. Ratios are what to read: each is taken within a
 * round, in which all works take turns. One after the other means three runs of three pipelines, each of which decodes.
 */
public final class PictureTimes {

    private static final int SIZE = 224;

    /** The system counts in steps of 10 ms. */
    private static final long LONG_ENOUGH_NANOS = 400_000_000;

    private PictureTimes() {}

    /**
     * Measures.
     *
     * @param args how many rounds, then JPEG files
     * @throws IOException if a file cannot be read
     */
    public static void main(String[] args) throws IOException {
        ImageIO.setUseCache(false);
        try (VisionModels models = VisionModels.load();
                Pipeline<Image> classification = pipeline(List.of(models.classification()));
                Pipeline<Image> moderation = pipeline(List.of(models.moderation()));
                Pipeline<Image> ocr = pipeline(List.of(models.ocr()));
                Pipeline<Image> two = pipeline(List.of(models.classification(), models.moderation()));
                Pipeline<Image> three = pipeline(List.of(models.classification(), models.moderation(), models.ocr()))) {
            for (int i = 1; i < args.length; i++) {
                Image image = Image.of(Path.of(args[i]));
                byte[] bytes = image.toByteArray();
                Map<String, Runnable> works = new LinkedHashMap<>();
                works.put("ImageIO, crop, resize", () -> whole(bytes));
                for (int denominator : new int[] {1, 2, 4, 8}) {
                    works.put("own decoder at 1/" + denominator + ", crop, resize", () -> own(bytes, denominator));
                }
                works.put("classification", () -> classification.run(image).orThrow());
                works.put("moderation", () -> moderation.run(image).orThrow());
                works.put("both together", () -> two.run(image).orThrow());
                works.put("OCR", () -> ocr.run(image).orThrow());
                works.put("all three together", () -> three.run(image).orThrow());
                print(args[i], measured(works, Integer.parseInt(args[0])));
            }
        }
    }

    private static Pipeline<Image> pipeline(List<Stage<Image, ?>> stages) {
        Pipeline.Builder<Image> builder = Pipeline.builder("times");
        for (Stage<Image, ?> stage : stages) {
            builder.stages(stage);
        }
        return builder.build();
    }

    /** What a run took, in milliseconds: processor time of the whole process, and time on the clock. */
    private record Time(double processor, double clock) {

        Time plus(Time other) {
            return new Time(processor + other.processor, clock + other.clock);
        }
    }

    /** Lets all works take turns, each round beginning with the next of them; a time of each for each round. */
    private static Map<String, List<Time>> measured(Map<String, Runnable> works, int rounds) {
        Map<String, List<Time>> times = new LinkedHashMap<>();
        works.forEach((name, work) -> {
            times.put(name, new ArrayList<>());
            timed(work); // loads models, compiles
        });
        List<String> names = List.copyOf(works.keySet());
        for (int round = 0; round < rounds; round++) {
            for (int turn = 0; turn < names.size(); turn++) {
                String name = names.get((round + turn) % names.size());
                requireNonNull(times.get(name)).add(timed(requireNonNull(works.get(name))));
            }
        }
        return times;
    }

    private static Time timed(Runnable work) {
        long start = spent();
        long begun = System.nanoTime();
        int runs = 0;
        do {
            work.run();
            runs++;
        } while (spent() - start < LONG_ENOUGH_NANOS);
        return new Time((spent() - start) / 1e6 / runs, (System.nanoTime() - begun) / 1e6 / runs);
    }

    private static long spent() {
        return ((com.sun.management.OperatingSystemMXBean)
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void print(String file, Map<String, List<Time>> times) {
        System.out.println(Path.of(file).getFileName() + ": ms of the processor, ms on the clock, least of all rounds");
        times.forEach((name, each) -> System.out.printf(
                Locale.ROOT,
                "  %-36s %8.1f %8.1f%n",
                name,
                least(each.stream().mapToDouble(Time::processor)),
                least(each.stream().mapToDouble(Time::clock))));
        System.out.println("  ratios, median of the rounds (least to greatest): of the processor; on the clock");
        for (int denominator : List.of(1, 2, 4, 8)) {
            ratio(
                    "to classifier input at 1/" + denominator + " / ImageIO",
                    times,
                    "own decoder at 1/" + denominator + ", crop, resize",
                    "ImageIO, crop, resize");
        }
        ratio("classification and moderation / one by one", times, "both together", "classification", "moderation");
        ratio("all three / one by one", times, "all three together", "classification", "moderation", "OCR");
    }

    /** Prints what one work takes of others one after the other; both of the same round. */
    private static void ratio(String title, Map<String, List<Time>> times, String work, String... others) {
        List<Time> own = requireNonNull(times.get(work));
        List<Time> sums = new ArrayList<>(Collections.nCopies(own.size(), new Time(0, 0)));
        for (String other : others) {
            for (int round = 0; round < sums.size(); round++) {
                sums.set(
                        round,
                        sums.get(round).plus(requireNonNull(times.get(other)).get(round)));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "  %-44s %s; %s%n",
                title,
                ratios(own, sums, Time::processor),
                ratios(own, sums, Time::clock));
    }

    private static String ratios(List<Time> own, List<Time> others, ToDoubleFunction<Time> part) {
        return Spread.text(
                IntStream.range(0, own.size())
                        .mapToDouble(i -> part.applyAsDouble(own.get(i)) / part.applyAsDouble(others.get(i))),
                2);
    }

    private static double least(DoubleStream values) {
        return values.min().orElse(Double.NaN);
    }

    private static void own(byte[] bytes, int denominator) {
        Jpeg decoded = Jpeg.decode(bytes, denominator, () -> false);
        resized(new Pixels(decoded.width(), decoded.height(), decoded.rgb()));
    }

    private static void whole(byte[] bytes) {
        try {
            BufferedImage decoded = ImageIO.read(new ByteArrayInputStream(bytes));
            byte[] bgr = ((java.awt.image.DataBufferByte) decoded.getRaster().getDataBuffer()).getData();
            resized(new Pixels(decoded.getWidth(), decoded.getHeight(), bgr));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void resized(Pixels picture) {
        int side = (int) Math.rint(0.875 * Math.min(picture.width(), picture.height()));
        Pixels square = picture.crop((picture.width() - side) / 2, (picture.height() - side) / 2, side, side);
        if (Resample.BICUBIC.resize(square, SIZE, SIZE).width() != SIZE) {
            throw new IllegalStateException("no resizing");
        }
    }
}
