package dev.leat.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.Pipeline;
import dev.leat.Provenance;
import dev.leat.Results;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleBasedSentimentTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "A great film. | POSITIVE | 0.7",
                "A terrible film. | NEGATIVE | 0.7",
                "Not good. | NEGATIVE | 0.7",
                "It isn't bad at all. | POSITIVE | 0.7",
                "I don\u2019t like it. | NEGATIVE | 0.7",
                "Good food, but the service was awful and slow. | NEGATIVE | 0.7",
                "Slow, but excellent. | POSITIVE | 0.7",
                "It arrived on Tuesday. | NEUTRAL | 0.5",
                "GREAT | POSITIVE | 0.7",
                "'' | NEUTRAL | 0.5",
            })
    void judge_texts_isAsTheWordsSay(String text, Sentiment.Label label, double score) {
        try (Pipeline<String> pipeline = Pipeline.<String>builder("rules")
                .stages(RuleBasedSentiment.stage())
                .build()) {
            Results results = pipeline.run(text);

            assertThat(results.get(RuleBasedSentiment.stage())).isEqualTo(new Sentiment(label, score));
            assertThat(results.outcome(RuleBasedSentiment.stage()).provenance().origin())
                    .isEqualTo(Provenance.Origin.RULE);
        }
    }
}
