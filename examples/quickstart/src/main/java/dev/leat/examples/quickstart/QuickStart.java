package dev.leat.examples.quickstart;

import dev.leat.InferenceException;
import dev.leat.examples.quickstart.PictureAnalysis.ImageAnalysis;
import dev.leat.examples.quickstart.TextAnalysis.AnalysisRequest;
import dev.leat.examples.quickstart.TextAnalysis.AnalysisResult;
import dev.leat.text.Embedding;
import dev.leat.text.Entities;
import dev.leat.text.Sentiment;
import dev.leat.text.TextModels;
import dev.leat.vision.Image;
import dev.leat.vision.VisionModels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Analyses texts and pictures: those given as arguments, or the bundled samples. */
public final class QuickStart {

    private static final List<String> SAMPLES = List.of("review.txt", "complaint.txt", "scene.jpg", "receipt.png");
    private static final List<String> PICTURES = List.of(".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp");
    private static final int SHOWN_COORDINATES = 4;
    private static final int WIDTH = 100;

    private QuickStart() {}

    /**
     * Runs the quick start.
     *
     * @param arguments files: pictures by their extension, texts otherwise; none means the samples
     */
    public static void main(String[] arguments) {
        List<String> files = List.of(arguments);
        int failed = 0;
        try (TextModels textModels = TextModels.load();
                VisionModels visionModels = VisionModels.load();
                TextAnalysis texts = new TextAnalysis(textModels);
                PictureAnalysis pictures = new PictureAnalysis(visionModels)) {
            for (String name : files.isEmpty() ? SAMPLES : files) {
                System.out.println(name);
                try {
                    byte[] content = files.isEmpty() ? sample(name) : Files.readAllBytes(Path.of(name));
                    if (isPicture(name)) {
                        print(pictures.analyze(Image.of(content)));
                    } else {
                        String text = new String(content, StandardCharsets.UTF_8);
                        print(texts.analyze(new AnalysisRequest(text, true, true, true)));
                    }
                } catch (InferenceException e) { // one bad input is not the end of the others
                    line("not analysed", String.valueOf(e.getMessage()));
                    failed++;
                } catch (IOException | InvalidPathException e) {
                    line("not read", e.toString());
                    failed++;
                }
                System.out.println();
            }
        } catch (InferenceException e) { // such as weights that are not on the class path
            System.err.println(e.getMessage());
            failed++;
        }
        if (failed > 0) {
            System.exit(1);
        }
    }

    private static void print(AnalysisResult result) {
        Sentiment sentiment = result.sentiment();
        if (sentiment != null) {
            line("sentiment", String.format(Locale.ROOT, "%s (%.3f)", sentiment.label(), sentiment.score()));
        }
        Embedding embedding = result.embedding();
        if (embedding != null) {
            line("embedding", summary(embedding));
        }
        Entities entities = result.entities();
        if (entities != null) {
            line(
                    "entities",
                    entities.entities().stream()
                            .map(entity -> entity.text() + " (" + entity.type() + ")")
                            .collect(Collectors.joining(", ")));
        }
        String summary = result.summary();
        line("summary", summary == null ? "none needed, the text is short" : summary);
    }

    private static void print(ImageAnalysis analysis) {
        line(
                "classification",
                String.format(Locale.ROOT, "%s (%.3f)", analysis.classification(), analysis.confidence()));
        line("appropriate", analysis.isAppropriate() ? "yes" : "no");
        line("text", analysis.extractedText().isEmpty() ? "none found" : analysis.extractedText());
    }

    private static String summary(Embedding embedding) {
        StringBuilder text = new StringBuilder(embedding.dimension() + " numbers: [");
        float[] vector = embedding.toArray();
        for (int i = 0; i < SHOWN_COORDINATES; i++) {
            text.append(String.format(Locale.ROOT, "%.4f, ", vector[i]));
        }
        return text.append("...]").toString();
    }

    /** Prints a value beside its name, broken between words where it is long. */
    private static void line(String what, String value) {
        String indent = " ".repeat(18);
        String name = String.format("  %-16s", what);
        for (String paragraph : value.split("\n", -1)) {
            StringBuilder line = new StringBuilder(name);
            for (String word : paragraph.split(" ", -1)) {
                if (line.length() > indent.length() && line.length() + word.length() > WIDTH) {
                    System.out.println(line);
                    line = new StringBuilder(indent);
                }
                line.append(word).append(' ');
            }
            System.out.println(line.toString().stripTrailing());
            name = indent;
        }
    }

    private static boolean isPicture(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return PICTURES.stream().anyMatch(lower::endsWith);
    }

    private static byte[] sample(String name) throws IOException {
        try (InputStream in = QuickStart.class.getResourceAsStream("/samples/" + name)) {
            if (in == null) {
                throw new IOException("sample " + name + " is not bundled");
            }
            return in.readAllBytes();
        }
    }
}
