package dev.leat.benchmarks;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * What decoding costs, and what sharing it saves: {@code PictureTimes ROUNDS JPEG...}.
 *
 * <p>Prints processor time of the whole process, the least of all rounds, which take turns. Ratios are what to read.
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

    private static Map<String, Double> measured(Map<String, Runnable> works, int rounds) {
        Map<String, Double> least = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            works.forEach((name, work) -> {
                long start = spent();
                int runs = 0;
                do {
                    work.run();
                    runs++;
                } while (spent() - start < LONG_ENOUGH_NANOS);
                least.merge(name, (spent() - start) / 1e6 / runs, Math::min);
            });
        }
        return least;
    }

    private static long spent() {
        return ((com.sun.management.OperatingSystemMXBean)
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void print(String file, Map<String, Double> times) {
        System.out.println(Path.of(file).getFileName());
        times.forEach((name, ms) -> System.out.printf(Locale.ROOT, "  %-36s %8.1f ms%n", name, ms));
        double input = times.getOrDefault("ImageIO, crop, resize", Double.NaN);
        for (int denominator : List.of(1, 2, 4, 8)) {
            double own = times.getOrDefault("own decoder at 1/" + denominator + ", crop, resize", Double.NaN);
            System.out.printf(Locale.ROOT, "  to classifier input at 1/%d / ImageIO: %.2f%n", denominator, own / input);
        }
        double classification = times.getOrDefault("classification", Double.NaN);
        double both = times.getOrDefault("both together", Double.NaN);
        double moderation = times.getOrDefault("moderation", Double.NaN);
        double ocr = times.getOrDefault("OCR", Double.NaN);
        System.out.printf(
                Locale.ROOT,
                "  classification and moderation together / one after the other: %.2f%n",
                both / (classification + moderation));
        System.out.printf(
                Locale.ROOT,
                "  all three together / one after the other: %.2f%n",
                times.getOrDefault("all three together", Double.NaN) / (classification + moderation + ocr));
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
