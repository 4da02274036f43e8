package dev.leat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/**
 * Hashes of 128 bits under a key that lives as long as its runtime (HMAC-SHA-256, RFC 2104, cut); thread-safe.
 *
 * <p>Made of the platform's SHA-256 instead of its {@code Mac}: what that brings along first, the providers of ciphers, is
 * a noticeable part of the time to a program's first answer.
 */
final class KeyedHash {

    /** A hash. */
    record Digest(long high, long low) {}

    private static final int KEY_BYTES = 32;
    private static final int BLOCK_BYTES = 64;
    private static final byte INNER = 0x36;
    private static final byte OUTER = 0x5c;

    private final MessageDigest inner; // has read the key; copied for each use
    private final MessageDigest outer;

    KeyedHash() {
        this(randomKey());
    }

    /** With a key of at most a block. */
    KeyedHash(byte[] key) {
        inner = keyed(key, INNER);
        outer = keyed(key, OUTER);
    }

    private static byte[] randomKey() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    private static MessageDigest keyed(byte[] key, byte pad) {
        byte[] block = new byte[BLOCK_BYTES];
        for (int i = 0; i < BLOCK_BYTES; i++) {
            block[i] = (byte) (pad ^ (i < key.length ? key[i] : 0));
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(block);
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Hashes two texts as a pair. UTF-16, so that lone surrogates differ from each other and from a question mark. */
    Digest of(String scope, String text) {
        MessageDigest digest = copy(inner);
        byte[] first = scope.getBytes(StandardCharsets.UTF_16BE);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(first.length).flip());
        digest.update(first);
        ByteBuffer chars = ByteBuffer.allocate(Math.min(text.length(), 4096) * Character.BYTES);
        for (int from = 0; from < text.length(); from += 4096) {
            chars.clear();
            for (int i = from; i < Math.min(text.length(), from + 4096); i++) {
                chars.putChar(text.charAt(i));
            }
            digest.update(chars.flip());
        }
        MessageDigest second = copy(outer);
        second.update(digest.digest());
        ByteBuffer hash = ByteBuffer.wrap(second.digest());
        return new Digest(hash.getLong(), hash.getLong());
    }

    private static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The platform's SHA-256 can be cloned", e);
        }
    }
}
