package dev.leat;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Where an outcome came from; immutable, without content.
 *
 * @param origin what made the value
 * @param delivery how this caller came by it
 * @param models the models that took part, in order of use, without repetition
 * @param timings where the time went, summed over the steps below this stage
 * @param facts counts that say what was done to the input, such as {@code windows} or {@code tokens}
 * @param hops fallbacks, routes and escalations on the way, in order
 */
public record Provenance(
        Origin origin,
        Delivery delivery,
        List<ModelIdentity> models,
        Timings timings,
        Map<String, Long> facts,
        List<Reason> hops) {

    /** The fact that says how many items the largest call had in which this one was computed; absent if it was alone. */
    public static final String BATCH_ITEMS = "batchItems";

    /** What made a value. */
    public enum Origin {
        /** A model. */
        MODEL,
        /** A rule of the library's own. */
        RULE,
        /** A function of the user's, or a constant. */
        FUNCTION
    }

    /** How a caller came by a value. */
    public enum Delivery {
        /** It was computed for this run. */
        COMPUTED,
        /** Its dearest step was under way for another demand, and joined. */
        SHARED,
        /** It came from the cache. */
        CACHED
    }

    /**
     * Which model took part.
     *
     * @param id the model's id
     * @param version its version
     * @param digest SHA-256 of its main file, lower-case hexadecimal
     */
    public record ModelIdentity(String id, String version, String digest) {
        /** Checks the components. */
        public ModelIdentity {
            requireNonNull(id, "id");
            requireNonNull(version, "version");
            requireNonNull(digest, "digest");
        }
    }

    /**
     * Where the time went.
     *
     * @param queue waiting for a thread
     * @param tokenize text to token ids
     * @param pre input to tensors
     * @param infer the models' forward passes
     * @param post tensors to values
     */
    public record Timings(Duration queue, Duration tokenize, Duration pre, Duration infer, Duration post) {
        /** Checks the components. */
        public Timings {
            requireNonNull(queue, "queue");
            requireNonNull(tokenize, "tokenize");
            requireNonNull(pre, "pre");
            requireNonNull(infer, "infer");
            requireNonNull(post, "post");
        }
    }

    /** Checks the components. */
    public Provenance {
        requireNonNull(origin, "origin");
        requireNonNull(delivery, "delivery");
        models = List.copyOf(models);
        requireNonNull(timings, "timings");
        facts = Map.copyOf(facts);
        hops = List.copyOf(hops);
    }
}
