package dev.leat.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.leat.ModelLoadException;
import dev.leat.Pipeline;
import dev.leat.Stage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierTest {

    private static final Map<String, List<String>> EXAMPLES = Map.of(
            "billing",
            List.of(
                    "The invoice of May is too high.",
                    "I was charged twice for one order.",
                    "Please send me a receipt for my payment."),
            "delivery",
            List.of(
                    "My parcel has not arrived yet.",
                    "The courier left the box at the wrong door.",
                    "When will my order be shipped?"),
            "account",
            List.of("I forgot my password.", "How do I change my user name?", "My login does not work any more."));

    private static final TextModels MODELS = TextModels.load();
    private static final Classifier CLASSIFIER =
            MODELS.classifier().fromExamples(EXAMPLES).build();

    @AfterAll
    static void close() {
        MODELS.close();
    }

    private static List<Classification> classify(Classifier classifier, String... texts) {
        Stage<String, Classification> stage = MODELS.classification(classifier);
        try (Pipeline<String> pipeline =
                Pipeline.<String>builder("classify").stages(stage).build()) {
            return Arrays.stream(texts)
                    .map(text -> pipeline.run(text).get(stage))
                    .toList();
        }
    }

    private static Embedding embed(String text) {
        Stage<String, Embedding> stage = MODELS.classificationEmbedding();
        try (Pipeline<String> pipeline =
                Pipeline.<String>builder("embed").stages(stage).build()) {
            return pipeline.run(text).get(stage);
        }
    }

    @Test
    void classification_fewExamples_findsTheLabel() {
        List<Classification> found = classify(
                CLASSIFIER,
                "You have taken the money from my card two times.",
                "The package still is not here.",
                "I cannot sign in to the site.");

        assertThat(found).extracting(c -> c.label().orElseThrow()).containsExactly("billing", "delivery", "account");
        assertThat(found).allSatisfy(each -> {
            assertThat(each.scores().stream().mapToDouble(LabelScore::score).sum())
                    .isCloseTo(1, within(1e-9));
            assertThat(each.scores()).hasSize(3);
            assertThat(each.toString()).doesNotContain("billing");
        });
    }

    @Test
    void classification_textFarFromAllLabels_isUnknown() {
        Classifier strict =
                MODELS.classifier().fromExamples(EXAMPLES).unknownBelow(0.25).build();
        List<Classification> found = classify(
                strict, "The volcano erupted near the northern glacier.", "You charged my card twice, send a refund.");

        assertThat(found.get(0).labels()).isEmpty();
        assertThat(found.get(0).label()).isEmpty();
        assertThat(found.get(1).has("billing")).isTrue();
        assertThat(found.get(1).similarity()).isGreaterThan(found.get(0).similarity());
    }

    @Test
    void classification_multiLabel_givesAllLabelsThatFit() {
        Classifier several =
                MODELS.classifier().fromExamples(EXAMPLES).multiLabel().build();
        List<Classification> found = classify(
                several,
                "My parcel has not arrived, and still I was charged for it: please send the money back.",
                "Bees dance to tell each other where the flowers are.");

        assertThat(found.get(0).labels()).containsExactlyInAnyOrder("billing", "delivery");
        assertThat(found.get(1).labels()).isEmpty();
    }

    @Test
    void threshold_aboveTheScore_leavesTheLabelOut() {
        Classifier shy = MODELS.classifier()
                .fromExamples(EXAMPLES)
                .threshold("billing", 1)
                .build();
        assertThat(classify(shy, "I was charged twice.").get(0).labels()).isEmpty();
    }

    @Test
    void with_anotherExample_learnsItAndWithoutForgetsIt() {
        Embedding example = embed("The app crashes when I open the camera.");
        Classifier more = CLASSIFIER.with("bug", example);

        assertThat(classify(more, "The program crashed on my phone.").get(0).label())
                .hasValue("bug");
        assertThat(more.labels()).contains("bug");
        assertThat(CLASSIFIER.labels()).doesNotContain("bug");
        assertThat(more.examples("bug")).isEqualTo(1);
        Embedding second = embed("I was charged for nothing.");
        assertThat(CLASSIFIER.with("billing", second).without("billing", second))
                .isEqualTo(CLASSIFIER);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CLASSIFIER.without("billing", second))
                .withMessageContaining("no such example");
        assertThatIllegalArgumentException().isThrownBy(() -> more.without("bug", example));
        assertThatIllegalArgumentException().isThrownBy(() -> more.examples("spam"));
    }

    @Test
    void descriptionsAlone_agreeWithTheTopicsStage() {
        Topic sport = Topic.of("sport", "Football, tennis and other games");
        Topic food = Topic.of("food", "Cooking, recipes and restaurants");
        Classifier classifier = MODELS.classifier().topic(sport).topic(food).build();
        Stage<String, Topics> topics = MODELS.topics(List.of(sport, food));
        Stage<String, Classification> classification = MODELS.classification(classifier);
        try (Pipeline<String> pipeline =
                Pipeline.<String>builder("both").stages(topics, classification).build()) {
            var results = pipeline.run("The goalkeeper saved a penalty.");
            assertThat(results.get(classification).scores())
                    .isEqualTo(results.get(topics).labels());
            assertThat(results.get(topics).best().label()).isEqualTo("sport");
        }
    }

    @Test
    void save_thenLoad_givesAnEqualClassifier(@TempDir Path folder) throws IOException {
        Classifier full = MODELS.classifier()
                .fromExamples(EXAMPLES)
                .topic(Topic.named("account"))
                .unlabelled(java.util.Collections.nCopies(16, "Good morning."))
                .multiLabel()
                .threshold("account", 0.4)
                .unknownBelow(-0.5)
                .build();
        Path file = folder.resolve("tickets.classifier");

        full.save(file);

        Classifier loaded = Classifier.load(file);
        assertThat(loaded).isEqualTo(full).hasSameHashCodeAs(full);
        assertThat(classify(loaded, "I forgot my login.")).isEqualTo(classify(full, "I forgot my login."));
        assertThatThrownBy(() -> Classifier.load(folder.resolve("none"))).isInstanceOf(ModelLoadException.class);
    }

    @Test
    void read_damagedNewerOrForeign_isRefused() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CLASSIFIER.write(out);
        byte[] good = out.toByteArray();
        byte[] newer = good.clone();
        newer[7] = 9;
        byte[] flipped = good.clone();
        flipped[good.length / 2] ^= 1;

        assertThat(Classifier.read(new ByteArrayInputStream(good))).isEqualTo(CLASSIFIER);
        assertThatThrownBy(() -> Classifier.read(new ByteArrayInputStream(newer)))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("version 9");
        assertThatThrownBy(() -> Classifier.read(new ByteArrayInputStream(flipped)))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("damaged");
        assertThatThrownBy(() -> Classifier.read(new ByteArrayInputStream(new byte[20])))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("no saved classifier");
        for (int length = 0; length < good.length; length += 997) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> Classifier.read(new ByteArrayInputStream(cut)))
                    .isInstanceOf(ModelLoadException.class);
        }
    }

    @Test
    void classification_ofAnotherEncodersClassifier_isRefused() {
        try (TextModels exact = TextModels.builder().precision(Precision.EXACT).build()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> exact.classification(CLASSIFIER))
                    .withMessageContaining("make the classifier anew");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CLASSIFIER.classify(Embedding.of("other", 1)))
                .withMessageContaining("classificationEmbedding");
    }

    @Test
    void build_mistakes_areAllListed() {
        List<String> few = new ArrayList<>(List.of("a", "b"));
        assertThatIllegalStateException()
                .isThrownBy(() -> MODELS.classifier()
                        .examples("empty", List.of())
                        .threshold("other", 0.5)
                        .unlabelled(few)
                        .build())
                .withMessageContaining("'empty'")
                .withMessageContaining("'other'")
                .withMessageContaining("too few");
        assertThatIllegalStateException()
                .isThrownBy(() -> MODELS.classifier().build())
                .withMessageContaining("no label");
        assertThatIllegalStateException()
                .isThrownBy(() -> MODELS.classifier().threshold("a", 0.1).threshold("a", 0.2));
    }

    @Test
    void equal_orderOfTexts_changesNothingThatMatters() {
        Classifier again = MODELS.classifier().fromExamples(EXAMPLES).build();
        assertThat(classify(again, "I forgot my password.")).isEqualTo(classify(CLASSIFIER, "I forgot my password."));
    }
}
