package dev.leat.benchmarks;

import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.vision.Image;
import dev.leat.vision.ImageClassification;
import dev.leat.vision.ImageLabel;
import dev.leat.vision.ImageModeration;
import dev.leat.vision.ModerationOptions.Preset;
import dev.leat.vision.Tier;
import dev.leat.vision.VisionModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Compares classification and moderation with what the reference implementations said of the same pictures.
 *
 * <p>{@code PictureQuality PICTURES reference.tsv}; {@code measure.py} among the recipes of leat-models-vision-weights
 * writes the table: file, best class and its probability by Lite0 and Lite2 in full precision, probability of nudity.
 */
public final class PictureQuality {

    private static final int CLASSES = 1000;

    private PictureQuality() {}

    /**
     * Compares.
     *
     * @param args a folder of pictures, and the table
     * @throws IOException if one of them cannot be read
     */
    public static void main(String[] args) throws IOException {
        Path pictures = Path.of(args[0]);
        List<String[]> rows = Files.readAllLines(Path.of(args[1])).stream()
                .map(line -> line.split("\t"))
                .toList();
        try (VisionModels models = VisionModels.load()) {
            Stage<Image, ImageClassification> fast = models.classification(c -> c.topK(CLASSES));
            Stage<Image, ImageClassification> accurate = models.classification(
                            c -> c.tier(Tier.ACCURATE).topK(CLASSES))
                    .named("accurate");
            Stage<Image, ImageModeration> moderation = models.moderation();
            Agreement ofFast = new Agreement("classification FAST");
            Agreement ofAccurate = new Agreement("classification ACCURATE");
            double[] moved = new double[rows.size()];
            double[] scores = new double[rows.size()];
            try (Pipeline<Image> pipeline = Pipeline.<Image>builder("quality")
                    .stages(fast, accurate, moderation)
                    .build()) {
                for (int i = 0; i < moved.length; i++) {
                    String[] row = rows.get(i);
                    Results results =
                            pipeline.run(Image.of(pictures.resolve(row[0]))).orThrow();
                    ofFast.add(results.get(fast), row[1], row[2]);
                    ofAccurate.add(results.get(accurate), row[3], row[4]);
                    scores[i] = results.get(moderation).score().orElse(Double.NaN);
                    moved[i] = Math.abs(scores[i] - Double.parseDouble(row[5]));
                }
            }
            ofFast.print();
            ofAccurate.print();
            System.out.printf(
                    Locale.ROOT,
                    "moderation: %d of %d scores off by more than .01, none by more than %.4f%n",
                    Arrays.stream(moved).filter(each -> !(each <= 0.01)).count(),
                    moved.length,
                    Arrays.stream(moved).max().orElse(Double.NaN));
            for (Preset preset : Preset.values()) {
                long flagged = Arrays.stream(scores)
                        .filter(each -> !(each < preset.threshold()))
                        .count();
                System.out.printf(
                        Locale.ROOT,
                        "moderation %s: flags %d of %d (%.1f %%)%n",
                        preset,
                        flagged,
                        scores.length,
                        100.0 * flagged / scores.length);
            }
        }
    }

    private static final class Agreement {
        private final String name;
        private int pictures;
        private int same;
        private double changes;

        Agreement(String name) {
            this.name = name;
        }

        void add(ImageClassification seen, String best, String score) {
            int index = Integer.parseInt(best);
            pictures++;
            same += seen.best().index() == index ? 1 : 0;
            double own = seen.labels().stream()
                    .filter(label -> label.index() == index)
                    .mapToDouble(ImageLabel::score)
                    .findFirst()
                    .orElseThrow();
            changes += Math.abs(own - Double.parseDouble(score));
        }

        void print() {
            System.out.printf(
                    Locale.ROOT,
                    "%s: same best label as in full precision for %.1f %% of %d, its probability changed by %.4f%n",
                    name,
                    100.0 * same / pictures,
                    pictures,
                    changes / pictures);
        }
    }
}
