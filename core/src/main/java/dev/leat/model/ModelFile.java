package dev.leat.model;

import static java.util.Objects.requireNonNull;

/**
 * What {@code model.json} says about one file of a model; immutable.
 *
 * @param bytes its exact size
 * @param sha256 its SHA-256, 64 lower-case hexadecimal digits
 */
public record ModelFile(long bytes, String sha256) {

    /** Checks the components. */
    public ModelFile {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes must not be negative, was " + bytes);
        }
        requireNonNull(sha256, "sha256");
        if (!Digests.isSha256(sha256)) {
            throw new IllegalArgumentException("sha256 must be 64 lower-case hexadecimal digits");
        }
    }
}
