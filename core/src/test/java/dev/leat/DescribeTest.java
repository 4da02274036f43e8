package dev.leat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.schedule.ComputeBudget;
import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DescribeTest {

    private final FakeClock clock = new FakeClock();
    private final LeatRuntime runtime = LeatRuntime.builder()
            .clock(clock)
            .computeBudget(ComputeBudget.of(1, 100))
            .build();

    @AfterEach
    void close() {
        runtime.close();
    }

    /** Takes so long by the fake clock. */
    private record Timed(FakeClock clock, String name, long nanos) implements BatchStep<String, String> {
        @Override
        public StepFacts facts() {
            return StepFacts.heavy(name, "chars");
        }

        @Override
        public List<String> run(List<String> items, RunScope scope) {
            clock.advance(nanos);
            return items;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private Pipeline<String> pipeline(Stage<String, String> first, Stage<String, String> second) {
        return Pipeline.<String>builder("described")
                .runtime(runtime)
                .stages(first, second)
                .build();
    }

    @Test
    void describe_afterARun_saysWhatEachStageAddsToTheOthers() {
        Stage<String, String> encoded = Stage.of(new Timed(clock, "encode", 10_000_000));
        Stage<String, String> cheap =
                encoded.then(Stage.of(new Timed(clock, "head", 20_000))).named("cheap");
        Stage<String, String> dear =
                encoded.then(Stage.of(new Timed(clock, "tops", 2_500_000))).named("dear");
        try (Pipeline<String> pipeline = pipeline(cheap, dear)) {
            assertThat(pipeline.describe()).contains("costs are measured while it runs");

            pipeline.run("text");

            assertThat(pipeline.describe())
                    .contains("* encode", "(shared by 2)", "=> cheap", "=> dear")
                    .contains("in % of encode (10.000 ms)", "+ cheap: 0.2 %", "+ dear: 25.0 %")
                    .doesNotContain("keyedBy");
        }
    }

    @Test
    void describe_sharingIsLost_saysWhereAndWhatToDo() {
        Stage<String, String> encode = Stage.of(new Timed(clock, "encode", 1));
        Stage<String, String> other = Stage.of(new Timed(clock, "encode", 2));
        Stage<String, String> first = encode.on((String text) -> text).named("first");
        Stage<String, String> second =
                Stage.combine("second", encode.on((String text) -> text), other, (String a, String b) -> a + b);
        try (Pipeline<String> pipeline = pipeline(first, second)) {
            assertThat(pipeline.describe())
                    .contains("one run only if their inputs turn out equal: [2, 4]")
                    .contains("nothing shared: [2, 5]");
        }
    }

    @Test
    void describe_inputWithoutAContentKey_asksForAKey() {
        Stage<String, Integer> size =
                Stage.<String, StringBuilder>of("builder", StringBuilder::new).then(Stage.of(new Size()));
        try (Pipeline<String> pipeline = Pipeline.<String>builder("described")
                .runtime(runtime)
                .stages(size)
                .build()) {
            assertThat(pipeline.run("four").get(size)).isEqualTo(4);

            assertThat(pipeline.describe()).contains("not shared between runs, not cached: 2", "keyedBy(..)");
        }
    }

    private record Size() implements BatchStep<StringBuilder, Integer> {
        @Override
        public StepFacts facts() {
            return StepFacts.heavy("size", "chars");
        }

        @Override
        public List<Integer> run(List<StringBuilder> items, RunScope scope) {
            return items.stream().map(StringBuilder::length).toList();
        }
    }

    @Test
    void describeMermaid_graph_isAFlowchart() {
        Stage<String, String> encode = Stage.of(new Timed(clock, "encode", 1));
        try (Pipeline<String> pipeline = pipeline(
                encode.named("a \"b\""), encode.orElse(Stage.constant("none")).named("safe"))) {
            assertThat(pipeline.describeMermaid()).isEqualTo("""
                            flowchart LR
                              n0("input")
                              n1[["encode"]]
                              n0 --> n1
                              n2("constant")
                              n3{"orelse encode"}
                              n1 --> n3
                              n2 --> n3
                              n1 --> s0(["a #quot;b#quot;"])
                              n3 --> s1(["safe"])
                            """);
        }
    }
}
