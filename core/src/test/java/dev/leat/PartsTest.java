package dev.leat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.schedule.ComputeBudget;
import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Parts of values that are made only where they are read. */
class PartsTest {

    private final LeatRuntime runtime =
            LeatRuntime.builder().computeBudget(ComputeBudget.of(2, 1000)).build();

    @AfterEach
    void close() {
        runtime.close();
    }

    /** Its value is the parts that were read; a text "hold" is held until it is let go. */
    private static final class Parted implements BatchStep<String, Set<String>> {
        final List<Set<String>> made = Collections.synchronizedList(new ArrayList<>());
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch release = new CountDownLatch(1);

        @Override
        public StepFacts facts() {
            return StepFacts.heavy("parted", "items");
        }

        @Override
        public List<Set<String>> run(List<String> items, RunScope scope) {
            Set<String> parts = new TreeSet<>();
            for (String part : List.of("large", "huge")) {
                if (scope.isRead(part)) {
                    parts.add(part);
                }
            }
            made.add(parts);
            if (items.contains("hold") && made.size() == 1) {
                entered.countDown();
                Steps.await(release);
            }
            return List.of(parts);
        }
    }

    /** Tells which parts its item has. */
    private record Reader(StepFacts facts) implements BatchStep<Set<String>, String> {
        static Stage<Set<String>, String> of(String... parts) {
            return Stage.of(new Reader(
                    StepFacts.light("reads " + String.join(" and ", parts)).reading(parts)));
        }

        @Override
        public List<String> run(List<Set<String>> items, RunScope scope) {
            return items.stream().map(String::valueOf).toList();
        }
    }

    private Pipeline<String> pipeline(List<Stage<String, ?>> stages) {
        Pipeline.Builder<String> builder =
                Pipeline.<String>builder("parts").runtime(runtime).executor(Runnable::run);
        stages.forEach(builder::stages);
        return builder.build();
    }

    private List<Set<String>> made(Parted parted, List<Stage<String, ?>> stages) {
        try (Pipeline<String> pipeline = pipeline(stages)) {
            pipeline.run("text").orThrow();
        }
        return parted.made;
    }

    @Test
    void run_noReaderOfAPart_leavesItOut() {
        Parted parted = new Parted();

        assertThat(made(parted, List.of(Stage.of(parted).then(Reader.of()).named("a"))))
                .containsExactly(Set.of());
    }

    @Test
    void run_readersOfSeveralStages_haveTogetherWhatEachReadsFromOneExecution() {
        Parted parted = new Parted();
        Stage<String, Set<String>> stage = Stage.of(parted);
        Stage<String, String> large = stage.then(Reader.of("large")).named("a");
        Stage<String, String> huge = stage.then(Reader.of("huge").orElse(Stage.constant("none")))
                .timeout(java.time.Duration.ofMinutes(1))
                .named("b");
        Stage<String, String> none = stage.then(Reader.of()).named("c");

        assertThat(made(parted, List.of(large, huge, none))).containsExactly(Set.of("large", "huge"));
    }

    @Test
    void run_decisionBetweenStepAndReader_handsOnWhatIsRead() {
        Parted parted = new Parted();
        Stage<String, String> large =
                Stage.of(parted).orElse(Stage.constant(Set.of())).then(Reader.of("large"));

        assertThat(made(parted, List.of(large.named("a")))).containsExactly(Set.of("large"));
    }

    @Test
    void run_functionOrCallerGetsTheValue_itIsWhole() {
        Parted mapped = new Parted();
        Parted asked = new Parted();

        assertThat(made(mapped, List.of(Stage.of(mapped).map(Set::size).named("a"))))
                .containsExactly(Set.of("large", "huge"));
        assertThat(made(asked, List.of(Stage.of(asked)))).containsExactly(Set.of("large", "huge"));
    }

    @Test
    void run_equalContentByTwoFunctions_isOneExecutionWithAllParts() {
        Parted parted = new Parted();
        Stage<String, String> large = Stage.of(parted).then(Reader.of("large"));
        Stage<String, String> none = Stage.of(parted).then(Reader.of());
        List<Stage<String, ?>> stages = List.of(
                none.on((String text) -> text.trim()).named("a"),
                large.on((String text) -> text.strip()).named("b"));

        assertThat(made(parted, stages)).containsExactly(Set.of("large"));
    }

    @Test
    void run_equalWorkUnderWayForOneWhoReadsLess_isDoneAnew() {
        Parted parted = new Parted();
        Stage<String, String> large = Stage.of(parted).then(Reader.of("large")).named("large");
        Stage<String, String> none = Stage.of(parted).then(Reader.of()).named("none");
        try (Pipeline<String> reads = pipeline(List.of(large));
                Pipeline<String> readsNone = pipeline(List.of(none))) {
            Running<String> first = readsNone.start("hold");
            Steps.await(parted.entered);

            assertThat(reads.run("hold").get(large)).isEqualTo("[large]");

            parted.release.countDown();
            assertThat(first.join().get(none)).isEqualTo("[]");
        }
        assertThat(parted.made).containsExactly(Set.of(), Set.of("large"));
    }

    @Test
    void run_equalWorkUnderWayForOneWhoReadsMore_isShared() {
        Parted parted = new Parted();
        Stage<String, String> large = Stage.of(parted).then(Reader.of("large")).named("large");
        Stage<String, String> none = Stage.of(parted).then(Reader.of()).named("none");
        try (Pipeline<String> reads = pipeline(List.of(large));
                Pipeline<String> readsNone = pipeline(List.of(none))) {
            Running<String> first = reads.start("hold");
            Steps.await(parted.entered);
            Running<String> second = readsNone.start("hold");
            parted.release.countDown();

            assertThat(second.join().get(none)).isEqualTo("[large]");
            assertThat(first.join().get(large)).isEqualTo("[large]");
        }
        assertThat(parted.made).containsExactly(Set.of("large"));
    }

    @Test
    void run_equalWorkStillWaiting_isDoneOnceForBothWithWhatEachReads() {
        Parted parted = new Parted();
        Steps.Held[] held = {new Steps.Held(), new Steps.Held()};
        Stage<String, String> large = Stage.of(parted).then(Reader.of("large")).named("large");
        Stage<String, String> none = Stage.of(parted).then(Reader.of()).named("none");
        try (Pipeline<String> gateA = pipeline(List.of(Stage.of(held[0])));
                Pipeline<String> gateB = pipeline(List.of(Stage.of(held[1])));
                Pipeline<String> reads = pipeline(List.of(large));
                Pipeline<String> readsNone = pipeline(List.of(none))) {
            Running<String> a = gateA.start("a");
            Running<String> b = gateB.start("b");
            Steps.await(held[0].entered);
            Steps.await(held[1].entered);
            Running<String> first = readsNone.start("text");
            Running<String> second = reads.start("text");
            held[0].release.countDown();
            held[1].release.countDown();

            assertThat(first.join().get(none)).isEqualTo("[large]");
            assertThat(second.join().get(large)).isEqualTo("[large]");
            a.join();
            b.join();
        }
        assertThat(parted.made).containsExactly(Set.of("large"));
    }
}
