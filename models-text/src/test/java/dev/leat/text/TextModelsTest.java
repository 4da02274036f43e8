package dev.leat.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leat.InvalidInputException;
import dev.leat.Outcome;
import dev.leat.Pipeline;
import dev.leat.Provenance;
import dev.leat.Reason;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.guard.TextGuard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextModelsTest {

    record Post(String body) {}

    private static long encoderRuns(Results results) {
        return results.trace().entries().stream()
                .filter(entry -> entry.name().equals("encode"))
                .count();
    }

    @Test
    void run_fourStages_areOneEncoderRun() {
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = Pipeline.<String>builder("four")
                        .stages(
                                models.embedding(),
                                models.sentiment(),
                                models.moderation(),
                                models.topics("sport", "politics"))
                        .build()) {
            assertThat(encoderRuns(pipeline.run("They won the cup.").orThrow())).isEqualTo(1);
        }
    }

    @Test
    void run_cachedStagesAgain_runNoModel() {
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = Pipeline.<String>builder("kept")
                        .stages(
                                models.embedding(),
                                models.sentiment(),
                                models.moderation(),
                                models.topics("sport", "politics"))
                        .cached(Duration.ofMinutes(1))
                        .build()) {
            Results computed =
                    pipeline.run("They won the cup, and the cup is lovely.").orThrow();
            Results kept =
                    pipeline.run("They won the cup, and the cup is lovely.").orThrow();

            assertThat(encoderRuns(computed)).isEqualTo(1);
            assertThat(kept.trace().entries())
                    .filteredOn(entry -> entry.delivery() == Provenance.Delivery.COMPUTED)
                    .extracting(entry -> entry.name())
                    .doesNotContain("tokenize", "encode", "pool", "sentiment-mlp", "moderation-mlp");
            for (Stage<? super String, ?> stage : List.of(models.embedding(), models.sentiment())) {
                assertThat(kept.get(stage)).isEqualTo(computed.get(stage));
                Provenance provenance = kept.outcome(stage).provenance();
                assertThat(provenance.delivery()).isEqualTo(Provenance.Delivery.CACHED);
                assertThat(provenance.facts()).containsEntry("windows", 1L);
                assertThat(provenance.models())
                        .isEqualTo(computed.outcome(stage).provenance().models());
            }
        }
    }

    @Test
    void run_stagesOnAHostsType_areOneEncoderRun() {
        try (TextModels models = TextModels.load()) {
            Stage<Post, Sentiment> sentiment = models.sentiment().on(Post::body);
            Stage<Post, Embedding> embedding = models.embedding().on(Post::body);
            try (Pipeline<Post> pipeline =
                    Pipeline.<Post>builder("posts").stages(sentiment, embedding).build()) {
                Results results = pipeline.run(new Post("A lovely film.")).orThrow();

                assertThat(encoderRuns(results)).isEqualTo(1);
                assertThat(results.get(sentiment).label()).isEqualTo(Sentiment.Label.POSITIVE);
                assertThat(results.get(embedding).dimension()).isEqualTo(384);
            }
        }
    }

    @Test
    void sentiment_plainTexts_isAsAReaderWouldSay() {
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = Pipeline.<String>builder("tone")
                        .stages(models.sentiment())
                        .build()) {
            assertThat(pipeline.run("A wonderful, moving film with superb acting.")
                            .get(models.sentiment()))
                    .satisfies(s -> {
                        assertThat(s.label()).isEqualTo(Sentiment.Label.POSITIVE);
                        assertThat(s.score()).isGreaterThan(0.9);
                        assertThat(s.margin()).isGreaterThan(0.8);
                    });
            assertThat(pipeline.run("A dull mess. I want my two hours back.")
                            .get(models.sentiment())
                            .label())
                    .isEqualTo(Sentiment.Label.NEGATIVE);
        }
    }

    @Test
    void sentiment_bothTiers_areOneEncoderRun() {
        try (TextModels models = TextModels.load()) {
            Stage<String, Sentiment> accurate = models.sentiment(options -> options.tier(Tier.ACCURATE));
            try (Pipeline<String> pipeline = Pipeline.<String>builder("tiers")
                    .stages(models.sentiment(), accurate, models.moderation(), models.embedding())
                    .build()) {
                Results results = pipeline.run("A wonderful, moving film.").orThrow();

                assertThat(encoderRuns(results)).isEqualTo(1);
                assertThat(results.get(accurate).label()).isEqualTo(Sentiment.Label.POSITIVE);
                assertThat(results.outcome(accurate).provenance().models())
                        .extracting(Provenance.ModelIdentity::id)
                        .contains("sentiment-top")
                        .doesNotContain("sentiment-mlp");
            }
        }
    }

    @Test
    void sentiment_cascade_asksTheBetterModelOnlyWhereTheQuickOneIsUnsure() {
        try (TextModels models = TextModels.load()) {
            Stage<String, Sentiment> accurate = models.sentiment(options -> options.tier(Tier.ACCURATE));
            Stage<String, Sentiment> cascade = models.sentiment().escalateTo(accurate, s -> s.margin() < 0.5);
            try (Pipeline<String> pipeline =
                    Pipeline.<String>builder("cascade").stages(cascade).build()) {
                Results sure = pipeline.run("A wonderful, moving film with superb acting.");
                Results unsure = pipeline.run("The parcel arrived on Tuesday.");

                assertThat(ran(sure, "sentiment-top")).isFalse();
                assertThat(ran(unsure, "sentiment-top")).isTrue();
                assertThat(encoderRuns(unsure)).isEqualTo(1);
                assertThat(sure.get(cascade).margin()).isGreaterThan(0.5);
            }
        }
    }

    private static boolean ran(Results results, String node) {
        return results.trace().entries().stream().anyMatch(entry -> entry.name().equals(node));
    }

    @Test
    void sentiment_longText_isMergedAlsoWhereItsStatesAreNotKept() {
        String text = "The acting is superb and the story moved me to tears. ".repeat(800);
        try (TextModels models = TextModels.load()) {
            Stage<String, Sentiment> accurate = models.sentiment(options -> options.tier(Tier.ACCURATE));
            try (Pipeline<String> pipeline =
                    Pipeline.<String>builder("long").stages(accurate).build()) {
                assertThat(pipeline.run(text).get(accurate).label()).isEqualTo(Sentiment.Label.POSITIVE);
            }
        }
    }

    @Test
    void sentiment_neutralOnWish_whereTheMarginIsSmall() {
        try (TextModels models = TextModels.load()) {
            Stage<String, Sentiment> decided = models.sentiment();
            Stage<String, Sentiment> neutral = models.sentiment(options -> options.neutralBelow(0.9));
            try (Pipeline<String> pipeline = Pipeline.<String>builder("neutral")
                    .stages(decided.named("decided"), neutral)
                    .build()) {
                Results results = pipeline.run("The parcel arrived on Tuesday.");
                Sentiment seen = results.get(neutral);

                assertThat(seen.label()).isEqualTo(Sentiment.Label.NEUTRAL);
                assertThat(seen.margin()).isLessThan(0.9);
                assertThat(seen.score())
                        .isEqualTo(results.get(decided.named("decided")).score());
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> models.sentiment(options -> options.neutralBelow(1.5)))
                    .withMessageContaining("1.5");
        }
    }

    @Test
    void topics_describedByNames_findsTheRightOne() {
        try (TextModels models = TextModels.load()) {
            Stage<String, Topics> topics = models.topics("sport", "politics", "cooking");
            try (Pipeline<String> pipeline =
                    Pipeline.<String>builder("topics").stages(topics).build()) {
                Topics found = pipeline.run("The striker scored twice before half-time.")
                        .get(topics);

                assertThat(found.best().label()).isEqualTo("sport");
                assertThat(found.labels()).hasSize(3);
                assertThat(found.labels().stream()
                                .mapToDouble(LabelScore::score)
                                .sum())
                        .isCloseTo(1, org.assertj.core.api.Assertions.within(1e-9));
            }
            assertThat(models.topics("sport", "politics", "cooking")).isEqualTo(topics);
            assertThatIllegalArgumentException().isThrownBy(models::topics);
            assertThatIllegalArgumentException().isThrownBy(() -> models.topics("a", "a"));
        }
    }

    @Test
    void moderation_categories_areFoundByModelAndRules() {
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = Pipeline.<String>builder("moderation")
                        .stages(models.moderation())
                        .build()) {
            TextModeration clean =
                    pipeline.run("See you at the station at nine.").get(models.moderation());
            assertThat(clean.flagged()).isFalse();
            assertThat(clean.categories())
                    .extracting(LabelScore::label)
                    .containsExactlyInAnyOrder("toxic", "hate", "offensive", "profanity", "contact", "secret");
            assertThat(pipeline.run("You are a stupid, worthless idiot.")
                            .get(models.moderation())
                            .flagged())
                    .isTrue();
            assertThat(pipeline.run("Write to jane.doe@example.org please.")
                            .get(models.moderation())
                            .categories()
                            .get(0))
                    .isEqualTo(new LabelScore("contact", 1));
        }
    }

    @Test
    void moderation_refusedInput_failsClosed() {
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = Pipeline.<String>builder("moderation")
                        .guard(TextGuard.standard())
                        .stages(models.moderation(), models.sentiment())
                        .build()) {
            Results results = pipeline.run(" ");

            assertThat(results.outcome(models.moderation())).isInstanceOfSatisfying(Outcome.Degraded.class, d -> {
                assertThat(d.value()).isEqualTo(TextModeration.unavailable());
                assertThat(d.reason().code()).isEqualTo(Reason.UNAVAILABLE);
            });
            assertThatThrownBy(() -> results.get(models.sentiment())).isInstanceOf(InvalidInputException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\u0000",
                "\ud800",
                "\ud83d\ude00\ud83d\ude00\ud83d\ude00",
                "\u4f60\u597d\u4e16\u754c",
                "\u0645\u0631\u062d\u0628\u0627",
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                "e\u0301\u0301\u0301\u0301\u0301\u0301"
            })
    void run_oddTexts_areAnswered(String text) {
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = Pipeline.<String>builder("odd")
                        .stages(
                                models.embedding(),
                                models.sentiment(),
                                models.moderation(),
                                models.topics("a", "b"),
                                models.summary())
                        .build()) {
            pipeline.run(text).orThrow();
        }
    }

    @Test
    void run_alone_equalsManyAtOnce() throws Exception {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            texts.add("Text number " + i + " says something " + "very ".repeat(i) + "good about trains.");
        }
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = Pipeline.<String>builder("many")
                        .stages(models.embedding())
                        .build()) {
            List<Embedding> alone = texts.stream()
                    .map(text -> pipeline.run(text).get(models.embedding()))
                    .toList();
            List<CompletableFuture<Results>> all =
                    texts.stream().map(pipeline::runAsync).toList();
            for (int i = 0; i < texts.size(); i++) {
                assertThat(all.get(i).get(60, TimeUnit.SECONDS).get(models.embedding()))
                        .isEqualTo(alone.get(i));
            }
        }
    }

    @Test
    void close_refusesNewStagesAndLeavesPipelinesAlone() {
        TextModels models = TextModels.load();
        Stage<String, Sentiment> sentiment = models.sentiment();
        try (Pipeline<String> pipeline =
                Pipeline.<String>builder("open").stages(sentiment).build()) {
            models.close();
            models.close();

            assertThatIllegalStateException().isThrownBy(models::sentiment).withMessageContaining("TextModels");
            assertThat(pipeline.run("Fine work.").get(sentiment).score()).isGreaterThan(0.5);
        }
    }

    @Test
    void cosine_ofTwoSpaces_isAnError() {
        Embedding a = Embedding.of("a", 1, 0);
        Embedding b = Embedding.of("b", 1, 0);
        assertThat(a.cosine(Embedding.of("a", 0, 1))).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> a.cosine(b)).withMessageContaining("one model");
        assertThatIllegalArgumentException().isThrownBy(() -> Embedding.of("a", 3, 4));
        assertThat(a.toString()).doesNotContain("1.0");
    }
}
