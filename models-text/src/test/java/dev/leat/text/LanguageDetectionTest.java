package dev.leat.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.leat.Outcome;
import dev.leat.Pipeline;
import dev.leat.Reason;
import dev.leat.Regions;
import dev.leat.Results;
import dev.leat.RunOptions;
import dev.leat.Stage;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguageDetectionTest {

    private static final String GERMAN = "Der Zug an die Küste fährt morgens um sieben Uhr ab und ist immer pünktlich.";
    private static final String ENGLISH = "The train to the coast leaves at seven in the morning and is never late.";

    private static DetectedLanguage detect(String text) {
        Stage<String, DetectedLanguage> stage = LanguageDetection.stage();
        try (Pipeline<String> pipeline =
                Pipeline.<String>builder("language").stages(stage).build()) {
            return pipeline.run(text).get(stage);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en|" + ENGLISH,
                "de|" + GERMAN,
                "fr|Le train pour la côte part à sept heures du matin et il est toujours à l'heure.",
                "es|El tren a la costa sale a las siete de la mañana y siempre llega a tiempo.",
                "it|Il treno per la costa parte alle sette del mattino ed è sempre puntuale.",
                "ru|Поезд на побережье отправляется в семь утра и никогда не опаздывает.",
                "ja|海岸行きの電車は朝七時に出発し、いつも時間通りです。",
                "ar|يغادر القطار المتجه إلى الساحل في السابعة صباحا ولا يتأخر أبدا."
            })
    void language_ofASentence_isFound(String language, String text) {
        DetectedLanguage found = detect(text);
        assertThat(found.language()).isEqualTo(language);
        assertThat(found.mayBe(Set.of(language))).isTrue();
        assertThat(found.mayBe(Set.of("cy"))).isFalse();
        assertThat(found.confidence()).isBetween(0.0, 1.0);
    }

    @Test
    void language_ofNoLetters_cannotBeTold() {
        for (String text : new String[] {"", " ", "12 + 30", "\ud83d\ude00", "\ud800"}) {
            DetectedLanguage found = detect(text);
            assertThat(found.language()).isEqualTo(DetectedLanguage.UNDETERMINED);
            assertThat(found.confidence()).isZero();
            assertThat(found.mayBe(Set.of("en"))).isTrue();
        }
    }

    @Test
    void only_otherLanguage_isSkippedAndSaysSo() {
        try (TextModels models = TextModels.load()) {
            Stage<String, Sentiment> sentiment = LanguageDetection.only(models.sentiment(), "en");
            try (Pipeline<String> pipeline =
                    Pipeline.<String>builder("gated").stages(sentiment).build()) {
                assertThat(pipeline.run(GERMAN).outcome(sentiment))
                        .isInstanceOfSatisfying(Outcome.Skipped.class, skipped -> {
                            assertThat(skipped.reason().code()).isEqualTo(LanguageDetection.UNSUPPORTED_LANGUAGE);
                            assertThat(skipped.provenance().facts())
                                    .containsEntry(LanguageDetection.UNSUPPORTED_LANGUAGE, 1L);
                        });
                assertThat(pipeline.run(ENGLISH).outcome(sentiment)).isInstanceOf(Outcome.Success.class);
                assertThat(pipeline.run("Super!").outcome(sentiment)).isInstanceOf(Outcome.Success.class);
            }
        }
        assertThatIllegalArgumentException().isThrownBy(() -> LanguageDetection.only(RuleBasedSentiment.stage()));
    }

    /** What a region does with texts; DE has nothing, since no bundled model speaks German. */
    private record Shop(String currency, Optional<Stage<String, Sentiment>> sentiment) {}

    @Test
    void regions_withoutAModelForTheirLanguage_saySo() {
        try (TextModels models = TextModels.load()) {
            Regions<Shop> regions = Regions.<Shop>builder()
                    .region("US", "en-US", new Shop("USD", Optional.of(models.sentiment())))
                    .region("DE", "de-DE", new Shop("EUR", Optional.empty()))
                    .otherwise("US")
                    .build();
            Stage<String, Sentiment> sentiment = regions.stage("sentiment", Shop::sentiment);
            try (Pipeline<String> pipeline =
                    Pipeline.<String>builder("regional").stages(sentiment).build()) {
                Results us = pipeline.run(ENGLISH, RunOptions.DEFAULT.withRegion("US"));
                Results de = pipeline.run(GERMAN, RunOptions.DEFAULT.withRegion("DE"));

                assertThat(us.outcome(sentiment)).isInstanceOf(Outcome.Success.class);
                assertThat(de.outcome(sentiment))
                        .isInstanceOfSatisfying(
                                Outcome.Skipped.class,
                                skipped -> assertThat(skipped.reason().code()).isEqualTo(Reason.NO_MODEL_FOR_LANGUAGE));
            }
            Regions<Shop> wrong = Regions.<Shop>builder()
                    .region("DE", "de-DE", new Shop("EUR", Optional.of(models.sentiment())))
                    .otherwise("DE")
                    .build();
            assertThatIllegalStateException()
                    .isThrownBy(() -> wrong.stage("sentiment", Shop::sentiment))
                    .withMessageContaining("region 'DE'")
                    .withMessageContaining("bge-small-en-v1.5-int8");
        }
    }
}
