package dev.leat.text;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A topic that texts may have; immutable.
 *
 * @param label its name among the results
 * @param descriptions sentences or word lists that say what such texts are about; at least one. A description beats a
 *     bare name by far (83 against 70 % on AG News)
 */
public record Topic(String label, List<String> descriptions) {

    /** Copies the descriptions. */
    public Topic {
        requireNonNull(label, "label");
        descriptions = List.copyOf(descriptions);
        if (descriptions.isEmpty()) {
            throw new IllegalArgumentException("Topic '" + label + "' needs at least one description");
        }
    }

    /**
     * Returns a topic that is described by its name alone.
     *
     * @param label the name
     * @return the topic
     */
    public static Topic named(String label) {
        return new Topic(label, List.of("This text is about " + label + "."));
    }

    /**
     * Returns a topic.
     *
     * @param label the name
     * @param descriptions what such texts are about
     * @return the topic
     */
    public static Topic of(String label, String... descriptions) {
        return new Topic(label, List.of(descriptions));
    }
}
