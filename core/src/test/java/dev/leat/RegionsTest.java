package dev.leat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.leat.spi.BatchStep;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RegionsTest {

    record Shop(String currency, Optional<Stage<String, String>> tone) {}

    record Speaking(String language) implements ModelReference<AutoCloseable> {
        @Override
        public String id() {
            return "speaks-" + language;
        }

        @Override
        public String digest() {
            return "0";
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public Set<String> languages() {
            return Set.of(language);
        }

        @Override
        public AutoCloseable open() {
            return () -> {};
        }
    }

    record Tone(String language) implements BatchStep<String, String> {
        @Override
        public StepFacts facts() {
            return StepFacts.light("tone", new Speaking(language));
        }

        @Override
        public List<String> run(List<String> items, RunScope scope) {
            return items.stream().map(s -> language + ":" + s).toList();
        }
    }

    private static final Regions<Shop> REGIONS = Regions.<Shop>builder()
            .region("us", "en-US", new Shop("USD", Optional.of(Stage.of(new Tone("en")))))
            .region("fr", "fr", new Shop("EUR", Optional.of(Stage.of(new Tone("fr")))))
            .region("de", "de", new Shop("EUR", Optional.empty()))
            .otherwise("us")
            .build();

    private static final Stage<String, String> TONE = REGIONS.stage("tone", Shop::tone);

    private static Results run(RunOptions options) {
        try (Pipeline<String> pipeline =
                Pipeline.<String>builder("regional").stages(TONE).build()) {
            return pipeline.run("x", options);
        }
    }

    @Test
    void stage_choosesByTheRunsRegion() {
        assertThat(run(RunOptions.DEFAULT.withRegion("fr")).get(TONE)).isEqualTo("fr:x");
        assertThat(run(RunOptions.DEFAULT.withRegion("us")).get(TONE)).isEqualTo("en:x");
        assertThat(run(RunOptions.DEFAULT.withRegion("elsewhere")).get(TONE)).isEqualTo("en:x");
        assertThat(run(RunOptions.DEFAULT).get(TONE)).isEqualTo("en:x");
    }

    @Test
    void stage_regionWithoutModel_isSkippedAndSaysSo() {
        assertThat(run(RunOptions.DEFAULT.withRegion("de")).outcome(TONE))
                .isInstanceOfSatisfying(
                        Outcome.Skipped.class,
                        skipped -> assertThat(skipped.reason().code()).isEqualTo(Reason.NO_MODEL_FOR_LANGUAGE));
    }

    @Test
    void of_givesTheConfiguration() {
        assertThat(REGIONS.of(RunOptions.DEFAULT.withRegion("de"))
                        .configuration()
                        .currency())
                .isEqualTo("EUR");
        assertThat(REGIONS.of(RunOptions.DEFAULT).configuration().currency()).isEqualTo("USD");
    }

    @Test
    void stage_modelOfAnotherLanguage_isRefused() {
        Regions<Tone> wrong = Regions.<Tone>builder()
                .region("de", "de", new Tone("en"))
                .otherwise("de")
                .build();
        assertThatIllegalStateException()
                .isThrownBy(() -> wrong.stage("tone", tone -> Optional.of(Stage.of(tone))))
                .withMessageContaining("region 'de'")
                .withMessageContaining("speaks-en");
    }

    @Test
    void build_mistakes_areAllListed() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Regions.<String>builder()
                        .region("a", "", "x")
                        .region("a", "en", "x")
                        .otherwise("b")
                        .build())
                .withMessageContaining("no language tag")
                .withMessageContaining("twice")
                .withMessageContaining("default is missing");
    }

    @Test
    void routeOptions_wishForAccuracy_choosesTheBranch() {
        Stage<String, String> fast = Stage.of("fast", (String text) -> "fast");
        Stage<String, String> accurate = Stage.of("accurate", (String text) -> "accurate");
        Stage<String, String> tone = Stage.<String, String>routeOptions(
                        "accurate", options -> options.accuracy() == RunOptions.Accuracy.ACCURATE, accurate)
                .otherwise(fast);
        try (Pipeline<String> pipeline =
                Pipeline.<String>builder("wishes").stages(tone).build()) {
            Results wished = pipeline.run("x", RunOptions.DEFAULT.withAccuracy(RunOptions.Accuracy.ACCURATE));

            assertThat(wished.get(tone)).isEqualTo("accurate");
            assertThat(wished.outcome(tone).provenance().hops()).containsExactly(new Reason(Reason.ROUTE, "accurate"));
            assertThat(pipeline.run("x").get(tone)).isEqualTo("fast");
            assertThat(RunOptions.DEFAULT.withRegion("de").accuracy()).isEqualTo(RunOptions.Accuracy.ANY);
        }
    }
}
