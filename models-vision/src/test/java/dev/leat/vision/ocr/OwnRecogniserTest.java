package dev.leat.vision.ocr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.ModelLoadException;
import dev.leat.ModelRunException;
import dev.leat.Pipeline;
import dev.leat.Stage;
import dev.leat.model.ModelFolder;
import dev.leat.model.ModelSource;
import dev.leat.vision.OcrOptions;
import dev.leat.vision.VisionModels;
import dev.leat.vision.image.Pixels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A recogniser of a user's own with the 6,625 classes of PP-OCRv4's Chinese one: a graph to which colours are characters
 * ({@code colours} of tiny.py among the recipes), so that a line is written by giving each stripe its colour.
 */
class OwnRecogniserTest {

    private static final int CLASSES = 6625;
    private static final int SPACE = CLASSES - 1;
    private static final int FIRST = 0x4e00;
    private static final String FIRST_AND_300 = Character.toString(FIRST) + " " + Character.toString(FIRST + 299);

    @TempDir
    private Path models;

    /** As PaddleOCR's are: no blank, no space. */
    private static String dictionary(int lines) {
        return IntStream.range(0, lines)
                .mapToObj(i -> Character.toString(FIRST + i))
                .collect(Collectors.joining("\n"));
    }

    private ModelSource folder(String dictionary, int declared, String parameters) {
        try {
            Path folder = Files.createDirectories(models.resolve("colours"));
            byte[] graph;
            try (InputStream in = OwnRecogniserTest.class.getResourceAsStream("/models/colours/model.onnx")) {
                graph = Objects.requireNonNull(in).readAllBytes();
            }
            Files.write(folder.resolve("model.onnx"), graph);
            Files.writeString(folder.resolve("keys.txt"), dictionary);
            Files.writeString(folder.resolve("model.json"), """
                {"id": "colours", "version": "1.0.0", "task": "ocr-recognition", "graph": "model.onnx",
                 "files": {"model.onnx": %s, "keys.txt": %s},
                 "inputs": [{"name": "line", "type": "float32", "shape": ["batch", 3, 48, "width"]}],
                 "outputs": [{"name": "probabilities", "type": "float32", "shape": ["batch", "time", %d]}],
                 "languages": ["zh"], "license": "Apache-2.0", "parameters": {"characters": "keys.txt"%s}}
                """.formatted(
                    described(graph), described(Files.readAllBytes(folder.resolve("keys.txt"))), declared, parameters));
            return ModelSource.directory(models);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String described(byte[] file) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(file);
            return "{\"bytes\": " + file.length + ", \"sha256\": \""
                    + HexFormat.of().formatHex(digest) + "\"}";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A stripe of 8 pixels for each class. */
    private static Pixels line(int... classes) {
        Pixels line = new Pixels(8 * classes.length, 48, new byte[3 * 48 * 8 * classes.length]);
        for (int i = 0; i < line.rgb().length; i += 3) {
            int shown = classes[i / 3 % line.width() / 8];
            line.rgb()[i + 1] = (byte) shown;
            line.rgb()[i + 2] = (byte) (shown >> 8);
        }
        return line;
    }

    private static Readings read(ModelFolder folder, Pixels line) {
        double[] x = {0, line.width(), line.width(), 0};
        double[] y = {0, 0, line.height(), line.height()};
        Found found = new Found(line, 0, 0, line.width(), line.height(), List.of(new Quad(x, y)));
        Stage<Found, Readings> stage = Stage.of(new Read(Recogniser.of(folder, OcrOptions.DEFAULTS), 0, 1));
        try (Pipeline<Found> pipeline =
                Pipeline.<Found>builder("own-recogniser").stages(stage).build()) {
            return pipeline.run(found).get(stage);
        }
    }

    private static String text(ModelFolder folder, Pixels line) {
        return read(folder, line).pieces().get(0).reading().text();
    }

    @Test
    void read_dictionaryAsPaddleOcrHasIt_readsItsFirstAndLastCharacters() {
        ModelFolder folder = folder(dictionary(CLASSES - 2), CLASSES, "").folder("colours");
        String first = Character.toString(FIRST);
        String last = Character.toString(FIRST + CLASSES - 3);
        assertThat(text(folder, line(1, 1, 0, 1, 0, SPACE - 1, 0, SPACE, 0, 1, 0, 0, 0, SPACE - 1)))
                .isEqualTo(first + first + last + " " + first + last);
    }

    @Test
    void read_characterForEachClass_readsTheSame() {
        ModelFolder folder =
                folder("\n" + dictionary(CLASSES - 2) + "\n ", CLASSES, "").folder("colours");
        assertThat(text(folder, line(1, 0, SPACE, 0, 300))).isEqualTo(FIRST_AND_300);
    }

    @Test
    void read_spacingThatWasFitted_putsASpaceIntoTheGap() {
        // The distance in the line's median distances alone: a space from 1.5 on.
        ModelFolder folder = folder(dictionary(CLASSES - 2), CLASSES, ", \"spacing\": [-1.5, 0, 0, 1, 0, 0]")
                .folder("colours");
        assertThat(text(folder, line(1, 0, 1, 0, 1, 0, 0, 0, 300))).hasSize(5).endsWith(FIRST_AND_300);
    }

    @ParameterizedTest
    @ValueSource(ints = {6620, 6624, 6626, 0})
    void ocr_dictionaryOfAnotherLength_isRefusedWithBothNumbers(int lines) {
        ModelSource own = folder(dictionary(lines), CLASSES, "");
        try (VisionModels models = VisionModels.builder()
                .source(id -> (id.equals("colours") ? own : ModelSource.classPath()).folder(id))
                .build()) {
            assertThatThrownBy(() -> models.ocr(options -> options.recogniser("colours")))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining("keys.txt has " + lines + " lines")
                    .hasMessageContaining("'probabilities' has 6625 classes")
                    .hasMessageContaining("6623 lines");
        }
    }

    @Test
    void ocr_dictionaryThatFits_isAStageBesideTheBundledDetector() {
        ModelSource own = folder(dictionary(CLASSES - 2), CLASSES, "");
        try (VisionModels models = VisionModels.builder()
                .source(id -> (id.equals("colours") ? own : ModelSource.classPath()).folder(id))
                .build()) {
            assertThat(models.ocr(options -> options.recogniser("colours"))).isNotEqualTo(models.ocr());
        }
    }

    @Test
    void read_graphOfOtherClassesThanDeclared_isRefusedWithBothNumbers() {
        ModelFolder folder = folder(dictionary(98), 100, "").folder("colours");
        assertThatThrownBy(() -> read(folder, line(1)))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("100")
                .hasMessageContaining("6625");
    }

    @Test
    void ocr_spacingOfAnotherLength_isRefused() {
        ModelFolder folder = folder(dictionary(CLASSES - 2), CLASSES, ", \"spacing\": [1, 2]")
                .folder("colours");
        assertThatThrownBy(() -> Recogniser.of(folder, OcrOptions.DEFAULTS))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("2 weights")
                .hasMessageContaining("6");
    }

    @Test
    void decode_classBeyondTheCharacters_isAnOutputThatIsNone() {
        Recogniser recogniser =
                Recogniser.of(folder(dictionary(CLASSES - 2), CLASSES, "").folder("colours"), OcrOptions.DEFAULTS);
        Recogniser.Steps steps = new Recogniser.Steps(new long[] {CLASSES}, new float[1], new float[1]);
        assertThatThrownBy(() -> recogniser.decode(steps, 1))
                .isInstanceOfSatisfying(
                        ModelRunException.class,
                        e -> assertThat(e.kind()).isEqualTo(ModelRunException.Kind.BAD_OUTPUT));
    }
}
