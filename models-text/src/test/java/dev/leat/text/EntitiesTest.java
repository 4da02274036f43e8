package dev.leat.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.leat.InvalidInputException;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.guard.TextGuard;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EntitiesTest {

    private static long runsOf(String step, Results results) {
        return results.trace().entries().stream()
                .filter(entry -> entry.name().equals(step))
                .count();
    }

    private static <O> Pipeline<String> pipeline(Stage<String, O> stage) {
        return Pipeline.<String>builder("entities").stages(stage).build();
    }

    @Test
    void run_entitiesBesideOtherStages_areOneEncoderRun() {
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = Pipeline.<String>builder("all")
                        .stages(models.entities(), models.sentiment(), models.embedding(), models.moderation())
                        .stages(models.redact(), models.topics("sport", "politics"))
                        .build()) {
            Results results =
                    pipeline.run("Angela Merkel praised the city of Hamburg.").orThrow();

            assertThat(runsOf("encode", results)).isEqualTo(1);
            assertThat(runsOf("entities-fast", results)).isEqualTo(1);
        }
    }

    @Test
    void entities_plainText_areNamesAndPatternsAtTheirPlaces() {
        String text = "\ud83d\ude00 Ren\u00e9 Müller of Siemens wrote to anna@example.org from London on 2024-03-15.";
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = pipeline(models.entities())) {
            List<Entity> found = pipeline.run(text).get(models.entities()).entities();

            assertThat(found)
                    .extracting(e -> e.type() + " " + e.text())
                    .containsExactly(
                            "PERSON Ren\u00e9 Müller",
                            "ORGANIZATION Siemens",
                            "EMAIL anna@example.org",
                            "LOCATION London",
                            "DATE 2024-03-15");
            assertThat(found)
                    .allSatisfy(
                            e -> assertThat(text.substring(e.start(), e.end())).isEqualTo(e.text()));
            assertThat(found.toString()).doesNotContain("Siemens");
        }
    }

    @Test
    void entities_behindAGuard_haveTheirPlacesInTheTextAsGiven() {
        String given = "  <script>x</script>Ange\u0000la Merkel visited\u0007 London.";
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = Pipeline.<String>builder("guarded")
                        .guard(TextGuard.standard())
                        .stages(models.entities())
                        .build()) {
            Results results = pipeline.run(given);

            List<Entity> found =
                    results.get(models.entities()).in(results.offsets()).entities();

            assertThat(found)
                    .extracting(e -> given.substring(e.start(), e.end()))
                    .containsExactly("Ange\u0000la Merkel", "London");
            assertThat(found).extracting(Entity::text).containsExactly("Angela Merkel", "London");
        }
    }

    @Test
    void entities_ofANameAcrossALineBreak_areOneNameWithTheBreakInIt() {
        String text = "The prize went to Angela\nMerkel, who had come from New\r\nYork by train.";
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = pipeline(models.entities())) {
            assertThat(pipeline.run(text).get(models.entities()).entities())
                    .extracting(e -> e.type() + " " + text.substring(e.start(), e.end()))
                    .containsExactly("PERSON Angela\nMerkel", "LOCATION New\r\nYork");
        }
    }

    @Test
    void entities_textOfManyWindows_areFoundEverywhereAndOnce() {
        String sentence = "Angela Merkel spoke in London about the weather and the state of the roads. ";
        String text = sentence.repeat(90);
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = pipeline(models.entities())) {
            Results results = pipeline.run(text);
            Entities found = results.get(models.entities());

            Map<String, Long> facts =
                    results.outcome(models.entities()).provenance().facts();
            assertThat(facts).containsEntry("windows", 3L).containsEntry("seams", 2L);
            assertThat(found.of(EntityType.PERSON)).hasSize(90).allSatisfy(e -> {
                assertThat(e.text()).isEqualTo("Angela Merkel");
                assertThat(e.start() % sentence.length()).isZero();
            });
            assertThat(found.of(EntityType.LOCATION)).hasSize(90);
        }
    }

    @Test
    void entities_moreWindowsThanAreKept_areTheSame() {
        // 7 windows: beyond 6 no states are kept, and the head has each window encoded again.
        String sentence = "Angela Merkel spoke in London about the weather and the state of the roads. ";
        int sentences = 200; // of 16 tokens
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = pipeline(models.entities())) {
            Results results = pipeline.run(sentence.repeat(sentences));

            assertThat(results.outcome(models.entities()).provenance().facts()).containsEntry("windows", 7L);
            assertThat(results.get(models.entities()).of(EntityType.PERSON)).hasSize(sentences);
        }
    }

    @Test
    void entities_ofPatternTypesOnly_needNoModel() {
        try (TextModels models = TextModels.load()) {
            Stage<String, Entities> stage = models.entities(e -> e.types(EntityType.EMAIL, EntityType.DATE));
            try (Pipeline<String> pipeline = pipeline(stage)) {
                Results results = pipeline.run("Angela Merkel, a@example.org, $5, 2024-03-15");

                assertThat(results.get(stage).entities())
                        .extracting(Entity::type)
                        .containsExactly(EntityType.EMAIL, EntityType.DATE);
                assertThat(runsOf("encode", results)).isZero();
            }
        }
    }

    @Test
    void entities_underAThreshold_areLeftOut() {
        String text = "Angela Merkel visited London.";
        try (TextModels models = TextModels.load()) {
            Stage<String, Entities> all = models.entities(e -> e.types(EntityType.PERSON, EntityType.LOCATION));
            Stage<String, Entities> none = models.entities(
                            e -> e.types(EntityType.PERSON, EntityType.LOCATION).threshold(1))
                    .named("sure");
            try (Pipeline<String> pipeline =
                    Pipeline.<String>builder("thresholds").stages(all, none).build()) {
                Results results = pipeline.run(text);

                assertThat(results.get(all).entities()).hasSize(2);
                assertThat(results.get(none).entities()).isEmpty();
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TextModels.load().entities(e -> e.threshold(1.5)))
                .withMessageContaining("threshold");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TextModels.load().entities(e -> e.types()))
                .withMessageContaining("types");
    }

    @Test
    void entities_anyText_areAnsweredWithPlacesInIt() {
        int[] ranges = {
            0x20, 0x7f, 0xa0, 0x250, 0x370, 0x600, 0x900, 0x2000, 0x2070, 0x3000, 0x4e00, 0xd7ff, 0xd800, 0x10000,
            0x1f300, 0x1fa00
        };
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = pipeline(models.entities())) {
            for (long seed = 0; seed < 150; seed++) {
                Random random = new Random(seed);
                StringBuilder made = new StringBuilder();
                for (int i = random.nextInt(80); i > 0; i--) {
                    int range = random.nextInt(ranges.length / 2) * 2;
                    made.appendCodePoint(random.nextInt(ranges[range], ranges[range + 1]));
                    made.append(random.nextInt(6) == 0 ? " Paris " : "");
                    made.append(random.nextInt(30) == 0 ? "\ud800" : "");
                }
                String text = made.toString();
                try {
                    assertThat(pipeline.run(text).get(models.entities()).entities())
                            .as("seed %d", seed)
                            .allSatisfy(e -> assertThat(text.substring(e.start(), e.end()))
                                    .isEqualTo(e.text()));
                } catch (InvalidInputException e) {
                    assertThat(e.code()).as("seed %d", seed).isNotBlank();
                }
            }
        }
    }

    @Test
    void redact_namesAndNumbers_areReplacedAndRestored() {
        String text = "Angela Merkel (angela@example.org) lives in London. Angela Merkel has card 4111 1111 1111 1111.";
        try (TextModels models = TextModels.load();
                Pipeline<String> pipeline = pipeline(models.redact())) {
            Redaction redaction = pipeline.run(text).get(models.redact());

            assertThat(redaction.text())
                    .isEqualTo("[PERSON_1] ([EMAIL_1]) lives in [LOCATION_1]. [PERSON_1] has card [CARD_1].");
            assertThat(redaction.replacements().restore(redaction.text())).isEqualTo(text);
            assertThat(redaction.replacements().restore("Dear [PERSON_1], [PERSON_2]"))
                    .isEqualTo("Dear Angela Merkel, [PERSON_2]");
            assertThat(redaction.toString() + redaction.replacements()).doesNotContain("Merkel", "4111");
        }
    }

    @Test
    void redact_textWithPlaceholdersOfItsOwn_isRestoredAsItWas() {
        String[] pieces = {
            "[EMAIL_1]",
            "[",
            "]",
            "a@example.org",
            "b@example.org",
            " [[",
            "[DATE_2]",
            " x ",
            "2024-03-15",
            "1",
            "[EMAIL_"
        };
        try (TextModels models = TextModels.load()) {
            Stage<String, Redaction> stage = models.redact(e -> e.types(EntityType.EMAIL, EntityType.DATE));
            try (Pipeline<String> pipeline = pipeline(stage)) {
                for (long seed = 0; seed < 3000; seed++) {
                    Random random = new Random(seed);
                    StringBuilder made = new StringBuilder();
                    for (int i = random.nextInt(12); i > 0; i--) {
                        made.append(pieces[random.nextInt(pieces.length)]);
                        made.append(random.nextBoolean() ? " " : "");
                    }
                    String text = made.toString();
                    Redaction redaction = pipeline.run(text).get(stage);
                    assertThat(redaction.replacements().restore(redaction.text()))
                            .as("seed %d", seed)
                            .isEqualTo(text);
                }
            }
        }
    }

    @Test
    void replacements_ofAKeptMap_checkPlaceholders() {
        assertThat(Replacements.of(Map.of("[PERSON_1]", "Ada")).restore("[PERSON_1]!"))
                .isEqualTo("Ada!");
        assertThatIllegalArgumentException().isThrownBy(() -> Replacements.of(Map.of("PERSON_1", "Ada")));
        assertThatIllegalArgumentException().isThrownBy(() -> Replacements.of(Map.of("[a]b]", "Ada")));
    }
}
