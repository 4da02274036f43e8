package dev.leat.text;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A topic that texts may have; immutable.
 *
 * @param label its name among the results
 * @param descriptions sentences or word lists that say what such texts are about; at least one. A description beats a
 *     bare name by far (see docs/quality.md for figures)
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

    /** What a bare name is put into; the mean of several sentences says more of a topic than any one of them. */
    private static final List<String> TEMPLATES =
            List.of("%s", "The topic is %s.", "An example of %s.", "A text about %s.", "This is an article about %s.");

    /**
     * Returns a topic that is described by its name alone, put into a handful of sentences.
     *
     * @param label the name
     * @return the topic
     */
    public static Topic named(String label) {
        requireNonNull(label, "label");
        return new Topic(
                label,
                TEMPLATES.stream()
                        .map(template -> template.replace("%s", label))
                        .toList());
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
