package dev.leat.text;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What moderation flags; immutable.
 *
 * @param thresholds by category, where they differ from the model's
 * @param off categories that never flag; their scores are given nevertheless
 * @param failClosed whether a text that cannot be examined is flagged
 */
public record ModerationOptions(Map<String, Double> thresholds, Set<String> off, boolean failClosed) {

    /** The categories that there are. */
    public static final List<String> CATEGORIES =
            List.of("toxic", "hate", "offensive", "profanity", "contact", "secret");

    /** Copies and checks the components. */
    public ModerationOptions {
        thresholds = Map.copyOf(thresholds);
        off = Set.copyOf(off);
        thresholds.keySet().forEach(ModerationOptions::requireKnown);
        off.forEach(ModerationOptions::requireKnown);
        thresholds.forEach((category, threshold) -> {
            if (!(threshold > 0 && threshold <= 1)) {
                throw new IllegalArgumentException(
                        "the threshold of '" + category + "' must be above 0 and at most 1, was " + threshold
                                + "; off(..) makes a category never flag");
            }
        });
        for (String category : thresholds.keySet()) {
            if (off.contains(category)) {
                throw new IllegalArgumentException("'" + category + "' has a threshold and is off");
            }
        }
    }

    private static void requireKnown(String category) {
        if (!CATEGORIES.contains(category)) {
            throw new IllegalArgumentException(
                    "unknown category '" + category + "'; known are " + String.join(", ", CATEGORIES));
        }
    }

    /** Builds options; confined to one thread. */
    public static final class Builder {
        private final Map<String, Double> thresholds = new TreeMap<>();
        private final Set<String> off = new HashSet<>();
        private boolean failClosed = true;

        Builder() {}

        /**
         * Sets the score from which a category flags a text.
         *
         * @param category one of {@link ModerationOptions#CATEGORIES}
         * @param threshold above 0, at most 1; default: what the model's description states, 0.5 for rules
         * @return this
         */
        public Builder threshold(String category, double threshold) {
            thresholds.put(requireNonNull(category, "category"), threshold);
            return this;
        }

        /**
         * Makes a category never flag a text.
         *
         * @param category one of {@link ModerationOptions#CATEGORIES}
         * @return this
         */
        public Builder off(String category) {
            off.add(requireNonNull(category, "category"));
            return this;
        }

        /**
         * Makes a text that cannot be examined a failure; without this it is flagged
         * ({@link TextModeration#unavailable()}, Degraded).
         *
         * @return this
         */
        public Builder failWhenUnavailable() {
            failClosed = false;
            return this;
        }

        ModerationOptions build() {
            return new ModerationOptions(thresholds, off, failClosed);
        }
    }
}
