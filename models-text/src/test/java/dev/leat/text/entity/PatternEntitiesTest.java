package dev.leat.text.entity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.Pipeline;
import dev.leat.Stage;
import dev.leat.text.Entities;
import dev.leat.text.Entity;
import dev.leat.text.EntityType;
import dev.leat.text.PatternEntities;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatternEntitiesTest {

    private static final int TEXTS = 20_000;

    /** What was found and is right, found and wrong, not found. */
    private record Count(int right, int wrong, int missed) {
        static final Count ZERO = new Count(0, 0, 0);

        Count plus(Count other) {
            return new Count(right + other.right, wrong + other.wrong, missed + other.missed);
        }

        double precision() {
            return right / (double) (right + wrong);
        }

        double recall() {
            return right / (double) (right + missed);
        }
    }

    private static List<Entity> find(String text) {
        Stage<String, Entities> stage = PatternEntities.stage();
        try (Pipeline<String> pipeline =
                Pipeline.<String>builder("patterns").stages(stage).build()) {
            return pipeline.run(text).get(stage).entities();
        }
    }

    @Test
    void find_generatedTexts_precisionAndRecallOfEachTypeAreAtLeast99Percent() {
        Map<EntityType, Count> counts = new EnumMap<>(EntityType.class);
        Stage<String, Entities> stage = PatternEntities.stage();
        try (Pipeline<String> pipeline =
                Pipeline.<String>builder("patterns").stages(stage).build()) {
            for (long seed = 0; seed < TEXTS; seed++) {
                PatternTexts.Marked made = PatternTexts.make(seed);
                List<Entity> found = pipeline.run(made.text()).get(stage).entities();
                for (Entity entity : found) {
                    boolean right = made.entities().contains(entity);
                    counts.merge(entity.type(), new Count(right ? 1 : 0, right ? 0 : 1, 0), Count::plus);
                }
                for (Entity entity : made.entities()) {
                    counts.merge(entity.type(), new Count(0, 0, found.contains(entity) ? 0 : 1), Count::plus);
                }
            }
        }
        for (EntityType type : EntityType.values()) {
            Count count = counts.getOrDefault(type, Count.ZERO);
            if (type.isName()) {
                assertThat(count).isEqualTo(Count.ZERO);
            } else {
                assertThat(count.right()).as("%s", type).isGreaterThan(1000);
                assertThat(count.precision())
                        .as("precision of %s: %s", type, count)
                        .isGreaterThanOrEqualTo(0.99);
                assertThat(count.recall()).as("recall of %s: %s", type, count).isGreaterThanOrEqualTo(0.99);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Mail me at jo.doe+x@mail.example.co.uk. | EMAIL | jo.doe+x@mail.example.co.uk",
                "See https://en.wikipedia.org/wiki/Leat_(water)). | URL | https://en.wikipedia.org/wiki/Leat_(water)",
                "Look at example.com, please | URL | example.com",
                "from 2001:db8::8a2e:370:7334. | IP | 2001:db8::8a2e:370:7334",
                "host 10.0.0.1: down | IP | 10.0.0.1",
                "pay to DE89 3704 0044 0532 0130 00 now | IBAN | DE89 3704 0044 0532 0130 00",
                "card 4111-1111-1111-1111, please | CARD | 4111-1111-1111-1111",
                "Tel.: +44 (0)20 7946 0958 | PHONE | +44 (0)20 7946 0958",
                "call 2125550123 today | PHONE | 2125550123",
                "on 2024-02-29T10:00:00Z | DATE | 2024-02-29",
                "on the 3rd of May 2021, | DATE | 3rd of May 2021",
                "since Sept. 4, 1999 | DATE | Sept. 4, 1999",
                "worth $1.5 million today | MONEY | $1.5 million",
                "for 1.234,56 EUR each | MONEY | 1.234,56 EUR",
            })
    void find_oneThing_isThatThing(String text, EntityType type, String found) {
        assertThat(find(text)).singleElement().satisfies(entity -> {
            assertThat(entity.type()).isEqualTo(type);
            assertThat(entity.text()).isEqualTo(found);
            assertThat(text.substring(entity.start(), entity.end())).isEqualTo(found);
            assertThat(entity.confidence()).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2023-02-29",
                "30.02.2024",
                "4111 1111 1111 1112",
                "DE89 3704 0044 0532 0130 01",
                "256.1.1.1",
                "12:30:45",
                "a@b",
                "version 1.2.3.4",
                "std::vector",
                "call 12345",
                "C:\\x",
                "May I?",
                "$",
                "1/2 cup"
            })
    void find_onlyAlike_isNothing(String text) {
        assertThat(find(text)).isEmpty();
    }

    @Test
    void find_anyText_givesPlacesInOrderThatDoNotOverlap() {
        String signs = "0123456789+-./:@()[]$\u20ac ,abcXYZ%\ud83d\ude00\u00a0\n";
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            StringBuilder made = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                made.append(signs.charAt(random.nextInt(signs.length())));
            }
            String text = made.toString();
            int before = 0;
            for (Entity entity : new FindPatterns(java.util.EnumSet.allOf(EntityType.class), "US")
                    .run(List.of(text), NoScope.INSTANCE)
                    .get(0)
                    .entities()) {
                assertThat(entity.start()).as("seed %d", seed).isGreaterThanOrEqualTo(before);
                assertThat(text.substring(entity.start(), entity.end()))
                        .as("seed %d", seed)
                        .isEqualTo(entity.text());
                before = entity.end();
            }
        }
    }

    @Test
    void find_tenMegabytesOfHostilePieces_findsWhatStandsAtTheirEnd() {
        String[] pieces = {
            "1-", "12 ", "(1", "+1 ", "a@", "www.a", "://", "DE12 ", "1.", ":", "$1,", "a.", "4111 ", "1/1/", "[",
            "\ud800"
        };
        Random random = new Random(7);
        StringBuilder made = new StringBuilder();
        while (made.length() < 10_000_000) {
            made.append(pieces[random.nextInt(pieces.length)].repeat(random.nextInt(1, 2_000)));
        }
        String text = made.append(" write to anna@example.org").toString();

        List<Entities> found = Assertions.assertTimeoutPreemptively( // quadratic time would be days
                Duration.ofSeconds(100),
                () -> new FindPatterns(java.util.EnumSet.allOf(EntityType.class), "US")
                        .run(List.of(text), NoScope.INSTANCE));

        List<Entity> addresses = found.get(0).of(EntityType.EMAIL);
        assertThat(addresses.get(addresses.size() - 1).text()).isEqualTo("anna@example.org");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1-", "12 ", "(1", "+1 ", "a@", "@", "www.a", "://", "DE12 ", "1.", ":", "$1,", "a.", "4111 ", "May 1",
                "1/1/", "[", "x", "US$", "(212) ", "ff:", "9"
            })
    void find_aMegabyteOfOnePiece_takesLinearTime(String piece) {
        String text = piece.repeat(1_000_000 / piece.length());

        // Quadratic time would be hours.
        List<Entities> found = Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(50),
                () -> new FindPatterns(java.util.EnumSet.allOf(EntityType.class), "US")
                        .run(List.of(text), NoScope.INSTANCE));
        assertThat(found).hasSize(1);
    }
}
