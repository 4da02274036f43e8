package dev.leat.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.Outcome;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.guard.TextGuard;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Any string whatever is answered by every stage, with and without a guard. */
class AnyTextTest {

    private static final int[][] BLOCKS = {
        {0, 0x7f},
        {0x80, 0x24f},
        {0x300, 0x36f},
        {0x370, 0x5ff},
        {0x600, 0x6ff},
        {0x900, 0xdff},
        {0x1100, 0x11ff},
        {0x2000, 0x206f},
        {0x20a0, 0x2bff},
        {0x3000, 0x30ff},
        {0x4e00, 0x9fff},
        {0xac00, 0xd7a3},
        {0xd800, 0xdfff},
        {0xe000, 0xf8ff},
        {0xfb00, 0xffff},
        {0x1d400, 0x1d7ff},
        {0x1f300, 0x1faff},
        {0x20000, 0x2a6df},
        {0xe0000, 0xe007f}
    };

    private static String random(long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        int chars = random.nextInt(random.nextInt(10) == 0 ? 3_000 : 150);
        while (text.length() < chars) {
            int[] block = BLOCKS[random.nextInt(BLOCKS.length)];
            for (int i = random.nextInt(12); i >= 0; i--) {
                text.appendCodePoint(block[0] + random.nextInt(block[1] - block[0] + 1));
            }
            text.append(random.nextInt(3) == 0 ? " " : random.nextInt(20) == 0 ? ". " : "");
        }
        return text.toString();
    }

    @Test
    void everyStage_anyUnicode_answers() {
        try (TextModels models = TextModels.load()) {
            Classifier classifier = models.classifier()
                    .topic(Topic.named("a"))
                    .examples("b", List.of("b"))
                    .build();
            Pipeline.Builder<String> plain = Pipeline.builder("plain");
            Pipeline.Builder<String> guarded =
                    Pipeline.<String>builder("guarded").guard(TextGuard.standard());
            for (Pipeline.Builder<String> builder : List.of(plain, guarded)) {
                builder.stages(
                        models.embedding(),
                        models.embedding(
                                e -> e.prompt(EmbeddingOptions.Prompt.QUERY).dimension(64)),
                        models.sentiment(),
                        models.moderation(),
                        models.topics("x", "y"),
                        models.classification(classifier),
                        models.summary(s -> s.maxSentences(2)),
                        models.keywords(),
                        LanguageDetection.stage(),
                        RuleBasedSentiment.stage());
            }
            try (Pipeline<String> one = plain.build();
                    Pipeline<String> other = guarded.build()) {
                for (long seed = 0; seed < 40; seed++) {
                    String text = random(seed);
                    Results results = one.run(text);
                    assertThat(outcomes(results))
                            .as("seed %d", seed)
                            .allMatch(outcome -> outcome instanceof Outcome.Success);
                    assertThat(outcomes(other.run(text)))
                            .as("seed %d, guarded", seed)
                            .noneMatch(outcome -> outcome instanceof Outcome.Failed<?> failed
                                    && !(failed.cause() instanceof dev.leat.InvalidInputException));
                }
            }
        }
    }

    private static List<Outcome<?>> outcomes(Results results) {
        List<Outcome<?>> outcomes = new ArrayList<>();
        results.stages().forEach(stage -> outcomes.add(results.outcome(stage)));
        return outcomes;
    }
}
