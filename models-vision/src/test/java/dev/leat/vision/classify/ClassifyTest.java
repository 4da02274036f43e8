package dev.leat.vision.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.leat.ModelLoadException;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.model.ModelSource;
import dev.leat.vision.Golden;
import dev.leat.vision.Image;
import dev.leat.vision.ImageClassification;
import dev.leat.vision.ImageEmbedding;
import dev.leat.vision.ImageLabel;
import dev.leat.vision.Tier;
import dev.leat.vision.VisionModels;
import dev.leat.vision.image.Decode;
import dev.leat.vision.image.Pixels;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ClassifyTest {

    private static List<JsonObject> cases(Tier tier) {
        return Golden.cases("classification").stream()
                .filter(golden -> golden.get("tier").getAsString().equals(tier.name()))
                .toList();
    }

    private static Preparation preparation(String model) {
        return Preparation.of(ModelSource.classPath().folder(model));
    }

    @ParameterizedTest
    @CsvSource({"FAST, efficientnet-lite0", "ACCURATE, efficientnet-lite2"})
    void square_pictures_areWhatPillowPrepares(Tier tier, String model) {
        Preparation preparation = preparation(model);
        Stage<Image, String> square = Stage.of(new Decode()).map(pixels -> Golden.sha256(preparation.square(pixels)));
        try (Pipeline<Image> pipeline =
                Pipeline.<Image>builder("square").stages(square).build()) {
            for (JsonObject golden : cases(tier)) {
                String file = golden.get("file").getAsString();
                assertThat(pipeline.run(Golden.picture(file)).get(square))
                        .as(file)
                        .isEqualTo(
                                golden.getAsJsonObject("square").get("sha256").getAsString());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Tier.class)
    void classification_scores_agreeWithTheSameGraphInPython(Tier tier) {
        try (VisionModels models = VisionModels.load()) {
            Stage<Image, ImageClassification> stage = models.classification(c -> c.tier(tier));
            Stage<Image, ImageEmbedding> embedding = models.embedding(tier);
            try (Pipeline<Image> pipeline =
                    Pipeline.<Image>builder("classes").stages(stage, embedding).build()) {
                for (JsonObject golden : cases(tier)) {
                    Results results =
                            pipeline.run(Golden.picture(golden.get("file").getAsString()));
                    assertAgrees(results.get(stage), golden);
                    assertAgrees(results.get(embedding), golden);
                }
            }
        }
    }

    private static void assertAgrees(ImageClassification seen, JsonObject golden) {
        String file = golden.get("file").getAsString();
        JsonObject best = golden.getAsJsonArray("best").get(0).getAsJsonObject();
        JsonObject next = golden.getAsJsonArray("best").get(1).getAsJsonObject();
        double score = best.get("score").getAsDouble();
        assertThat(seen.labels()).hasSize(5);
        assertThat(seen.best().score()).as(file).isCloseTo(score, within(0.02));
        assertThat(seen.margin())
                .as(file)
                .isCloseTo(score - next.get("score").getAsDouble(), within(0.04))
                .isEqualTo(seen.best().score() - seen.labels().get(1).score());
        assertThat(seen.labels()).as(file).anySatisfy(label -> {
            assertThat(label.index()).isEqualTo(best.get("index").getAsInt());
            assertThat(label.id()).isEqualTo(best.get("id").getAsString());
            assertThat(label.label()).isEqualTo(best.get("label").getAsString());
        });
    }

    private static void assertAgrees(ImageEmbedding seen, JsonObject golden) {
        JsonArray some = golden.getAsJsonArray("embedding");
        assertThat(seen.dimension()).isEqualTo(1280);
        for (int i = 0; i < some.size(); i++) {
            assertThat((double) seen.toArray()[40 * i])
                    .as("%s, coordinate %d", golden.get("file"), 40 * i)
                    .isCloseTo(some.get(i).getAsDouble(), within(0.01));
        }
    }

    @Test
    void classificationAndEmbedding_areOneRunOfTheModel() {
        try (VisionModels models = VisionModels.load();
                Pipeline<Image> pipeline = Pipeline.<Image>builder("shared")
                        .stages(
                                models.classification(),
                                models.classification(c -> c.topK(1)).named("best"),
                                models.embedding())
                        .build()) {
            Results results = pipeline.run(Golden.picture("clock.jpg")).orThrow();
            assertThat(results.trace().entries())
                    .filteredOn(entry -> entry.name().equals("classify"))
                    .hasSize(1);
        }
    }

    @Test
    void classification_unsureFastTier_asksTheAccurateOne() {
        try (VisionModels models = VisionModels.load()) {
            Stage<Image, ImageClassification> accurate = models.classification(c -> c.tier(Tier.ACCURATE));
            Stage<Image, ImageClassification> never = models.classification()
                    .escalateTo(accurate, found -> found.margin() < 0)
                    .named("never");
            Stage<Image, ImageClassification> always = models.classification()
                    .escalateTo(accurate, found -> found.margin() < 2)
                    .named("always");
            try (Pipeline<Image> pipeline = Pipeline.<Image>builder("cascade")
                    .stages(models.classification(), accurate.named("accurate"), never, always)
                    .build()) {
                Results results = pipeline.run(Golden.picture("landscape.jpg")).orThrow();
                assertThat(results.get(never)).isEqualTo(results.get(models.classification()));
                assertThat(results.get(always))
                        .isEqualTo(results.get(accurate.named("accurate")))
                        .isNotEqualTo(results.get(never));
            }
        }
    }

    @Test
    void classification_largeJpeg_isDecodedSmallerWithTheSameAnswer() {
        try (VisionModels models = VisionModels.load();
                Pipeline<Image> pipeline = Pipeline.<Image>builder("large")
                        .stages(models.classification())
                        .build()) {
            Results results = pipeline.run(Golden.picture("clock-large.jpg")).orThrow();
            assertThat(results.outcome(models.classification()).provenance().facts())
                    .containsEntry("scale", 2L)
                    .containsEntry("pixels", 1100L * 1100);
            assertThat(results.get(models.classification()).best().label()).contains("clock");
        }
    }

    @Test
    void classification_ownModel_isReadAsItsDescriptionSays() throws URISyntaxException {
        URL folder = Objects.requireNonNull(ClassifyTest.class.getResource("/models/channels/model.json"));
        Path directory = Path.of(folder.toURI()).resolve("../..").normalize();
        try (VisionModels models =
                VisionModels.builder().source(ModelSource.directory(directory)).build()) {
            Stage<Image, ImageClassification> stage =
                    models.classification(c -> c.model("channels").topK(3));
            try (Pipeline<Image> pipeline =
                    Pipeline.<Image>builder("own").stages(stage).build()) {
                assertThat(pipeline.run(plain(new Color(51, 102, 255)))
                                .get(stage)
                                .labels())
                        .extracting(ImageLabel::label)
                        .containsExactly("blue", "green", "red");
                ImageLabel red =
                        pipeline.run(plain(new Color(255, 204, 0))).get(stage).best();
                // means 0, 8 and 10 of 255 / 25.5
                assertThat(red.score()).isCloseTo(1 / (1 + Math.exp(-2) + Math.exp(-10)), within(1e-6));
                assertThat(red.id()).isEqualTo("red");
                assertThat(red.index()).isEqualTo(2);
            }
            assertThatThrownBy(() -> models.classification())
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining("efficientnet-lite0");
        }
    }

    private static Image plain(Color color) {
        BufferedImage picture = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = picture.createGraphics();
        pen.setColor(color);
        pen.fillRect(0, 0, 40, 30);
        pen.dispose();
        return Image.of(picture);
    }

    @Test
    void classification_optionsThatContradict_areMisuse() {
        try (VisionModels models = VisionModels.load()) {
            assertThatIllegalArgumentException().isThrownBy(() -> models.classification(c -> c.topK(0)));
            assertThatIllegalArgumentException().isThrownBy(() -> models.classification(c -> c.topK(1001)));
            assertThatIllegalStateException()
                    .isThrownBy(
                            () -> models.classification(c -> c.tier(Tier.FAST).model("mine")))
                    .withMessageContaining("FAST")
                    .withMessageContaining("mine");
            assertThat(models.classification(c -> c.topK(3))).isEqualTo(models.classification(c -> c.topK(3)));
            assertThat(models.classification(c -> c.tier(Tier.FAST))).isEqualTo(models.classification());
        }
    }

    @Test
    void square_onePixel_isStretched() {
        Preparation preparation = preparation("efficientnet-lite0");
        assertThat(preparation.square(new Pixels(1, 1, new byte[] {1, 2, 3})).rgb())
                .startsWith(1, 2, 3, 1, 2, 3);
    }
}
