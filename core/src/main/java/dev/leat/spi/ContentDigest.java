package dev.leat.spi;

import static java.util.Objects.requireNonNull;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A strong hash as the key of a value's content; immutable.
 *
 * <p>Where a key outlives a run, the runtime hashes this hash once more, under the key that it drew at its start, as it
 * does with texts: nobody who sees such a key can tell whose content it is.
 *
 * @param sha256 lower-case hexadecimal
 */
public record ContentDigest(String sha256) {

    /** Checks the component. */
    public ContentDigest {
        requireNonNull(sha256, "sha256");
    }

    /**
     * Hashes bytes.
     *
     * @param content only read
     * @return their SHA-256
     */
    public static ContentDigest of(byte[] content) {
        try {
            return new ContentDigest(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Returns that it is a hash, not which: it tells whether two contents are the same. */
    @Override
    public String toString() {
        return "ContentDigest[SHA-256]";
    }
}
