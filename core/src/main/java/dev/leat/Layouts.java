package dev.leat;

import dev.leat.model.ModelRegistry;
import dev.leat.spi.ModelReference;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Models laid out for runs on several threads, beside those for one; thread-safe.
 *
 * <p>One is opened when it was asked for {@link #ASKED} times, on a thread of its own and only where it fits beside
 * everything that is open; nobody waits for it.
 */
final class Layouts {

    /** So often has a run been the only one before a second layout is worth its memory. */
    static final int ASKED = 16;

    private static final Logger LOG = LoggerFactory.getLogger(Layouts.class);
    private static final int REFUSED = -1_000_000; // asked so often again until the next attempt
    private static final int MAX_MODELS = 1024;

    private final ModelRegistry models;
    private final Executor executor;
    private final int threads;
    private final ConcurrentHashMap<ModelReference<?>, Integer> asked = new ConcurrentHashMap<>();

    Layouts(ModelRegistry models, Executor executor, int threads) {
        this.models = models;
        this.executor = executor;
        this.threads = threads;
    }

    /** Whether any of these models has another layout for several threads. */
    boolean exist(List<ModelReference<?>> references) {
        return threads > 1
                && references.stream().anyMatch(each -> !each.spread(threads).equals(each));
    }

    /** Whether all of these models that have a layout for several threads are open in it; if not, it is wished for. */
    boolean ready(List<ModelReference<?>> references) {
        boolean ready = true;
        for (ModelReference<?> reference : references) {
            ModelReference<?> spread = reference.spread(threads);
            if (!spread.equals(reference) && !models.areOpen(List.of(spread))) {
                ready = false;
                wish(spread);
            }
        }
        return ready;
    }

    private void wish(ModelReference<?> spread) {
        if (asked.size() > MAX_MODELS) {
            asked.clear();
        }
        if (asked.merge(spread, 1, Integer::sum) != ASKED) {
            return;
        }
        if (!models.fits(spread)) {
            asked.put(spread, REFUSED);
            return;
        }
        try {
            executor.execute(() -> open(spread));
        } catch (RejectedExecutionException closing) {
            asked.remove(spread);
        }
    }

    private void open(ModelReference<?> spread) {
        try {
            models.use(spread).close();
            asked.remove(spread);
        } catch (RuntimeException e) {
            // Memory has gone meanwhile, or the pipeline: one thread does as well.
            LOG.debug("Model {} is not laid out for {} threads: {}", spread.id(), threads, e.getClass());
            asked.put(spread, REFUSED);
        }
    }
}
