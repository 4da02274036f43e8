package dev.leat.vision;

import static java.util.Objects.requireNonNull;

import dev.leat.InvalidInputException;
import dev.leat.spi.ContentDigest;
import dev.leat.spi.ContentKeyed;
import dev.leat.vision.image.Bitmap;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A picture as the bytes of its file, not yet decoded; immutable, equal when its bytes are.
 *
 * <p>Whatever it is made of is read or copied once, when it is made.
 */
public final class Image implements ContentKeyed {

    /** The most bytes that are ever read from a file: 256 MiB. A guard usually allows less. */
    public static final long MAX_BYTES = 256L << 20;

    private final byte[] bytes;
    private final boolean fromPixels;
    private volatile @Nullable ContentDigest key;

    private Image(byte[] bytes, boolean fromPixels) {
        this.bytes = bytes;
        this.fromPixels = fromPixels;
    }

    /**
     * Returns a picture.
     *
     * @param bytes a file's content; copied
     * @return the picture; nothing is checked yet
     */
    public static Image of(byte[] bytes) {
        return new Image(requireNonNull(bytes, "bytes").clone(), false);
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
            return new Image(Files.readAllBytes(file), false);
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
     * Copies a picture's file from a buffer.
     *
     * @param bytes from its position to its limit; the position stays as it is
     * @return the picture; nothing is checked yet
     */
    public static Image of(ByteBuffer bytes) {
        byte[] copy = new byte[requireNonNull(bytes, "bytes").remaining()];
        bytes.duplicate().get(copy);
        return new Image(copy, false);
    }

    /**
     * Reads a picture's file from a stream, to its end.
     *
     * @param in a stream; stays open
     * @return the picture; its content is not checked yet
     * @throws InvalidInputException if the stream cannot be read ({@code unreadable}) or holds more than
     *     {@link #MAX_BYTES} ({@code too-many-bytes})
     */
    public static Image of(InputStream in) {
        requireNonNull(in, "in");
        try {
            byte[] bytes = in.readNBytes((int) MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new InvalidInputException(
                        "too-many-bytes", "The stream has more than " + MAX_BYTES + " bytes, which are allowed");
            }
            return new Image(bytes, false);
        } catch (IOException e) {
            throw new InvalidInputException(
                    "unreadable", "The stream cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    /**
     * Copies a picture that is decoded already: opaque, alpha blended onto white. A guard counts its pixels, not its
     * bytes.
     *
     * @param picture of any type; other colours than RGB and grey are converted to sRGB
     * @return the picture, as an uncompressed bitmap
     */
    public static Image of(BufferedImage picture) {
        return new Image(Bitmap.of(requireNonNull(picture, "picture")), true);
    }

    /** Whether it was made from pixels, so that the number of its bytes says nothing. */
    boolean fromPixels() {
        return fromPixels;
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
        ContentDigest known = key;
        if (known == null) {
            known = ContentDigest.of(bytes);
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
