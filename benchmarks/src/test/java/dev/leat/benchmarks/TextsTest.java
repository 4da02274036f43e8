package dev.leat.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.Outcome;
import dev.leat.Pipeline;
import dev.leat.Stage;
import dev.leat.benchmarks.worker.Texts;
import dev.leat.text.Embedding;
import dev.leat.text.TextModels;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {

    @ParameterizedTest
    @ValueSource(ints = {16, 30, 220, 500})
    void ofTokens_anyNumber_hasSoManyTokens(int tokens) {
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = Pipeline.<String>builder("tokens")
                        .stages(models.embedding())
                        .build()) {
            Stage<String, Embedding> embedding = models.embedding();

            Outcome<Embedding> outcome = pipeline.run(Texts.ofTokens(tokens, 7)).outcome(embedding);

            assertThat(outcome.provenance().facts()).containsEntry("tokens", tokens - 2L);
        }
    }

    @Test
    void ofTokens_numbersInARow_givesNoTextTwice() {
        assertThat(LongStream.range(0, 20_000).mapToObj(n -> Texts.ofTokens(16, n)))
                .doesNotHaveDuplicates();
    }

    @Test
    void mixed_count_hasSoManyOfDifferentLengths() {
        assertThat(Texts.mixed(256, 5)).hasSize(256).doesNotHaveDuplicates();
        assertThat(Texts.mixed(256, 5).stream()
                        .mapToInt(text -> text.split(" ").length)
                        .summaryStatistics())
                .satisfies(words -> {
                    assertThat(words.getMin()).isBetween(5, 10);
                    assertThat(words.getMax()).isBetween(190, 201);
                });
    }
}
