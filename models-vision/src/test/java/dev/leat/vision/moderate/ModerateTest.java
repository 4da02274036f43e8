package dev.leat.vision.moderate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import dev.leat.Outcome;
import dev.leat.Pipeline;
import dev.leat.Reason;
import dev.leat.Stage;
import dev.leat.vision.Golden;
import dev.leat.vision.Image;
import dev.leat.vision.ImageGuard;
import dev.leat.vision.ImageModeration;
import dev.leat.vision.VisionModels;
import dev.leat.vision.image.Decode;
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
