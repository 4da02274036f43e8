package dev.leat.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SentenceSentimentsTest {

    private static final String MIXED =
            "\ud83d\ude00 The acting is superb and moving.  Sadly the plot is a dull, lifeless mess. A wonderful score!";

    @Test
    void sentences_ofAMixedText_haveEachTheirOwnSentimentAndPlace() {
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = Pipeline.<String>builder("mixed")
                        .stages(models.sentenceSentiments())
                        .build()) {
            SentenceSentiments found = pipeline.run(MIXED).get(models.sentenceSentiments());

            assertThat(found.sentences())
                    .extracting(scored -> scored.sentiment().label())
                    .containsExactly(Sentiment.Label.POSITIVE, Sentiment.Label.NEGATIVE, Sentiment.Label.POSITIVE);
            assertThat(found.sentences())
                    .allSatisfy(scored -> assertThat(MIXED.substring(
                                    scored.sentence().start(), scored.sentence().end()))
                            .isEqualTo(scored.sentence().text()));
            assertThat(found.of(Sentiment.Label.NEGATIVE))
                    .singleElement()
                    .satisfies(scored -> assertThat(scored.sentence().text()).contains("dull"));
            assertThat(found + " " + found.sentences().get(1)).doesNotContain("dull");
        }
    }

    @ParameterizedTest
    @EnumSource(Tier.class)
    void sentence_amongOthers_isJudgedAsIfItWereTheText(Tier tier) {
        try (TextModels models = TextModels.load()) {
            Stage<String, SentenceSentiments> each = models.sentenceSentiments(s -> s.tier(tier));
            Stage<String, Sentiment> whole = models.sentiment(s -> s.tier(tier));
            try (Pipeline<String> pipeline =
                    Pipeline.<String>builder("alike").stages(each, whole).build()) {
                for (SentenceSentiments.Scored scored :
                        pipeline.run(MIXED).get(each).sentences()) {
                    assertThat(scored.sentiment())
                            .isEqualTo(pipeline.run(scored.sentence().text()).get(whole));
                }
            }
        }
    }

    @Test
    void sentences_besideASummaryAndKeywords_areEncodedOnce() {
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = Pipeline.<String>builder("together")
                        .stages(models.sentenceSentiments(), models.summary(s -> s.maxSentences(1)))
                        .stages(models.keywords())
                        .build()) {
            Results results = pipeline.run(MIXED).orThrow();

            assertThat(results.trace().entries())
                    .filteredOn(entry -> entry.name().equals("encode sentences"))
                    .hasSize(1);
        }
    }

    @Test
    void sentences_ofNothing_areNone_andOfUncertainOnesAreNeutralOnWish() {
        try (TextModels models = TextModels.load()) {
            Stage<String, SentenceSentiments> neutral = models.sentenceSentiments(s -> s.neutralBelow(1));
            try (Pipeline<String> pipeline =
                    Pipeline.<String>builder("neutral").stages(neutral).build()) {
                assertThat(pipeline.run("  \n ").get(neutral).sentences()).isEmpty();
                assertThat(pipeline.run(MIXED).get(neutral).of(Sentiment.Label.NEUTRAL))
                        .hasSize(3);
            }
        }
    }
}
