package dev.leat.spi;

/**
 * A value that knows a key of its content, so that equal work on equal content is found wherever it comes from.
 *
 * <p>Strings have one by themselves; pictures implement this.
 */
public interface ContentKeyed {

    /**
     * Returns the key of this value's content.
     *
     * @return immutable, with value equality; equal only for equal content (at least 128 bits of a strong hash). A
     *     {@link ContentDigest} is kept beyond a run as a keyed hash of itself, anything else as it is
     */
    Object contentKey();
}
