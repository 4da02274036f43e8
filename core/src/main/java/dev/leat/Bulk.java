package dev.leat;

import dev.leat.spi.ContentKeyed;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The bulk door: a window of runs under way, handed out in the order of their inputs; confined to its consumer. */
final class Bulk<I> implements Iterator<Results> {

    // For each permit: enough that a permit's share of what waits fills a batch, however unlike the items are.
    private static final int ITEMS = 24;
    private static final int MORE_ITEMS = 16; // so that there is something to group on one permit
    private static final double CALLS = 12; // full calls' worth of padded tokens or pixels

    private final Pipeline<I> pipeline;
    private final Iterator<? extends I> inputs;
    private final RunOptions options;
    private final LongConsumer progress;
    private final int permits;
    private final ArrayDeque<Item<I>> ahead = new ArrayDeque<>();
    private final Map<Object, Item<I>> byKey = new HashMap<>();
    private long done;
    private double usualShare; // of a call that an item fills: mean of those that are done

    private static final class Item<I> {
        final @Nullable Object key;
        final Running<I> running;
        int takers = 1;

        @Nullable
        Results results;

        Item(@Nullable Object key, Running<I> running) {
            this.key = key;
            this.running = running;
        }

        Results join() {
            Results known = results;
            if (known == null) {
                known = running.join();
                results = known;
            }
            return known;
        }
    }

    private Bulk(
            Pipeline<I> pipeline,
            Iterator<? extends I> inputs,
            RunOptions options,
            LongConsumer progress,
            int permits) {
        this.pipeline = pipeline;
        this.inputs = inputs;
        this.options = options;
        this.progress = progress;
        this.permits = permits;
    }

    static <I> Stream<Results> stream(
            Pipeline<I> pipeline,
            Iterator<? extends I> inputs,
            RunOptions options,
            LongConsumer progress,
            int permits) {
        Bulk<I> bulk = new Bulk<>(pipeline, inputs, options, progress, permits);
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(bulk, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .onClose(bulk::cancel);
    }

    @Override
    public boolean hasNext() {
        return !ahead.isEmpty() || inputs.hasNext();
    }

    @Override
    public Results next() {
        while (hasRoom() && inputs.hasNext()) {
            admit(inputs.next());
        }
        Item<I> first = ahead.poll();
        if (first == null) {
            throw new NoSuchElementException("all inputs are done");
        }
        Results results = first.join();
        usualShare += (first.running.callShare() - usualShare) / (done + 1);
        if (--first.takers == 0 && first.key != null) {
            byKey.remove(first.key);
        }
        progress.accept(++done);
        return results;
    }

    /** Whether another item may be under way: by their number, and by what their steps cost. */
    private boolean hasRoom() {
        if (ahead.size() >= ITEMS * permits + MORE_ITEMS) {
            return false;
        }
        double calls = 0;
        for (Item<I> item : ahead) {
            double share = item.running.callShare();
            calls += share == 0 ? usualShare : share; // 0: not tokenised yet
        }
        return ahead.isEmpty() || calls < CALLS * permits;
    }

    private void admit(I input) {
        Object key = input instanceof String || input instanceof ContentKeyed ? Keys.of(input) : null;
        Item<I> twin = key == null ? null : byKey.get(key);
        if (twin != null) {
            twin.takers++;
            ahead.add(twin);
            return;
        }
        Item<I> item = new Item<>(key, pipeline.start(input, options, this));
        if (key != null) {
            byKey.put(key, item);
        }
        ahead.add(item);
    }

    private void cancel() {
        ahead.forEach(item -> item.running.cancel());
        ahead.clear();
        byKey.clear();
    }
}
