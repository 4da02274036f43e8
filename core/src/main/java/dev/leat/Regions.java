package dev.leat;

import static java.util.Objects.requireNonNull;

import dev.leat.spi.ModelReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What differs from region to region: a language, and a configuration of the host's own type; immutable.
 *
 * <p>A run names its region with {@link RunOptions#withRegion}; a run without one, or with one that is not in the map, is
 * of the default region. A stage made by {@link #stage} chooses by region. Where a region has no stage, the outcome is
 * Skipped with {@link Reason#NO_MODEL_FOR_LANGUAGE}: nothing is ever scored by a model of another language.
 *
 * @param <T> the configuration, such as a record of a currency and model choices
 */
public final class Regions<T> {

    private final Map<String, Region<T>> regions;
    private final Region<T> otherwise;

    private Regions(Map<String, Region<T>> regions, Region<T> otherwise) {
        this.regions = regions;
        this.otherwise = otherwise;
    }

    /**
     * One region; immutable.
     *
     * @param <T> the configuration
     * @param name as runs name it
     * @param language a BCP 47 tag such as {@code en} or {@code de-CH}
     * @param configuration the host's own
     */
    public record Region<T>(String name, String language, T configuration) {}

    /** Whether a run is of a region; a record, so that equal choices are one node. */
    private record Names(String region) implements Predicate<RunOptions> {
        @Override
        public boolean test(RunOptions options) {
            return options.region().filter(region::equals).isPresent();
        }
    }

    /** True for no run; a record, so that equal choices are one node. */
    private record Never() implements Predicate<RunOptions> {
        @Override
        public boolean test(RunOptions options) {
            return false;
        }
    }

    /**
     * Begins a map of regions.
     *
     * @param <T> the configuration
     * @return a builder
     */
    public static <T> Builder<T> builder() {
        return new Builder<>();
    }

    /**
     * Returns the region of a run.
     *
     * @param options the run's options
     * @return the named region, or the default one
     */
    public Region<T> of(RunOptions options) {
        return options.region().map(regions::get).orElse(otherwise);
    }

    /**
     * Returns a stage that chooses another one by the run's region.
     *
     * @param <I> the input
     * @param <O> the value
     * @param name the stage's name
     * @param choice from a region's configuration to its stage; empty if there is none for its language
     * @return the stage; its provenance names the region
     * @throws IllegalStateException if a region's stage uses a model that was made for other languages; lists all
     */
    public <I, O> Stage<I, O> stage(
            String name, Function<? super T, Optional<? extends Stage<? super I, ? extends O>>> choice) {
        List<String> mistakes = new ArrayList<>();
        List<Stages.Branch> branches = new ArrayList<>();
        for (Region<T> region : regions.values()) {
            branches.add(
                    new Stages.Branch(region.name(), true, new Names(region.name()), chosen(region, choice, mistakes)));
        }
        Stage<?, ?> last = chosen(otherwise, choice, new ArrayList<>());
        if (!mistakes.isEmpty()) {
            throw new IllegalStateException("Stage '" + name + "': " + String.join("; ", mistakes)
                    + ". Choose models of the region's language, or none.");
        }
        return new Stages.Case<>(new Stages.Named(name, new Stages.Case<>(new Stages.Choice(branches, last))));
    }

    private static <T, I, O> Stage<?, ?> chosen(
            Region<T> region,
            Function<? super T, Optional<? extends Stage<? super I, ? extends O>>> choice,
            List<String> mistakes) {
        Stage<?, ?> stage = choice.apply(region.configuration()).orElse(null);
        if (stage == null) {
            return Stage.constant(region.language()).whenOptions(Reason.NO_MODEL_FOR_LANGUAGE, new Never());
        }
        Stages.steps(stage)
                .flatMap(step -> step.facts().models().stream())
                .distinct()
                .forEach(model -> {
                    if (!speaks(model, region.language())) {
                        mistakes.add("region '" + region.name() + "' has language " + region.language()
                                + ", but model '" + model.id() + "' is for " + model.languages());
                    }
                });
        return stage;
    }

    private static boolean speaks(ModelReference<?> model, String language) {
        Set<String> languages = model.languages();
        String primary = Locale.forLanguageTag(language).getLanguage();
        return languages.isEmpty()
                || languages.stream()
                        .anyMatch(
                                tag -> Locale.forLanguageTag(tag).getLanguage().equals(primary));
    }

    /** Returns the names of the regions. */
    @Override
    public String toString() {
        return "Regions" + regions.keySet();
    }

    /**
     * Builds a map of regions; confined to one thread.
     *
     * @param <T> the configuration
     */
    public static final class Builder<T> {
        private final Map<String, Region<T>> regions = new LinkedHashMap<>();
        private final List<String> mistakes = new ArrayList<>();
        private @Nullable String otherwise;

        private Builder() {}

        /**
         * Adds a region.
         *
         * @param name as runs name it
         * @param language a BCP 47 tag
         * @param configuration the host's own
         * @return this
         */
        public Builder<T> region(String name, String language, T configuration) {
            requireNonNull(configuration, "configuration");
            if (Locale.forLanguageTag(language).getLanguage().isEmpty()) {
                mistakes.add("'" + language + "' of region '" + name + "' is no language tag such as en or de-CH");
            }
            if (regions.put(name, new Region<>(name, language, configuration)) != null) {
                mistakes.add("region '" + name + "' is given twice");
            }
            return this;
        }

        /**
         * Names the region of runs that name none, or one that is not in the map.
         *
         * @param name one of the regions
         * @return this
         */
        public Builder<T> otherwise(String name) {
            if (otherwise != null) {
                throw new IllegalStateException("otherwise is set already, to '" + otherwise + "'");
            }
            otherwise = requireNonNull(name, "name");
            return this;
        }

        /**
         * Returns the map.
         *
         * @return immutable
         * @throws IllegalStateException if a region is wrong or the default is missing; lists all mistakes
         */
        public Regions<T> build() {
            Region<T> last = otherwise == null ? null : regions.get(otherwise);
            List<String> all = new ArrayList<>(mistakes);
            if (last == null) {
                all.add("the default is missing: name one of " + regions.keySet() + " with otherwise(..)");
            }
            if (last == null || !all.isEmpty()) {
                throw new IllegalStateException("Regions: " + String.join("; ", all));
            }
            return new Regions<>(new LinkedHashMap<>(regions), last);
        }
    }
}
