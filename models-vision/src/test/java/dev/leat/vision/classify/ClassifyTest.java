package dev.leat.vision.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import dev.leat.Pipeline;
import dev.leat.Stage;
import dev.leat.model.ModelSource;
import dev.leat.vision.Golden;
import dev.leat.vision.Image;
import dev.leat.vision.ImageClassification;
import dev.leat.vision.VisionModels;
import dev.leat.vision.image.Decode;
import dev.leat.vision.image.Pixels;
import org.junit.jupiter.api.Test;

class ClassifyTest {

    @Test
    void prepared_pictures_areWhatPillowPrepares() {
        Classify step = Classify.of(ModelSource.classPath().folder("efficientnet-lite0"), 5);
        Stage<Image, String> square = Stage.of(new Decode()).map(pixels -> Golden.sha256(step.prepared(pixels)));
        try (Pipeline<Image> pipeline =
                Pipeline.<Image>builder("square").stages(square).build()) {
            for (JsonObject golden : Golden.cases("classification")) {
                String file = golden.get("file").getAsString();
                assertThat(pipeline.run(Golden.picture(file)).get(square))
                        .as(file)
                        .isEqualTo(
                                golden.getAsJsonObject("square").get("sha256").getAsString());
            }
        }
    }

    @Test
    void classification_scores_agreeWithTheSameGraphInPython() {
        try (VisionModels models = VisionModels.load();
                Pipeline<Image> pipeline = Pipeline.<Image>builder("classes")
                        .stages(models.classification())
                        .build()) {
            for (JsonObject golden : Golden.cases("classification")) {
                String file = golden.get("file").getAsString();
                JsonObject best = golden.getAsJsonArray("best").get(0).getAsJsonObject();
                ImageClassification seen = pipeline.run(Golden.picture(file)).get(models.classification());
                assertThat(seen.labels()).hasSize(5);
                assertThat(seen.best().score())
                        .as(file)
                        .isCloseTo(best.get("score").getAsDouble(), within(0.02));
                assertThat(seen.labels()).as(file).anySatisfy(label -> {
                    assertThat(label.index()).isEqualTo(best.get("index").getAsInt());
                    assertThat(label.label()).isEqualTo(best.get("label").getAsString());
                });
            }
        }
    }

    @Test
    void classification_topKOutOfRange_isMisuse() {
        try (VisionModels models = VisionModels.load()) {
            assertThatIllegalArgumentException().isThrownBy(() -> models.classification(0));
            assertThatIllegalArgumentException().isThrownBy(() -> models.classification(1001));
            assertThat(models.classification(3)).isEqualTo(models.classification(3));
        }
    }

    @Test
    void prepared_onePixel_isStretched() {
        Classify step = Classify.of(ModelSource.classPath().folder("efficientnet-lite0"), 5);
        assertThat(step.prepared(new Pixels(1, 1, new byte[] {1, 2, 3})).rgb()).startsWith(1, 2, 3, 1, 2, 3);
    }
}
