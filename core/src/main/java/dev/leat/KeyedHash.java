package dev.leat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Hashes of 128 bits under a key that lives as long as its runtime (HMAC-SHA-256, RFC 2104, cut); thread-safe. */
final class KeyedHash {

    /** A hash. */
    record Digest(long high, long low) {}

    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final Mac keyed;

    KeyedHash() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        try {
            keyed = Mac.getInstance(ALGORITHM);
            keyed.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }

    /** Hashes two texts as a pair. UTF-16, so that lone surrogates differ from each other and from a question mark. */
    Digest of(String scope, String text) {
        Mac mac = copy();
        byte[] first = scope.getBytes(StandardCharsets.UTF_16BE);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(first.length).flip());
        mac.update(first);
        ByteBuffer chars = ByteBuffer.allocate(Math.min(text.length(), 4096) * Character.BYTES);
        for (int from = 0; from < text.length(); from += 4096) {
            chars.clear();
            for (int i = from; i < Math.min(text.length(), from + 4096); i++) {
                chars.putChar(text.charAt(i));
            }
            mac.update(chars.flip());
        }
        ByteBuffer digest = ByteBuffer.wrap(mac.doFinal());
        return new Digest(digest.getLong(), digest.getLong());
    }

    private Mac copy() {
        try {
            return (Mac) keyed.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The platform's " + ALGORITHM + " can be cloned", e);
        }
    }
}
