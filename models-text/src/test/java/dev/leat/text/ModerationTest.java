package dev.leat.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.JsonObject;
import dev.leat.InvalidInputException;
import dev.leat.Outcome;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.guard.TextGuard;
import dev.leat.text.TextModeration.Finding;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ModerationTest {

    private static final String CLEAN = "The gardener repaired the fence and went home for tea. ";

    private static TextModeration moderate(String text, Consumer<ModerationOptions.Builder> options) {
        try (TextModels models = TextModels.load()) {
            Stage<String, TextModeration> stage = models.moderation(options);
            try (Pipeline<String> pipeline =
                    Pipeline.<String>builder("moderation").stages(stage).build()) {
                return pipeline.run(text).get(stage);
            }
        }
    }

    private static double score(TextModeration moderation, String category) {
        return moderation.categories().stream()
                .filter(label -> label.label().equals(category))
                .mapToDouble(LabelScore::score)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void findings_ofRulesAndModel_standInTheTextAsGiven() {
        String text = "\ud83d\ude00 You are an 1d10t, sh1thead, mail me: a@b.org";
        TextModeration found = moderate(text, options -> {});

        assertThat(found.flagged()).isTrue();
        assertThat(found.findings())
                .contains(new Finding("contact", 1, text.indexOf("a@b.org"), text.length()))
                .anySatisfy(finding -> {
                    assertThat(finding.category()).isEqualTo("toxic");
                    assertThat(finding.score()).isGreaterThan(0.5).isEqualTo(score(found, "toxic"));
                    assertThat(text.substring(finding.start(), finding.end())).contains("1d10t");
                });
        assertThat(found.toString()).doesNotContain("1d10t");
    }

    @Test
    void thresholds_ofTheCallersOwn_decide() {
        String text = "You are a stupid, worthless idiot. Write to jane@example.org";
        TextModeration standard = moderate(text, options -> {});
        TextModeration lenient = moderate(
                text,
                options -> options.threshold("toxic", 1)
                        .off("hate")
                        .off("offensive")
                        .off("contact"));

        assertThat(standard.flagged()).isTrue();
        assertThat(lenient.flagged()).isFalse();
        assertThat(lenient.findings()).isEmpty();
        assertThat(lenient.categories()).isEqualTo(standard.categories());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> moderate(text, options -> options.threshold("rude", 0.5)))
                .withMessageContaining("profanity");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> moderate(text, options -> options.threshold("toxic", 0)))
                .withMessageContaining("off(");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> moderate(
                        text, options -> options.threshold("toxic", 0.5).off("toxic")));
    }

    @Test
    void longText_withOneBadWindow_isNotDilutedAndNamesIt() {
        String insult = "You are a stupid, worthless idiot and everybody hates you. ";
        String text = CLEAN.repeat(150) + insult.repeat(60) + CLEAN.repeat(150);
        TextModeration found = moderate(text, options -> {});
        TextModeration clean = moderate(CLEAN.repeat(300), options -> {});

        assertThat(clean.flagged()).isFalse();
        assertThat(found.flagged()).isTrue();
        assertThat(found.findings()).anySatisfy(finding -> {
            assertThat(finding.category()).isEqualTo("toxic");
            assertThat(finding.end() - finding.start()).isLessThan(text.length() / 2);
            assertThat(text.substring(finding.start(), finding.end())).contains("worthless");
        });
    }

    @Test
    void plainText_sharesTheEncoderRunOfOtherStages() {
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = Pipeline.<String>builder("shared")
                        .stages(models.moderation(), models.sentiment())
                        .build()) {
            assertThat(encoderRuns(pipeline.run("You are an idiot. Moved to tears!")))
                    .isEqualTo(1);
            assertThat(encoderRuns(pipeline.run("You are an 1d10t."))).isEqualTo(2);
        }
    }

    private static long encoderRuns(Results results) {
        return results.orThrow().trace().entries().stream()
                .filter(entry -> entry.name().equals("encode"))
                .count();
    }

    @Test
    void disguisedInsult_scoresAsThePlainOne() {
        TextModeration plain = moderate("You are such an idiot.", options -> {});
        for (String disguised : new String[] {
            "You are such an 1d10t.",
            "You are such an \u0456d\u0456ot.",
            "You are such an id\u200biot.",
            "You are such an i d i o t."
        }) {
            assertThat(moderate(disguised, options -> {}).categories()).isEqualTo(plain.categories());
        }
    }

    @Test
    void refusedInput_onWish_fails() {
        try (TextModels models = TextModels.load()) {
            Stage<String, TextModeration> stage = models.moderation(ModerationOptions.Builder::failWhenUnavailable);
            try (Pipeline<String> pipeline = Pipeline.<String>builder("moderation")
                    .guard(TextGuard.standard())
                    .stages(stage)
                    .build()) {
                assertThat(pipeline.run(" ").outcome(stage))
                        .isInstanceOfSatisfying(
                                Outcome.Failed.class,
                                failed -> assertThat(failed.cause()).isInstanceOf(InvalidInputException.class));
            }
        }
    }

    /** Floors are a little below what was measured when the head was made; docs/quality.md states the figures by kind. */
    @Test
    void functionalCases_byKind_keepTheirFloors() throws Exception {
        JsonObject file;
        try (Reader in = new InputStreamReader(
                Objects.requireNonNull(ModerationTest.class.getResourceAsStream("/functional/moderation.json")),
                StandardCharsets.UTF_8)) {
            file = com.google.gson.JsonParser.parseReader(in).getAsJsonObject();
        }
        Map<String, int[]> right = new TreeMap<>();
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = Pipeline.<String>builder("functional")
                        .stages(models.moderation())
                        .build()) {
            file.getAsJsonArray("cases").forEach(each -> {
                JsonObject item = each.getAsJsonObject();
                TextModeration found =
                        pipeline.run(item.get("text").getAsString()).get(models.moderation());
                boolean toxic = found.findings().stream()
                        .anyMatch(finding -> finding.category().equals("toxic"));
                int[] count = right.computeIfAbsent(item.get("kind").getAsString(), kind -> new int[2]);
                count[0] += toxic == item.get("toxic").getAsBoolean() ? 1 : 0;
                count[1]++;
            });
        }
        Map<String, Double> share = new TreeMap<>();
        right.forEach((kind, count) -> share.put(kind, (double) count[0] / count[1]));
        System.out.println("functional cases, share right: " + share);
        assertThat(share).hasEntrySatisfying("obfuscation", least(0.8));
        assertThat(share).hasEntrySatisfying("reclaimed words", least(0.65));
        assertThat(share).hasEntrySatisfying("counter-speech", least(0.65));
        assertThat(share).hasEntrySatisfying("insult", least(0.8));
        assertThat(share).hasEntrySatisfying("plain", least(0.8));
    }

    private static Consumer<Double> least(double floor) {
        return share -> assertThat(share).isGreaterThanOrEqualTo(floor);
    }
}
