package dev.leat.observe;

import dev.leat.cache.ResultCache;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a runtime does at a moment; immutable, without content. Prints in a form for people.
 *
 * @param running the heavy steps under way, oldest first
 * @param permits how many heavy steps may run at a moment
 * @param waiting how many wait
 * @param oldestWait how long the one has waited that came first; zero if none waits
 * @param openModels how many models are open
 * @param cache the cache's counts
 * @param lostRecords records that listeners were too slow for
 */
public record RuntimeSnapshot(
        List<RunningStep> running,
        int permits,
        int waiting,
        Duration oldestWait,
        int openModels,
        ResultCache.Stats cache,
        long lostRecords) {

    /** Checks the components. */
    public RuntimeSnapshot {
        running = List.copyOf(running);
    }

    /**
     * A heavy step under way; immutable.
     *
     * @param step its name
     * @param model the id of its model, or empty
     * @param age since it started
     * @param subscribers how many nodes of runs wait for it
     */
    public record RunningStep(String step, String model, Duration age, int subscribers) {}

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%d of %d permits in use, %d waiting (oldest %.1f ms), %d models open, cache %d values %d bytes%n",
                running.size(),
                permits,
                waiting,
                oldestWait.toNanos() / 1e6,
                openModels,
                cache.entries(),
                cache.bytes()));
        for (RunningStep step : running) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %s %s for %.1f ms, %d waiting for it%n",
                    step.step(),
                    step.model(),
                    step.age().toNanos() / 1e6,
                    step.subscribers()));
        }
        return text.toString();
    }
}
