package dev.leat.model;

import dev.leat.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One model's files, each checked against the size and SHA-256 in {@code model.json} whenever it is handed out.
 *
 * <p>Immutable and thread-safe; holds no open file. Only files that {@code model.json} lists can be read, and none
 * outside the folder. Two folders are equal when their descriptors are, wherever they lie.
 *
 * <p>The check reads the whole file each time (about 0.1 s for 36 MB without SHA instructions, a third of that with
 * them) instead of trusting a note of an earlier check: only reading finds a bad disk, and it fetches the pages that
 * the runtime is about to map.
 */
public abstract sealed class ModelFolder permits DirectoryFolder, HubFolder, PackedFolder {

    private final ModelDescriptor descriptor;
    private final int
            hash; // of the descriptor, once: each run asks for it, and JSON hashes its numbers by parsing them

    ModelFolder(ModelDescriptor descriptor) {
        this.descriptor = descriptor;
        this.hash = descriptor.hashCode();
    }

    /**
     * Returns the model's id.
     *
     * @return as in its {@code model.json}
     */
    public final String id() {
        return descriptor.id();
    }

    /**
     * Returns what the model says about itself.
     *
     * @return its {@code model.json}
     */
    public final ModelDescriptor descriptor() {
        return descriptor;
    }

    /**
     * Returns a file on disk that may be mapped into memory, its size and digest just checked.
     *
     * @param file a name that {@code model.json} lists
     * @return its path; files of one model lie beside each other as in the folder. Empty if the file is inside a jar
     *     and the cache directory cannot be used: read its {@link #bytes} then
     * @throws ModelLoadException if it is missing, damaged, not listed or outside the folder
     */
    public abstract Optional<Path> path(String file);

    /**
     * Returns a file's content, its size and digest checked.
     *
     * @param file a name that {@code model.json} lists
     * @return its bytes; the caller owns them
     * @throws ModelLoadException if it is missing, damaged, not listed, outside the folder or larger than 2 GB
     */
    public final byte[] bytes(String file) {
        ModelFile expected = descriptor.file(file);
        if (expected.bytes() > Integer.MAX_VALUE - 8) {
            throw failed(
                    "File '" + file + "' is too large to be read into memory (" + expected.bytes()
                            + " bytes). Give the model as a folder on disk, or mend the cache directory.",
                    null);
        }
        byte[] bytes;
        try (InputStream in = open(file)) {
            bytes = in.readNBytes((int) expected.bytes() + 1);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        if (bytes.length != expected.bytes()) {
            throw damaged(file, expected, (bytes.length > expected.bytes() ? "more" : bytes.length) + " bytes");
        }
        MessageDigest digest = Digests.sha256();
        digest.update(bytes);
        String found = Digests.hex(digest);
        if (!found.equals(expected.sha256())) {
            throw damaged(file, expected, "SHA-256 " + found);
        }
        return bytes;
    }

    /**
     * Returns a file's content as text, its size and digest checked.
     *
     * @param file a name that {@code model.json} lists
     * @return its bytes read as UTF-8
     * @throws ModelLoadException as {@link #bytes}
     */
    public final String text(String file) {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }

    /** Opens a listed file as it lies at its origin, unchecked. */
    abstract InputStream open(String file) throws IOException;

    /** Returns the folder's place, for messages. */
    abstract String where();

    final ModelLoadException failed(String what, @Nullable Throwable cause) {
        return new ModelLoadException(id(), "Model '" + id() + "': " + what, cause);
    }

    final ModelLoadException unreadable(String file, IOException cause) {
        return failed(
                "cannot read '" + file + "' in " + where() + " ("
                        + cause.getClass().getSimpleName() + "). Restore the file, or make it readable.",
                cause);
    }

    final ModelLoadException damaged(String file, ModelFile expected, String found) {
        return failed(
                "'" + file + "' in " + where() + " is damaged: expected " + expected.bytes() + " bytes with SHA-256 "
                        + expected.sha256() + ", found " + found
                        + ". Fetch the file again, or, if you changed it on purpose, put its size and digest into "
                        + ModelDescriptor.FILE + ".",
                null);
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof ModelFolder that && hash == that.hash && descriptor.equals(that.descriptor);
    }

    @Override
    public final int hashCode() {
        return hash;
    }

    @Override
    public final String toString() {
        return "ModelFolder[" + id() + " in " + where() + "]";
    }

    /** Reads a {@code model.json}, which has no digest of its own, up to a size that no honest one has. */
    static byte[] readDescriptor(String id, InputStream in, String where) throws IOException {
        int limit = 4 * 1024 * 1024;
        byte[] bytes = in.readNBytes(limit + 1);
        if (bytes.length > limit) {
            throw new ModelLoadException(
                    id, "Model '" + id + "': " + where + " has more than " + limit + " bytes. Replace the file.");
        }
        return bytes;
    }
}
