package dev.leat.vision.moderate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import dev.leat.Outcome;
import dev.leat.Pipeline;
import dev.leat.Reason;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.model.ModelSource;
import dev.leat.vision.Golden;
import dev.leat.vision.Image;
import dev.leat.vision.ImageGuard;
import dev.leat.vision.ImageModeration;
import dev.leat.vision.ModerationOptions;
import dev.leat.vision.ModerationOptions.Preset;
import dev.leat.vision.VisionModels;
import dev.leat.vision.image.Decode;
import dev.leat.vision.image.Pixels;
import dev.leat.vision.moderate.Moderate.Window;
import org.junit.jupiter.api.Test;

class ModerateTest {

    @Test
    void prepared_pictures_areWhatTheReferencePrepares() {
        Stage<Image, String> square = Stage.of(new Decode()).map(pixels -> Golden.sha256(Moderate.prepared(pixels)));
        try (Pipeline<Image> pipeline =
                Pipeline.<Image>builder("square").stages(square).build()) {
            for (JsonObject golden : Golden.cases("moderation")) {
                String file = golden.get("file").getAsString();
                assertThat(pipeline.run(Golden.picture(file)).get(square))
                        .as(file)
                        .isEqualTo(golden.getAsJsonObject("jpeg").get("sha256").getAsString());
            }
        }
    }

    @Test
    void moderation_scores_agreeWithTheReference() {
        try (VisionModels models = VisionModels.load();
                Pipeline<Image> pipeline = Pipeline.<Image>builder("moderation")
                        .stages(models.moderation())
                        .build()) {
            for (JsonObject golden : Golden.cases("moderation")) {
                String file = golden.get("file").getAsString();
                ImageModeration seen = pipeline.run(Golden.picture(file)).get(models.moderation());
                double score = golden.get("score").getAsDouble();
                assertThat(seen.score().orElseThrow()).as(file).isCloseTo(score, within(0.01));
                assertThat(seen.flagged()).isEqualTo(seen.score().orElseThrow() >= 0.1);
                assertThat(seen.isAppropriate()).isNotEqualTo(seen.flagged());
            }
        }
    }

    @Test
    void moderation_thresholds_areThoseOfTheirNames() {
        try (VisionModels models = VisionModels.load()) {
            assertThat(models.moderation(m -> m.preset(Preset.STRICT))).isEqualTo(models.moderation());
            assertThat(models.moderation(m -> m.threshold(0.1))).isEqualTo(models.moderation());
            assertThat(models.moderation(m -> m.preset(Preset.BALANCED)))
                    .isEqualTo(models.moderation(m -> m.threshold(0.5)))
                    .isNotEqualTo(models.moderation());
            assertThatIllegalArgumentException().isThrownBy(() -> models.moderation(m -> m.threshold(0)));
            assertThatIllegalArgumentException().isThrownBy(() -> models.moderation(m -> m.threshold(Double.NaN)));
        }
    }

    @Test
    void moderation_ownThreshold_decides() {
        try (VisionModels models = VisionModels.load()) {
            Stage<Image, ImageModeration> usual = models.moderation();
            try (Pipeline<Image> pipeline =
                    Pipeline.<Image>builder("usual").stages(usual).build()) {
                double score = pipeline.run(Golden.picture("clock.jpg"))
                        .get(usual)
                        .score()
                        .orElseThrow();
                Stage<Image, ImageModeration> below = models.moderation(m -> m.threshold(score / 2));
                Stage<Image, ImageModeration> above = models.moderation(m -> m.threshold(score * 2));
                try (Pipeline<Image> own = Pipeline.<Image>builder("own")
                        .stages(below.named("below"), above.named("above"))
                        .build()) {
                    var results = own.run(Golden.picture("clock.jpg"));
                    assertThat(results.get(below.named("below")).flagged()).isTrue();
                    assertThat(results.get(above.named("above")).flagged()).isFalse();
                }
            }
        }
    }

    @Test
    void windows_pictures_areCoveredByThem() {
        assertThat(Moderate.windows(blank(500, 1000))).containsExactly(new Window(0, 0, 500, 1000));
        assertThat(Moderate.windows(blank(30, 100)))
                .hasSize(7)
                .contains(new Window(0, 0, 30, 30), new Window(0, 14, 30, 30), new Window(0, 70, 30, 30));
        assertThat(Moderate.windows(blank(3000, 2)))
                .hasSize(17)
                .contains(new Window(0, 0, 2, 2), new Window(2998, 0, 2, 2));
        assertThat(Moderate.windows(blank(1201, 1024)))
                .hasSize(10)
                .contains(new Window(0, 0, 600, 512), new Window(600, 512, 600, 512));
    }

    private static Pixels blank(int width, int height) {
        return new Pixels(width, height, new byte[3 * width * height]);
    }

    @Test
    void moderation_regions_countTheWorst() {
        try (VisionModels models = VisionModels.load()) {
            Stage<Image, ImageModeration> whole = models.moderation();
            Stage<Image, ImageModeration> parts = models.moderation(m -> m.regions());
            try (Pipeline<Image> pipeline = Pipeline.<Image>builder("regions")
                    .stages(whole.named("whole"), parts.named("parts"))
                    .build()) {
                var results = pipeline.run(Golden.picture("clock-large.jpg"));
                assertThat(results.outcome(parts.named("parts")).provenance().facts())
                        .containsEntry("regions", 10L);
                assertThat(results.get(parts.named("parts")).score().orElseThrow())
                        .isGreaterThanOrEqualTo(
                                results.get(whole.named("whole")).score().orElseThrow());
            }
        }
    }

    @Test
    void moderation_largePictureOfALowScore_sharesTheSmallerDecoding() {
        try (VisionModels models = VisionModels.load();
                Pipeline<Image> pipeline = Pipeline.<Image>builder("large")
                        .stages(models.moderation(), models.classification())
                        .build()) {
            Results results = pipeline.run(Golden.picture("clock-large.jpg")).orThrow();
            assertThat(results.outcome(models.moderation()).provenance().facts())
                    .containsEntry("scale", 2L);
            assertThat(decodes(results)).isEqualTo(1);
        }
    }

    @Test
    void moderation_largePictureWhoseScoreIsNotLow_isDecodedWhole() {
        try (VisionModels models = VisionModels.load()) {
            Stage<Image, ImageModeration> sensitive = models.moderation(m -> m.threshold(1e-6));
            Stage<Image, Double> whole = Stage.of(new Decode())
                    .then(Stage.of(Moderate.of(ModelSource.classPath().folder("open-nsfw"), options(0.5))))
                    .map(seen -> seen.score().orElseThrow());
            try (Pipeline<Image> pipeline =
                    Pipeline.<Image>builder("large").stages(sensitive, whole).build()) {
                Results results =
                        pipeline.run(Golden.picture("clock-large.jpg")).orThrow();
                assertThat(decodes(results)).isEqualTo(2);
                assertThat(results.get(sensitive).score()).hasValue(results.get(whole));
                assertThat(results.get(sensitive).flagged()).isTrue();
            }
        }
    }

    private static ModerationOptions options(double threshold) {
        return new ModerationOptions(threshold, false);
    }

    private static long decodes(Results results) {
        return results.trace().entries().stream()
                .filter(entry -> entry.name().equals("decode"))
                .count();
    }

    @Test
    void moderation_pictureThatCannotBeRead_failsClosed() {
        try (VisionModels models = VisionModels.load();
                Pipeline<Image> pipeline = Pipeline.<Image>builder("moderation")
                        .guard(ImageGuard.standard())
                        .stages(models.moderation())
                        .build()) {
            for (String file : new String[] {"text.jpg", "truncated.jpg", "damaged.png", "huge-60000.png"}) {
                assertThat(pipeline.run(Golden.hostile(file)).outcome(models.moderation()))
                        .isInstanceOfSatisfying(Outcome.Degraded.class, degraded -> {
                            assertThat(degraded.value()).isEqualTo(ImageModeration.unavailable());
                            assertThat(degraded.reason().code()).isEqualTo(Reason.UNAVAILABLE);
                        });
            }
        }
    }
}
