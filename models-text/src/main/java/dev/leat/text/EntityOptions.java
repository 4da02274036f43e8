package dev.leat.text;

import static java.util.Objects.requireNonNull;

import java.util.EnumSet;
import java.util.Set;

/**
 * Which entities are looked for, and how; immutable.
 *
 * @param tier which model finds names
 * @param strategy how word pieces become names
 * @param threshold names of less confidence are left out, 0 to 1
 * @param types what is looked for
 * @param region whose telephone numbers are understood without a country code, ISO 3166 such as {@code US}
 */
public record EntityOptions(
        Tier tier, AggregationStrategy strategy, double threshold, Set<EntityType> types, String region) {

    /** The region of telephone numbers unless set otherwise. */
    public static final String DEFAULT_REGION = "US";

    /** Checks and copies the components. */
    public EntityOptions {
        requireNonNull(tier, "tier");
        requireNonNull(strategy, "strategy");
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("threshold must be between 0 and 1, was " + threshold);
        }
        if (types.isEmpty()) {
            throw new IllegalArgumentException("types must name at least one type");
        }
        types = Set.copyOf(types);
        if (!region.matches("[A-Z]{2}")) {
            throw new IllegalArgumentException("region must be two capital letters such as US, was '" + region + "'");
        }
    }

    /** Builds options; confined to one thread. */
    public static final class Builder {
        private Tier tier = Tier.FAST;
        private AggregationStrategy strategy = AggregationStrategy.FIRST;
        private double threshold;
        private Set<EntityType> types = EnumSet.allOf(EntityType.class);
        private String region = DEFAULT_REGION;

        Builder() {}

        /**
         * Sets which model finds names.
         *
         * @param tier default {@link Tier#FAST}; {@link Tier#ACCURATE} costs about a sixth of an encoder run more
         * @return this
         */
        public Builder tier(Tier tier) {
            this.tier = requireNonNull(tier, "tier");
            return this;
        }

        /**
         * Sets how word pieces become names.
         *
         * @param strategy default {@link AggregationStrategy#FIRST}
         * @return this
         */
        public Builder strategy(AggregationStrategy strategy) {
            this.strategy = requireNonNull(strategy, "strategy");
            return this;
        }

        /**
         * Leaves out names of less confidence.
         *
         * @param confidence 0 to 1; default 0: all names that decoding finds, which is what the measured figures are of
         * @return this
         */
        public Builder threshold(double confidence) {
            threshold = confidence;
            return this;
        }

        /**
         * Sets what is looked for. Without a name type no model is needed, without other types no rule runs.
         *
         * @param types at least one; default all
         * @return this
         */
        public Builder types(EntityType... types) {
            EnumSet<EntityType> set = EnumSet.noneOf(EntityType.class);
            for (EntityType type : types) {
                set.add(requireNonNull(type, "type"));
            }
            this.types = set;
            return this;
        }

        /**
         * Sets whose telephone numbers are understood without a country code.
         *
         * @param region ISO 3166 code; default {@value EntityOptions#DEFAULT_REGION}
         * @return this
         */
        public Builder region(String region) {
            this.region = requireNonNull(region, "region");
            return this;
        }

        EntityOptions build() {
            return new EntityOptions(tier, strategy, threshold, types, region);
        }
    }
}
