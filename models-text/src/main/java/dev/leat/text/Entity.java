package dev.leat.text;

import static java.util.Objects.requireNonNull;

import dev.leat.guard.Offsets;

/**
 * A stretch of text that names something; immutable.
 *
 * <p>{@code start} and {@code end} count chars (UTF-16) of the text that the stage saw, so that
 * {@code seen.substring(start, end)} is {@code text}. Where a guard removed something before the stage saw the text,
 * {@link #in(Offsets)} gives the places in the text as given.
 *
 * @param text the stretch
 * @param type what it is
 * @param confidence 0 to 1: of names the model's probability, averaged over their words; 1 for what rules find
 * @param start the index of its first char
 * @param end one past its last
 */
public record Entity(String text, EntityType type, double confidence, int start, int end) {

    /** Checks the components. */
    public Entity {
        requireNonNull(text, "text");
        requireNonNull(type, "type");
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException("confidence must be between 0 and 1, was " + confidence);
        }
        if (start < 0 || end <= start) {
            throw new IllegalArgumentException("start and end must be 0 <= start < end, were " + start + ", " + end);
        }
    }

    /**
     * Returns this entity with its places in the text as given.
     *
     * @param offsets the results' {@link dev.leat.Results#offsets()}
     * @return the same text; between its places in the text as given may stand what the guard removed
     */
    public Entity in(Offsets offsets) {
        return new Entity(text, type, confidence, offsets.start(start), offsets.end(end));
    }

    /** Returns type and place: the text may be private. */
    @Override
    public String toString() {
        return "Entity[" + type + ", " + start + ".." + end + "]";
    }
}
