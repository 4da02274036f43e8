package dev.leat.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.leat.InvalidInputException;
import dev.leat.Outcome;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.guard.TextGuard;
import dev.leat.model.ModelSource;
import dev.leat.text.TextModeration.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ModerationTest {

    /** Of the table by kind of text in the model's card. */
    private static final Pattern FUNCTIONAL_ROW =
            Pattern.compile("\\| ([a-z -]+) \\| (?:-|(\\d+) of (\\d+)) \\| (?:-|(\\d+) of (\\d+)) \\|\n");

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

    /** A count may be one off: kernels of other processors round differently. */
    @Test
    void functionalCases_byKind_areWhatTheModelCardSays() throws Exception {
        JsonObject file = JsonParser.parseString(
                        text(ModerationTest.class.getResourceAsStream("/functional/moderation.json")))
                .getAsJsonObject();
        Map<String, int[]> counts = new LinkedHashMap<>(); // by kind: harmless ones let pass, all; attacks found, all
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = Pipeline.<String>builder("functional")
                        .stages(models.moderation())
                        .build()) {
            file.getAsJsonArray("cases").forEach(each -> {
                JsonObject item = each.getAsJsonObject();
                boolean toxic = item.get("toxic").getAsBoolean();
                boolean found =
                        pipeline.run(item.get("text").getAsString()).get(models.moderation()).findings().stream()
                                .anyMatch(finding -> finding.category().equals("toxic"));
                int[] count = counts.computeIfAbsent(item.get("kind").getAsString(), kind -> new int[4]);
                count[toxic ? 2 : 0] += found == toxic ? 1 : 0;
                count[toxic ? 3 : 1]++;
            });
        }
        Map<String, int[]> stated = new LinkedHashMap<>();
        FUNCTIONAL_ROW
                .matcher(text(ModerationTest.class
                        .getClassLoader()
                        .getResourceAsStream(ModelSource.CLASS_PATH_FOLDER + "moderation-mlp/MODEL_CARD.md")))
                .results()
                .forEach(row -> stated.put(
                        row.group(1),
                        IntStream.rangeClosed(2, 5)
                                .map(i -> row.group(i) == null ? 0 : Integer.parseInt(row.group(i)))
                                .toArray()));

        assertThat(stated).containsOnlyKeys(counts.keySet());
        counts.forEach((kind, count) -> {
            int[] card = Objects.requireNonNull(stated.get(kind));
            assertThat(new int[] {card[1], card[3]}).as(kind).containsExactly(count[1], count[3]);
            assertThat(count[0]).as(kind + ", harmless ones let pass").isCloseTo(card[0], within(1));
            assertThat(count[2]).as(kind + ", attacks found").isCloseTo(card[2], within(1));
        });
    }

    private static String text(@Nullable InputStream resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
