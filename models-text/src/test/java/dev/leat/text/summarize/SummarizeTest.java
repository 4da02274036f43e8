package dev.leat.text.summarize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.leat.Pipeline;
import dev.leat.Stage;
import dev.leat.text.Summary;
import dev.leat.text.TextModels;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummarizeTest {

    private static final String TEXT = "The council met on Tuesday to decide about the old harbour. "
            + "Mr. Brown, who leads the port authority, said that the quay walls had not been repaired for 40 years. "
            + "Repairing the quay would cost nine million, according to the authority's engineers. "
            + "Coffee was served at ten. "
            + "Several fishermen told the council that boats can no longer moor at the northern quay. "
            + "The council voted to repair the harbour walls within two years. "
            + "The weather was mild. "
            + "Critics say that the money is missing for schools. "
            + "The works on the quay shall begin in spring.";

    @Test
    void summary_longText_isVerbatimInOrderAndWithinItsTokens() {
        try (TextModels models = TextModels.load()) {
            Stage<String, Summary> stage = models.summary(s -> s.maxTokens(45));
            try (Pipeline<String> pipeline =
                    Pipeline.<String>builder("summary").stages(stage).build()) {
                Summary summary = pipeline.run(TEXT).get(stage);

                assertThat(summary.sentences()).hasSizeBetween(2, 4);
                assertThat(summary.text()).isEqualTo(String.join(" ", summary.sentences()));
                assertThat(summary.sentences()).isSortedAccordingTo((a, b) -> TEXT.indexOf(a) - TEXT.indexOf(b));
                assertThat(summary.sentences()).allMatch(TEXT::contains);
                assertThat(summary.text()).contains("quay").doesNotContain("Coffee");
                assertThat(summary.toString()).doesNotContain("quay");
            }
        }
    }

    @Test
    void summary_shortText_isTheWholeText() {
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = Pipeline.<String>builder("summary")
                        .stages(models.summary())
                        .build()) {
            assertThat(pipeline.run("One thing. Another.").get(models.summary()))
                    .isEqualTo(new Summary("One thing. Another.", List.of("One thing.", "Another.")));
        }
    }

    @Test
    void summary_oneLongSentence_isGivenAllTheSame() {
        try (TextModels models = TextModels.load()) {
            Stage<String, Summary> stage = models.summary(s -> s.maxTokens(1));
            try (Pipeline<String> pipeline =
                    Pipeline.<String>builder("summary").stages(stage).build()) {
                assertThat(pipeline.run(TEXT).get(stage).sentences()).hasSize(1);
            }
        }
    }

    @Test
    void summary_sayingOneThingTwice_choosesItOnce() {
        String text = "The council voted to repair the harbour walls within two years. Bees can count to four. "
                + "The council voted to repair the harbour walls in two years. The tram was late again. "
                + "Nobody knows who painted the church.";
        try (TextModels models = TextModels.load()) {
            Stage<String, Summary> stage = models.summary(s -> s.maxSentences(4));
            try (Pipeline<String> pipeline =
                    Pipeline.<String>builder("summary").stages(stage).build()) {
                assertThat(pipeline.run(text).get(stage).sentences())
                        .hasSize(4)
                        .filteredOn(sentence -> sentence.contains("council"))
                        .hasSize(1);
            }
        }
    }

    @Test
    void summary_byRatioAndSentences_keepsBothLimits() {
        try (TextModels models = TextModels.load()) {
            Stage<String, Summary> stage = models.summary(s -> s.ratio(0.5).maxSentences(3));
            try (Pipeline<String> pipeline =
                    Pipeline.<String>builder("summary").stages(stage).build()) {
                Summary summary = pipeline.run(TEXT).get(stage);
                assertThat(summary.sentences()).hasSize(3);
                assertThat(summary.text().length()).isLessThan(TEXT.length() / 2);
            }
        }
    }

    @Test
    void twoSummaries_encodeEachSentenceOnce() {
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = Pipeline.<String>builder("two")
                        .stages(
                                models.summary(s -> s.maxTokens(45)),
                                models.summary(s -> s.maxSentences(1)).named("headline"))
                        .build()) {
            assertThat(pipeline.run(TEXT).orThrow().trace().entries())
                    .filteredOn(entry -> entry.name().equals("encode sentences"))
                    .hasSize(1);
        }
    }

    @Test
    void options_thatContradict_areRefused() {
        try (TextModels models = TextModels.load()) {
            assertThatIllegalArgumentException().isThrownBy(() -> models.summary(s -> s.ratio(0)));
            assertThatIllegalArgumentException().isThrownBy(() -> models.summary(s -> s.maxSentences(0)));
            assertThatIllegalStateException()
                    .isThrownBy(() -> models.summary(s -> s.maxTokens(1).maxTokens(2)))
                    .withMessageContaining("maxTokens");
        }
    }
}
