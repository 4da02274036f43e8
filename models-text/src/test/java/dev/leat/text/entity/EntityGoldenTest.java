package dev.leat.text.entity;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import dev.leat.model.ModelSource;
import dev.leat.text.AggregationStrategy;
import dev.leat.text.Entities;
import dev.leat.text.Entity;
import dev.leat.text.EntityType;
import dev.leat.text.Golden;
import dev.leat.text.TextModels;
import dev.leat.text.Tier;
import dev.leat.text.encode.Encoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The shipped heads against the same graphs in Python, over more than 300 texts; the origin file holds the tolerances and
 * their reasons.
 */
class EntityGoldenTest {

    /**
     * Whether the runtime picks the kernels that made the golden file. Others round a few activations of the INT8 graphs to
     * the next step.
     */
    private static final boolean SAME_KERNELS = hasAvx2AndNothingNewer();

    private static final double LOGIT = SAME_KERNELS ? 1e-3 : 0.6;
    private static final double CONFIDENCE = SAME_KERNELS ? 1e-4 : 0.05;

    private static final Map<String, EntityType> TYPES =
            Map.of("PER", EntityType.PERSON, "LOC", EntityType.LOCATION, "ORG", EntityType.ORGANIZATION);

    private static final List<Seen> SEEN = new ArrayList<>();

    /** What a text gave, by tier. */
    private record Seen(JsonObject golden, String text, Map<Tier, Found> found) {
        Found of(Tier tier) {
            return requireNonNull(found.get(tier), "every tier runs");
        }
    }

    /** What a head gave. */
    private record Found(TaggedText tagged, Map<AggregationStrategy, Entities> entities) {}

    /** The stages of a tier. */
    private record Stages(
            Stage<String, TaggedText> tagged, Map<AggregationStrategy, Stage<String, Entities>> entities) {}

    private static boolean hasAvx2AndNothingNewer() {
        Path processors = Path.of("/proc/cpuinfo");
        try {
            String flags = Files.isReadable(processors) ? Files.readString(processors) : "";
            return flags.contains(" avx2") && !flags.contains(" avx512f") && !flags.contains(" avx_vnni");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All stages read one encoder run of each text. */
    @BeforeAll
    static void run() {
        Map<Tier, Stages> stages = new EnumMap<>(Tier.class);
        Pipeline.Builder<String> builder = Pipeline.builder("golden");
        try (TextModels models = TextModels.load()) {
            for (Tier tier : Tier.values()) {
                Stages of = stages(models, tier);
                stages.put(tier, of);
                builder.stages(of.tagged());
                of.entities().values().forEach(builder::stages);
            }
        }
        try (Pipeline<String> pipeline = builder.build()) {
            for (JsonObject golden : Golden.cases("entities")) {
                int times = golden.has("times") ? golden.get("times").getAsInt() : 1;
                String text = golden.get("text").getAsString().repeat(times);
                Results results = pipeline.run(text);
                Map<Tier, Found> found = new EnumMap<>(Tier.class);
                stages.forEach((tier, of) -> found.put(tier, found(results, of)));
                SEEN.add(new Seen(golden, text, found));
            }
        }
    }

    private static Stages stages(TextModels models, Tier tier) {
        ModelSource source = ModelSource.classPath();
        Encoder encoder = Encoder.of(source.folder("bge-small-en-v1.5-int8"));
        EntityHead head =
                EntityHead.of(source.folder(tier == Tier.FAST ? "entities-fast" : "entities-accurate"), encoder);
        Map<AggregationStrategy, Stage<String, Entities>> entities = new EnumMap<>(AggregationStrategy.class);
        for (AggregationStrategy strategy : AggregationStrategy.values()) {
            entities.put(
                    strategy,
                    models.entities(e -> e.tier(tier)
                                    .strategy(strategy)
                                    .types(EntityType.PERSON, EntityType.LOCATION, EntityType.ORGANIZATION))
                            .named(tier + " " + strategy));
        }
        return new Stages(encoder.stage().then(head.stage()).named("tagged " + tier), entities);
    }

    private static Found found(Results results, Stages stages) {
        Map<AggregationStrategy, Entities> entities = new EnumMap<>(AggregationStrategy.class);
        stages.entities().forEach((strategy, stage) -> entities.put(strategy, results.get(stage)));
        return new Found(results.get(stages.tagged()), entities);
    }

    @ParameterizedTest
    @EnumSource
    void logits_ofEachToken_agreeWithTheSameGraphsInPython(Tier tier) {
        int compared = 0;
        double worst = 0;
        for (Seen seen : SEEN) {
            FloatBuffer golden = ByteBuffer.wrap(Base64.getDecoder()
                            .decode(seen.golden()
                                    .getAsJsonObject(tier.name())
                                    .get("logits")
                                    .getAsString()))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            float[] logits = seen.of(tier).tagged().logits();
            for (int i = 0; i < golden.limit(); i++) {
                worst = Math.max(worst, Math.abs(golden.get(i) - logits[i]));
            }
            compared += golden.limit();
        }

        assertThat(SEEN.size()).isGreaterThanOrEqualTo(300);
        assertThat(compared).isGreaterThan(30_000);
        assertThat(worst).isLessThan(LOGIT);
    }

    @ParameterizedTest
    @EnumSource
    void entities_ofEachStrategy_agreeWithTheReference(Tier tier) {
        Map<AggregationStrategy, Integer> count = new EnumMap<>(AggregationStrategy.class);
        int compared = 0;
        for (Seen each : SEEN) {
            JsonObject reference = each.golden().getAsJsonObject(tier.name());
            boolean sure = SAME_KERNELS || reference.get("sure").getAsBoolean();
            compared += sure ? 1 : 0;
            each.of(tier).entities().forEach((strategy, entities) -> {
                List<Entity> seen = entities.entities();
                assertThat(seen)
                        .allSatisfy(e -> assertThat(each.text().substring(e.start(), e.end()))
                                .isEqualTo(e.text()));
                if (sure) {
                    compare(seen, reference.getAsJsonArray(strategy.name()));
                    count.merge(strategy, seen.size(), Integer::sum);
                }
            });
        }

        assertThat(compared).isGreaterThan(300);
        assertThat(count)
                .hasSize(AggregationStrategy.values().length)
                .allSatisfy((strategy, entities) -> assertThat(entities).isGreaterThan(SAME_KERNELS ? 200 : 20));
    }

    private static void compare(List<Entity> seen, JsonArray reference) {
        assertThat(places(seen)).isEqualTo(places(reference));
        for (int i = 0; i < seen.size(); i++) {
            double confidence = reference.get(i).getAsJsonArray().get(3).getAsDouble();
            assertThat(seen.get(i).confidence()).isCloseTo(confidence, within(CONFIDENCE));
        }
    }

    private static List<String> places(List<Entity> entities) {
        return entities.stream()
                .map(e -> e.start() + ".." + e.end() + " " + e.type())
                .toList();
    }

    private static List<String> places(JsonArray entities) {
        List<String> places = new ArrayList<>();
        for (JsonElement each : entities) {
            JsonArray entity = each.getAsJsonArray();
            places.add(entity.get(0).getAsInt() + ".." + entity.get(1).getAsInt() + " "
                    + TYPES.get(entity.get(2).getAsString()));
        }
        return places;
    }
}
