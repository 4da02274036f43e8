package dev.leat.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class KeywordsTest {

    private static final String TEXT = "The council met on Tuesday to decide about the old harbour. "
            + "Mr. Brown, who leads the port authority, said that the quay walls had not been repaired for 40 years. "
            + "Repairing the quay walls would cost nine million, according to the engineers of the port authority. "
            + "Several fishermen told the council that boats can no longer moor at the northern quay.";

    private static Keywords keywords(Stage<String, Keywords> stage, String text) {
        try (Pipeline<String> pipeline =
                Pipeline.<String>builder("keywords").stages(stage).build()) {
            return pipeline.run(text).get(stage);
        }
    }

    @Test
    void keywords_ofAText_areItsPhrasesNearestFirst() {
        try (TextModels models = TextModels.load()) {
            Keywords found = keywords(models.keywords(k -> k.count(5)), TEXT);

            assertThat(found.keywords()).hasSize(5).allMatch(keyword -> TEXT.contains(keyword.text()));
            assertThat(found.keywords().get(0).text().toLowerCase(Locale.ROOT))
                    .containsAnyOf("harbour", "quay", "port");
            assertThat(found.keywords()).noneMatch(keyword -> keyword.text().contains("Tuesday"));
            assertThat(found.keywords()).allMatch(keyword -> keyword.text().split("\\s+").length <= 3);
            assertThat(found.toString() + found.keywords().get(0))
                    .doesNotContain(found.keywords().get(0).text());
        }
    }

    @Test
    void keywords_ofOneWord_holdNoTwoThatAreTheSame() {
        try (TextModels models = TextModels.load()) {
            Keywords found = keywords(models.keywords(k -> k.maxWords(1).count(20)), TEXT);
            assertThat(found.keywords().stream().map(keyword -> keyword.text().toLowerCase(Locale.ROOT)))
                    .doesNotHaveDuplicates()
                    .contains("quay")
                    .allMatch(word -> !word.contains(" "));
            assertThat(found.keywords())
                    .filteredOn(keyword -> keyword.text().equals("quay"))
                    .singleElement()
                    .extracting(Keyword::count)
                    .isEqualTo(3);
        }
    }

    @Test
    void keywords_ofNothing_areNone() {
        try (TextModels models = TextModels.load()) {
            for (String text : new String[] {"", "  ", "And so it is.", "12 34", "?!"}) {
                assertThat(keywords(models.keywords(), text).keywords()).isEmpty();
            }
        }
    }

    @Test
    void keywordsAndSummary_encodeEachSentenceOnce() {
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = Pipeline.<String>builder("both")
                        .stages(models.keywords(), models.summary(s -> s.maxSentences(1)))
                        .build()) {
            Results results = pipeline.run(TEXT).orThrow();
            assertThat(results.trace().entries())
                    .filteredOn(entry -> entry.name().equals("encode sentences"))
                    .hasSize(1);
        }
    }

    @Test
    void options_outOfRangeOrTwice_areRefused() {
        try (TextModels models = TextModels.load()) {
            assertThatIllegalArgumentException().isThrownBy(() -> models.keywords(k -> k.count(0)));
            assertThatIllegalArgumentException().isThrownBy(() -> models.keywords(k -> k.maxWords(6)));
            assertThatIllegalStateException()
                    .isThrownBy(() -> models.keywords(k -> k.count(1).count(2)));
        }
    }
}
