package dev.leat.vision;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.InferenceException;
import dev.leat.Leat;
import dev.leat.LeatRuntime;
import dev.leat.Outcome;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.RunOptions;
import dev.leat.Running;
import dev.leat.Stage;
import dev.leat.observe.InferenceListener;
import dev.leat.session.Session;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/**
 * Sends marked pictures through every picture stage and every way to fail, and prints everything of the library that can
 * be printed. The mark is in the picture, to be read, and in its metadata. Run in a JVM of its own by
 * {@link PrivacyTest}.
 */
final class PrivacyCanary {

    private PrivacyCanary() {}

    /**
     * Runs it.
     *
     * @param arguments the mark, and the file for the flight recording
     */
    public static void main(String[] arguments) throws Exception {
        System.setProperty("java.awt.headless", "true");
        String mark = arguments[0];
        byte[] marked = withComment(drawn(mark), mark);
        byte[] damaged = marked.clone();
        System.arraycopy(mark.getBytes(ISO_8859_1), 0, damaged, marked.length / 2, mark.length());
        List<Image> pictures = List.of(
                Image.of(marked),
                Image.of(damaged),
                Image.of(Arrays.copyOf(marked, marked.length / 3)),
                Image.of(("\u0089PNG\r\n\u001a\n" + mark).getBytes(ISO_8859_1)),
                Image.of(("GIF89a" + mark.repeat(9)).getBytes(ISO_8859_1)),
                Image.of(mark.getBytes(UTF_8)));
        try (Recording recording = new Recording()) {
            List.of("Step", "Refusal", "Model", "Cache", "Runtime")
                    .forEach(name -> recording.enable("dev.leat." + name));
            recording.enable("jdk.ThreadStart");
            recording.start();
            everyStage(mark, pictures);
            recording.stop();
            recording.dump(Path.of(arguments[1]));
            RecordingFile.readAllEvents(Path.of(arguments[1])).forEach(PrivacyCanary::print);
        }
        Thread.getAllStackTraces().keySet().forEach(thread -> print(thread.getName()));
    }

    private static byte[] drawn(String mark) throws IOException {
        BufferedImage image = new BufferedImage(480, 120, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, 480, 120);
        graphics.setColor(Color.BLACK);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 48));
        graphics.drawString(mark, 60, 78);
        graphics.dispose();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        return png.toByteArray();
    }

    /** Puts a text chunk behind a PNG's header. */
    private static byte[] withComment(byte[] png, String comment) {
        byte[] text = ("tEXtComment\0" + comment).getBytes(ISO_8859_1);
        CRC32 sum = new CRC32();
        sum.update(text);
        int header = 33; // signature and IHDR
        return ByteBuffer.allocate(png.length + text.length + 8)
                .put(png, 0, header)
                .putInt(text.length - 4)
                .put(text)
                .putInt((int) sum.getValue())
                .put(png, header, png.length - header)
                .array();
    }

    private static void everyStage(String mark, List<Image> pictures) throws Exception {
        LeatRuntime runtime = LeatRuntime.shared();
        InferenceListener printing = new InferenceListener() {
            @Override
            public void executed(NodeExecution execution) {
                print(execution);
            }
        };
        try (AutoCloseable listening = runtime.listen(printing);
                VisionModels models = VisionModels.load()) {
            print(listening.getClass());
            Stage<Image, OcrText> ocr = models.ocr().cached();
            List<Stage<Image, ?>> stages = List.of(
                    ocr,
                    models.classification(),
                    models.moderation(),
                    ocr.named("failing map").map(value -> fail(mark)),
                    ocr.named("gated").when("failing gate", value -> !fail(mark).isEmpty()),
                    ocr.on((Image image) -> image(mark)).named("failing input"),
                    ocr.named("shut off").when("shut", value -> false),
                    ocr.named("late").timeout(Duration.ofNanos(1)),
                    Stage.window(Stage.of("window", (List<Image> window) -> window.size())));
            for (boolean guarded : new boolean[] {true, false}) {
                Pipeline.Builder<Image> builder = Pipeline.<Image>builder("canary-" + guarded);
                stages.forEach(builder::stages);
                if (guarded) {
                    builder.guard(ImageGuard.standard());
                }
                try (Pipeline<Image> pipeline = builder.build()) {
                    Session<Image> session = pipeline.session(mark);
                    print(pipeline);
                    print(session);
                    for (Image picture : pictures) {
                        print(picture);
                        Results results = pipeline.run(picture);
                        show(results, stages);
                        sayWhetherRead(results.outcome(ocr), mark);
                        show(session.run(picture), stages);
                        show(pipeline.run(picture, RunOptions.DEFAULT.withDeadline(Duration.ofMillis(1))), stages);
                        Running<Image> running = pipeline.start(picture, RunOptions.DEFAULT.withScope(mark));
                        print(running);
                        print(RunOptions.DEFAULT.withScope(mark).withAttribute("a", mark));
                        running.cancel();
                        show(running.results().toCompletableFuture().join(), stages);
                        print(Leat.snapshot());
                    }
                    print(pipeline.describe());
                    print(pipeline.describeMermaid());
                    print(runtime.cache());
                    print(Leat.diagnose());
                }
            }
        }
    }

    /** Else the mark's absence would say nothing. */
    private static void sayWhetherRead(Outcome<OcrText> outcome, String mark) {
        if (outcome instanceof Outcome.Success<OcrText> success
                && success.value().text().toUpperCase(Locale.ROOT).contains(mark)) {
            print("the mark was read");
        }
    }

    private static String fail(String mark) {
        throw new IllegalStateException("the user's own words: " + mark);
    }

    private static Image image(String mark) {
        throw new IllegalStateException("the user's own words: " + mark);
    }

    private static void show(Results results, List<Stage<Image, ?>> stages) {
        print(results);
        print(results.trace());
        print(results.removals());
        List<Outcome<?>> outcomes = new ArrayList<>();
        stages.forEach(stage -> outcomes.add(results.outcome(stage)));
        print(stages);
        for (Outcome<?> outcome : outcomes) {
            print(outcome);
            print(outcome.provenance());
            if (outcome instanceof Outcome.Success<?> success) {
                print(success.value());
            } else if (outcome instanceof Outcome.Degraded<?> degraded) {
                print(degraded.value());
                print(degraded.reason());
            } else if (outcome instanceof Outcome.Failed<?> failed) {
                ours(failed.cause());
            }
        }
    }

    /** Prints our own exceptions, and those of the decoders; what a user's function threw is the user's. */
    private static void ours(@Nullable Throwable failure) {
        if (failure instanceof InferenceException) {
            print(failure);
            if (failure instanceof dev.leat.FunctionException) {
                return;
            }
        } else if (failure != null) {
            print(failure);
        }
        if (failure != null) {
            ours(failure.getCause());
            for (Throwable suppressed : failure.getSuppressed()) {
                ours(suppressed);
            }
        }
    }

    private static void print(Object any) {
        System.out.write((any + "\n").getBytes(UTF_8), 0, (any + "\n").getBytes(UTF_8).length);
    }
}
