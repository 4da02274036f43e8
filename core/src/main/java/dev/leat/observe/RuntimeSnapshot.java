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
 * @param models the models that pipelines lease, by id
 * @param sessions how many sessions hold a window
 * @param cache the cache's counts
 * @param lostRecords records that listeners were too slow for
 */
public record RuntimeSnapshot(
        List<RunningStep> running,
        int permits,
        int waiting,
        Duration oldestWait,
        List<Model> models,
        int sessions,
        ResultCache.Stats cache,
        long lostRecords) {

    /** Checks the components. */
    public RuntimeSnapshot {
        running = List.copyOf(running);
        models = List.copyOf(models);
    }

    /**
     * Returns how many models are open.
     *
     * @return those that are {@link ModelState#LOADED}
     */
    public int openModels() {
        return (int) models.stream()
                .filter(model -> model.state() == ModelState.LOADED)
                .count();
    }

    /**
     * Returns what the open models weigh.
     *
     * @return bytes, about
     */
    public long modelBytes() {
        return models.stream()
                .filter(model -> model.state() == ModelState.LOADED)
                .mapToLong(Model::bytes)
                .sum();
    }

    /** Where a model is in its life. */
    public enum ModelState {
        /** Not open; the next use opens it. */
        UNLOADED,
        /** Being opened. */
        LOADING,
        /** Open. */
        LOADED,
        /** Being closed. */
        UNLOADING
    }

    /**
     * A model that pipelines lease; immutable.
     *
     * @param id its id
     * @param version its version
     * @param state where it is in its life
     * @param leases how many pipelines lease it
     * @param uses how many steps use it or wait for it
     * @param bytes what it weighs when open, about; 0 if that is not counted
     * @param unused how long it has been open without any use
     */
    public record Model(
            String id, String version, ModelState state, int leases, int uses, long bytes, Duration unused) {}

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
                "%d of %d permits in use, %d waiting (oldest %.1f ms), %d models open (%d MiB), %d sessions, cache %d values %d bytes%n",
                running.size(),
                permits,
                waiting,
                oldestWait.toNanos() / 1e6,
                openModels(),
                modelBytes() >> 20,
                sessions,
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
        for (Model model : models) {
            text.append(String.format(
                    Locale.ROOT,
                    "  model %s %s: %s, %d MiB, %d leases, %d uses%n",
                    model.id(),
                    model.version(),
                    model.state().name().toLowerCase(Locale.ROOT),
                    model.bytes() >> 20,
                    model.leases(),
                    model.uses()));
        }
        return text.toString();
    }
}
