package dev.leat.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32;

/** SHA-256 of files and bytes, as lower-case hexadecimal. */
final class Digests {

    static final int BUFFER_BYTES = 256 * 1024;

    private Digests() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java platform has SHA-256; this is a bug", e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    static String sha256(byte[] bytes) {
        MessageDigest digest = sha256();
        digest.update(bytes);
        return hex(digest);
    }

    static String sha256(Path file) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return hex(digest);
    }

    /**
     * Returns a file's CRC-32. The platform computes it at full speed from the first call on, SHA-256 only once that is
     * compiled, which is late in a program's start.
     */
    static long crc32(Path file) throws IOException {
        CRC32 sum = new CRC32();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sum.update(buffer, 0, read);
            }
        }
        return sum.getValue();
    }

    static boolean isSha256(String text) {
        boolean is = text.length() == 64;
        for (int i = 0; is && i < text.length(); i++) {
            char c = text.charAt(i);
            is = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        }
        return is;
    }
}
