package dev.leat.vision;

import static java.util.Objects.requireNonNull;

import dev.leat.InvalidInputException;
import dev.leat.spi.ContentKeyed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A picture as the bytes of its file, not yet decoded; immutable, equal when its bytes are. */
public final class Image implements ContentKeyed {

    /** The most bytes that are ever read from a file: 256 MiB. A guard usually allows less. */
    public static final long MAX_BYTES = 256L << 20;

    private final byte[] bytes;
    private volatile @Nullable Key key;

    private record Key(String sha256) {}

    private Image(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Returns a picture.
     *
     * @param bytes a file's content; copied
     * @return the picture; nothing is checked yet
     */
    public static Image of(byte[] bytes) {
        return new Image(requireNonNull(bytes, "bytes").clone());
    }

    /**
     * Reads a picture.
     *
     * @param file a file
     * @return the picture; its content is not checked yet
     * @throws InvalidInputException if the file cannot be read ({@code not-found}, {@code no-permission},
     *     {@code no-file}, {@code unreadable}) or is larger than {@link #MAX_BYTES} ({@code too-many-bytes})
     */
    public static Image of(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new InvalidInputException("no-file", "The path is a directory; give a picture's file");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new InvalidInputException(
                        "too-many-bytes", "The file has " + Files.size(file) + " bytes, allowed are " + MAX_BYTES);
            }
            return new Image(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new InvalidInputException("not-found", "There is no such file; check the path", e);
        } catch (AccessDeniedException e) {
            throw new InvalidInputException("no-permission", "The file must not be read by this user", e);
        } catch (IOException e) {
            throw new InvalidInputException(
                    "unreadable", "The file cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    /**
     * Returns the number of bytes.
     *
     * @return not negative
     */
    public int size() {
        return bytes.length;
    }

    /**
     * Returns the bytes.
     *
     * @return a copy; the caller owns it
     */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /**
     * Returns the bytes as a stream, which copies nothing.
     *
     * @return from the first byte
     */
    public InputStream open() {
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public Object contentKey() {
        Key known = key;
        if (known == null) {
            try {
                known = new Key(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every Java platform has SHA-256", e);
            }
            key = known;
        }
        return known;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Image that && contentKey().equals(that.contentKey());
    }

    @Override
    public int hashCode() {
        return contentKey().hashCode();
    }

    /** Returns the number of bytes. */
    @Override
    public String toString() {
        return "Image[" + bytes.length + " bytes]";
    }
}
