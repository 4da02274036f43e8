package dev.leat.examples.cli;

import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.RunOptions;
import dev.leat.guard.Guard;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;

/** Runs stages over items and prints a line for each, in order; holds no more items than the pipeline looks ahead. */
final class Job {

    private Job() {}

    /** Returns the exit code. */
    static <T> int run(
            String name,
            Guard<T> guard,
            List<Answer<T, ?>> answers,
            Iterator<Item<T>> items,
            PrintStream out,
            Progress progress) {
        Pipeline.Builder<Item<T>> builder = Pipeline.<Item<T>>builder(name).guard(new Item.Door<>(guard));
        for (Answer<T, ?> answer : answers) {
            builder.stages(answer.stage());
        }
        JsonLine<T> lines = new JsonLine<>(answers);
        Queue<String> ids = new ArrayDeque<>();
        Iterable<Item<T>> remembered = () -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return items.hasNext();
            }

            @Override
            public Item<T> next() {
                Item<T> item = items.next();
                ids.add(item.id());
                return item;
            }
        };
        try (Pipeline<Item<T>> pipeline = builder.build();
                Stream<Results> stream = pipeline.runAll(remembered, RunOptions.DEFAULT, progress::done)) {
            Iterator<Results> results = stream.iterator();
            while (results.hasNext()) {
                Results next = results.next();
                out.print(lines.of(ids.remove(), next));
                out.print('\n');
                if (out.checkError()) {
                    return Leat.BROKEN_PIPE;
                }
            }
        }
        out.flush();
        return lines.anyFailed() ? Leat.SOME_FAILED : Leat.ALL_ANSWERED;
    }
}
