package dev.leat.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.InvalidInputException;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.model.ModelFolder;
import dev.leat.model.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VisionModelsTest {

    record Post(Image picture) {}

    private static long decodes(Results results) {
        return results.trace().entries().stream()
                .filter(entry -> entry.name().equals("decode"))
                .count();
    }

    @Test
    void run_threeStages_areOneDecode() {
        try (VisionModels models = VisionModels.load();
                Pipeline<Image> pipeline = Pipeline.<Image>builder("three")
                        .guard(ImageGuard.standard())
                        .stages(models.classification(), models.moderation(), models.ocr())
                        .build()) {
            assertThat(decodes(pipeline.run(Golden.picture("notice.png")).orThrow()))
                    .isEqualTo(1);
        }
    }

    @Test
    void run_stagesOnAHostsType_areOneDecode() {
        try (VisionModels models = VisionModels.load()) {
            Stage<Post, ImageClassification> classes = models.classification().on(Post::picture);
            Stage<Post, ImageModeration> moderation = models.moderation().on(Post::picture);
            try (Pipeline<Post> pipeline =
                    Pipeline.<Post>builder("posts").stages(classes, moderation).build()) {
                Results results =
                        pipeline.run(new Post(Golden.picture("clock.jpg"))).orThrow();
                assertThat(decodes(results)).isEqualTo(1);
                assertThat(results.get(classes).best().label()).contains("clock");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "huge-60000.png, too-large-side",
        "huge-12000.png, too-many-pixels",
        "huge-65500.jpg, too-large-side",
        "huge.webp, too-large-side",
        "huge.bmp, too-large-side",
        "huge-frame.gif, too-large-side",
        "huge-frame-small-screen.gif, too-large-side",
        "text.jpg, unknown-format",
        "empty.png, empty"
    })
    void guard_hostilePictures_areRefusedByTheirHeader(String file, String code) {
        assertThatThrownBy(() -> ImageGuard.standard().check(Golden.hostile(file)))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void guard_tooManyBytes_saysHowToMendIt() {
        assertThatThrownBy(() -> ImageGuard.builder().maxBytes(10).build().check(Golden.picture("clock.jpg")))
                .isInstanceOfSatisfying(InvalidInputException.class, e -> {
                    assertThat(e.code()).isEqualTo("too-many-bytes");
                    assertThat(e).hasMessageContaining("ImageGuard.builder()");
                });
    }

    @Test
    void of_pathThatIsNoFile_saysSo(@TempDir Path directory) {
        assertThatThrownBy(() -> Image.of(directory))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.code()).isEqualTo("no-file"));
        assertThatThrownBy(() -> Image.of(directory.resolve("none.jpg")))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.code()).isEqualTo("not-found"));
    }

    @Test
    void equals_sameBytes_areOnePicture() {
        assertThat(Golden.picture("clock.jpg")).isEqualTo(Golden.picture("clock.jpg"));
        assertThat(Golden.picture("clock.jpg")).isNotEqualTo(Golden.picture("rgb.png"));
        assertThat(Golden.picture("clock.jpg").toString()).startsWith("Image[");
    }

    /** Three bytes between the first segment and the second. */
    private static Image withAFault() {
        byte[] whole = Golden.picture("clock.jpg").toByteArray();
        byte[] faulty = new byte[whole.length + 3];
        System.arraycopy(whole, 0, faulty, 0, 20);
        System.arraycopy(whole, 20, faulty, 23, whole.length - 20);
        return Image.of(faulty);
    }

    @Test
    void run_pictureWithAFault_isAnsweredWithAWarning() {
        try (VisionModels models = VisionModels.load();
                Pipeline<Image> pipeline = Pipeline.<Image>builder("lenient")
                        .stages(models.classification())
                        .build()) {
            Results results = pipeline.run(withAFault()).orThrow();
            assertThat(results.outcome(models.classification()).provenance().facts())
                    .containsEntry("warnings", 1L);
        }
    }

    @Test
    void run_strictPictureWithAFault_isRefused() {
        try (VisionModels models = VisionModels.builder().strict().build();
                Pipeline<Image> pipeline = Pipeline.<Image>builder("strict")
                        .stages(models.classification())
                        .build()) {
            assertThatThrownBy(() -> pipeline.run(withAFault()).orThrow())
                    .isInstanceOfSatisfying(
                            InvalidInputException.class,
                            e -> assertThat(e.code()).isEqualTo("damaged"));
        }
    }

    @Test
    void close_refusesNewStages() {
        VisionModels models = VisionModels.load();
        models.close();
        assertThatIllegalStateException().isThrownBy(models::ocr).withMessageContaining("VisionModels");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"efficientnet-lite0", "efficientnet-lite2", "open-nsfw", "ppocr-v4-det", "ppocr-v4-rec-english"})
    void model_hasItsPapersAndIsUndamaged(String id) throws IOException {
        ModelFolder folder = ModelSource.classPath().folder(id);
        assertThat(folder.descriptor().license()).isNotBlank();
        for (String file : folder.descriptor().files().keySet()) {
            assertThat(folder.bytes(file))
                    .hasSize((int) folder.descriptor().file(file).bytes());
        }
        for (String paper : new String[] {"LICENSE", "MODEL_CARD.md", "provenance.json"}) {
            String name = ModelSource.CLASS_PATH_FOLDER + id + "/" + paper;
            try (InputStream in = VisionModelsTest.class.getClassLoader().getResourceAsStream(name)) {
                assertThat(in).as("%s of %s", paper, id).isNotNull().isNotEmpty();
            }
        }
    }
}
