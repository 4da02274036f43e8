package dev.leat.model;

import static java.util.Objects.requireNonNull;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory into which weights and native libraries inside jars are unpacked once, so that they can be mapped into
 * memory.
 *
 * <p>Thread-safe, and safe to share between processes. Where the directory cannot be used (read-only, full, a link, or
 * not the user's own), nothing is unpacked, weights are read into memory instead, and one warning says why.
 */
public final class ModelCache {

    /*
     * Layout: <directory>/models/<digest of the model's files>/<file>, one <digest>.lock beside each folder;
     * <directory>/libraries/<digest of names, lengths and CRC-32s>/<file> likewise.
     *
     * A file is written under a temporary name, digested while it is written, forced to disk and renamed: under its
     * final name it is whole or absent. Its CRC-32 is then kept beside it, in ".<file>.crc32". Each time it is asked for
     * it is compared with that, which is quick, and digested again if they differ or there is none; it is replaced if
     * it is not what model.json says. Correctness rests on that alone; the lock only keeps two JVMs from doing the work
     * twice.
     *
     * Safety: every directory is ours, no link, and not writable by others (created 0700); checked before each use.
     * What others cannot write, they cannot exchange between our check and the mapping.
     *
     * Cleaning: each use of a folder touches its file ".used". After something was unpacked (as a new version does),
     * folders that nobody used for a month are deleted, under their lock. "Nobody used" is told by the file system's
     * own clock. A month, not at once: two applications with two versions on one machine shall not fight. A process that
     * mapped such a file keeps it (POSIX) or keeps it from being deleted (Windows).
     */

    /** The system property that names the directory. */
    public static final String DIRECTORY_PROPERTY = "leat.cacheDir";

    private static final Logger LOG = LoggerFactory.getLogger(ModelCache.class);
    private static final Duration UNUSED = Duration.ofDays(30);
    private static final String USED = ".used";
    private static final String TEMPORARY = ".unpacking-";

    private static final ModelCache STANDARD = new ModelCache(() -> directory(System::getenv, System::getProperty));

    private final Directory directory;
    private final AtomicBoolean warned = new AtomicBoolean();

    private ModelCache(Directory directory) {
        this.directory = directory;
    }

    /**
     * Returns the cache in the directory that the system property {@value #DIRECTORY_PROPERTY} names, else in the
     * user's cache directory.
     *
     * <p>That is {@code leat} in {@code XDG_CACHE_HOME} or {@code ~/.cache} on Linux, in {@code ~/Library/Caches} on
     * macOS, in {@code %LOCALAPPDATA%} on Windows.
     *
     * @return always the same; the property is read at each use
     */
    public static ModelCache standard() {
        return STANDARD;
    }

    /**
     * Returns a cache in a directory of the caller's choice.
     *
     * @param directory created for the user alone if it does not exist; else it must be the user's own, no link, and
     *     not writable by others
     * @return a new cache
     * @throws IllegalArgumentException if the directory belongs to another file system than the default one
     */
    public static ModelCache at(Path directory) {
        if (directory.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException("directory must belong to the default file system, was of "
                    + directory.getFileSystem().provider().getScheme());
        }
        Path absolute = directory.toAbsolutePath().normalize();
        return new ModelCache(() -> absolute);
    }

    /**
     * Returns a cache that keeps nothing: weights are read into memory, which takes longer and more memory.
     *
     * @return a cache that never touches the disk and never warns
     */
    public static ModelCache none() {
        ModelCache none = new ModelCache(() -> null);
        none.warned.set(true);
        return none;
    }

    /** Returns the standard directory, or null if neither property, environment nor home names one. */
    static @Nullable Path directory(Lookup environment, Lookup property) {
        String set = property.value(DIRECTORY_PROPERTY);
        if (set != null && !set.isBlank()) {
            return Path.of(set).toAbsolutePath().normalize();
        }
        Path home = absolute(property.value("user.home"));
        String os = requireNonNull(property.value("os.name"), "os.name").toLowerCase(Locale.ROOT);
        Path base;
        if (os.contains("win")) {
            Path local = absolute(environment.value("LOCALAPPDATA"));
            base = local != null ? local : below(home, "AppData/Local");
        } else if (os.contains("mac")) {
            base = below(home, "Library/Caches");
        } else {
            Path xdg = absolute(environment.value("XDG_CACHE_HOME"));
            base = xdg != null ? xdg : below(home, ".cache");
        }
        return below(base, "leat");
    }

    private static @Nullable Path below(@Nullable Path base, String name) {
        return base == null ? null : base.resolve(name);
    }

    /** Returns the path if there is one and it is absolute; containers without a user have {@code ?} as home. */
    private static @Nullable Path absolute(@Nullable String path) {
        if (path == null || path.isBlank() || !Path.of(path).isAbsolute()) {
            return null;
        }
        return Path.of(path);
    }

    /**
     * Returns a folder on disk with native libraries from a jar, unpacking them if need be, so that a start need not.
     *
     * <p>They are unpacked again if their length or CRC-32 is not what the jar says.
     *
     * @param owner a class of the jar
     * @param folder where in the jar the libraries lie, ending with a slash
     * @param names what may lie there
     * @return empty if the class comes from no jar, if nothing or something else lies there too, or if the disk does not
     *     serve: cannot be written, or does not let programs run
     */
    public Optional<Path> libraries(Class<?> owner, String folder, Set<String> names) {
        Path root = directory.path();
        if (root == null) {
            return Optional.empty();
        }
        try (PackedLibraries packed = PackedLibraries.of(owner, folder)) { // null: closed by nobody
            if (packed == null || !packed.areAmong(names)) {
                return Optional.empty();
            }
            Path libraries = own(root, "libraries");
            return place(packed, libraries, libraries.resolve(packed.digest()));
        } catch (IOException e) {
            LOG.debug("No libraries in the cache directory: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Path> place(PackedLibraries packed, Path libraries, Path entry) throws IOException {
        boolean unpacked = false;
        try (FolderLock lock = lock(entry)) {
            OwnDirectory.require(entry);
            for (ZipEntry library : packed.entries()) {
                Path target = entry.resolve(PackedLibraries.name(library));
                if (!PackedLibraries.isRight(target, library)) {
                    if (lock != null) {
                        deleteLeftovers(entry);
                    }
                    unpack(packed, library, target);
                    unpacked = true;
                }
                if (!Files.isExecutable(target)) {
                    LOG.debug("{} does not let programs run", entry); // mounted with noexec
                    return Optional.empty();
                }
            }
            touch(entry);
        }
        if (unpacked) {
            clean(libraries, entry);
        }
        return Optional.of(entry);
    }

    private static void unpack(PackedLibraries packed, ZipEntry library, Path target) throws IOException {
        write(target, temporary -> {
            try (InputStream in = packed.open(library);
                    FileOutputStream out = new FileOutputStream(temporary.toFile())) {
                in.transferTo(out);
                out.getFD().sync();
            }
            boolean unused = temporary.toFile().setExecutable(true);
            if (!PackedLibraries.isRight(temporary, library)) {
                throw new IOException(library.getName() + " does not unpack to what its jar says");
            }
        });
    }

    private static Path own(Path root, String name) throws IOException {
        Path directory = root.resolve(name);
        OwnDirectory.require(root);
        OwnDirectory.require(directory);
        return directory;
    }

    /** Returns a file of the folder on disk, unpacking it if need be; empty if the disk does not serve. */
    Optional<Path> place(PackedFolder folder, String file) {
        try {
            Path root = directory.path();
            if (root == null) {
                warn("no directory is known", "set -D" + DIRECTORY_PROPERTY);
                return Optional.empty();
            }
            Path models = own(root, "models");
            Path entry = models.resolve(folder.descriptor().filesDigest());
            return Optional.of(place(folder, file, models, entry));
        } catch (IOException e) {
            // The message of an IOException names paths, never content.
            warn(e.getClass().getSimpleName() + ": " + e.getMessage(), "mend that, or set -D" + DIRECTORY_PROPERTY);
            return Optional.empty();
        }
    }

    private Path place(PackedFolder folder, String file, Path models, Path entry) throws IOException {
        ModelFile expected = folder.descriptor().file(file);
        Path target = entry.resolve(file);
        // Without a lock file (a read-only disk) what is there and right can still be used.
        try (FolderLock lock = lock(entry)) { // null: closed by nobody
            if (isRight(target, expected)) {
                touch(entry);
                return target;
            }
            OwnDirectory.require(entry);
            for (Path parent = target.getParent();
                    parent != null && !parent.equals(entry);
                    parent = parent.getParent()) {
                OwnDirectory.require(parent);
            }
            if (lock != null) {
                deleteLeftovers(requireNonNull(target.getParent(), "parent"));
            }
            unpack(folder, file, expected, target);
            keepSum(target, sum(target, expected));
            touch(entry);
        }
        clean(models, entry);
        return target;
    }

    private static @Nullable FolderLock lock(Path entry) {
        try {
            return FolderLock.acquire(lockFile(entry));
        } catch (IOException e) {
            LOG.debug("No lock on {}: {}", entry, e.getClass().getSimpleName());
            return null;
        }
    }

    private static Path lockFile(Path entry) {
        return entry.resolveSibling(entry.getFileName() + ".lock");
    }

    private boolean isRight(Path target, ModelFile expected) throws IOException {
        Path parent = target.getParent();
        if (parent == null || !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        OwnDirectory.require(parent);
        try {
            if (Files.size(target) == expected.bytes()) {
                String sum = sum(target, expected);
                if (sum.equals(keptSum(target))) {
                    return true;
                }
                if (Digests.sha256(target).equals(expected.sha256())) {
                    keepSum(target, sum);
                    return true;
                }
            }
        } catch (NoSuchFileException e) {
            return false; // cleaned by another process at this moment
        }
        LOG.warn("{} was damaged or changed; it is unpacked again", target);
        return false;
    }

    /** Tells a file of this digest that was unpacked from one that has changed since. */
    private static String sum(Path target, ModelFile expected) throws IOException {
        return expected.sha256() + ' ' + Long.toHexString(Digests.crc32(target));
    }

    private static Path sumFile(Path target) {
        return target.resolveSibling("." + target.getFileName() + ".crc32");
    }

    private static String keptSum(Path target) {
        Path file = sumFile(target);
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            LOG.debug("{} cannot be read: {}", file, e.getClass().getSimpleName());
            return "";
        }
    }

    private static void keepSum(Path target, String sum) {
        try {
            write(sumFile(target), temporary -> Files.writeString(temporary, sum));
        } catch (IOException e) {
            LOG.debug("{} cannot be written: {}", sumFile(target), e.getClass().getSimpleName()); // a read-only disk
        }
    }

    /** Writes a file beside its place and renames it. */
    private static void write(Path target, Content content) throws IOException {
        Path temporary = target.resolveSibling(TEMPORARY + UUID.randomUUID());
        try {
            content.write(temporary);
            move(temporary, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void unpack(PackedFolder folder, String file, ModelFile expected, Path target) throws IOException {
        write(target, temporary -> {
            MessageDigest digest = Digests.sha256();
            long written = 0;
            try (InputStream in = opened(folder, file);
                    FileOutputStream out = new FileOutputStream(temporary.toFile())) {
                byte[] buffer = new byte[Digests.BUFFER_BYTES];
                int read;
                // Reading and writing fail differently: a jar that cannot be read is an error, a full disk is not.
                while ((read = read(folder, file, in, buffer)) >= 0 && written <= expected.bytes()) {
                    out.write(buffer, 0, read);
                    digest.update(buffer, 0, read);
                    written += read;
                }
                out.getFD().sync();
            }
            String found = Digests.hex(digest);
            if (written != expected.bytes() || !found.equals(expected.sha256())) {
                throw folder.damaged(
                        file,
                        expected,
                        written > expected.bytes() ? "more bytes" : written + " bytes with SHA-256 " + found);
            }
        });
        force(requireNonNull(target.getParent(), "parent"));
    }

    private static InputStream opened(PackedFolder folder, String file) {
        try {
            return folder.open(file);
        } catch (IOException e) {
            throw folder.unreadable(file, e);
        }
    }

    private static int read(PackedFolder folder, String file, InputStream in, byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw folder.unreadable(file, e);
        }
    }

    private static void move(Path temporary, Path target) throws IOException {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("the file system cannot rename a file within " + target.getParent(), e);
        }
    }

    /** Forces the rename to disk where directories can be opened (not on Windows); without it only work is lost. */
    private static void force(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            LOG.debug("{} cannot be forced to disk: {}", directory, e.getClass().getSimpleName());
        }
    }

    /** Deletes what a killed process left; called under the lock, so nobody is writing there. */
    private static void deleteLeftovers(Path directory) throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory, TEMPORARY + "*")) {
            for (Path each : leftovers) {
                Files.deleteIfExists(each);
            }
        }
    }

    private static void touch(Path entry) {
        try {
            Files.write(entry.resolve(USED), new byte[1]);
        } catch (IOException e) {
            LOG.debug("{} cannot be marked as used: {}", entry, e.getClass().getSimpleName());
        }
    }

    /** Deletes folders that nobody used for a month. Whatever cannot be deleted is left to the next time. */
    private static void clean(Path models, Path current) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(models)) {
            FileTime now = Files.getLastModifiedTime(current.resolve(USED));
            FileTime limit = FileTime.from(now.toInstant().minus(UNUSED));
            for (Path each : entries) {
                Path name = requireNonNull(each.getFileName(), "name");
                if (!each.equals(current) && Digests.isSha256(name.toString()) && usedBefore(each, limit)) {
                    delete(each, limit);
                }
            }
        } catch (IOException e) {
            LOG.debug("{} cannot be cleaned: {}", models, e.getClass().getSimpleName());
        }
    }

    private static boolean usedBefore(Path entry, FileTime limit) throws IOException {
        Path used = entry.resolve(USED);
        Path witness = Files.exists(used, LinkOption.NOFOLLOW_LINKS) ? used : entry;
        return Files.getLastModifiedTime(witness, LinkOption.NOFOLLOW_LINKS).compareTo(limit) < 0;
    }

    private static void delete(Path entry, FileTime limit) throws IOException {
        try (FolderLock lock = FolderLock.tryAcquire(lockFile(entry))) {
            if (lock == null || !OwnDirectory.is(entry) || !usedBefore(entry, limit)) {
                return;
            }
            deleteTree(entry);
            Files.deleteIfExists(lockFile(entry));
            LOG.debug("Deleted {}, unused for {} days", entry, UNUSED.toDays());
        }
    }

    /** Deletes plain files and directories; follows no link. */
    private static void deleteTree(Path directory) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            for (Path each : children) {
                if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                    deleteTree(each);
                } else {
                    Files.delete(each);
                }
            }
        }
        Files.delete(directory);
    }

    private void warn(String why, String mend) {
        String text =
                "Weights are read into memory (slower, more memory), as the cache directory cannot be used: {}; {}";
        if (warned.compareAndSet(false, true)) {
            LOG.warn(text, why, mend);
        } else {
            LOG.debug(text, why, mend);
        }
    }

    @Override
    public String toString() {
        Path path = directory.path();
        return "ModelCache[" + (path == null ? "none" : path) + "]";
    }

    /** Reads a property or an environment variable; null if it is not set. */
    interface Lookup {
        @Nullable
        String value(String name);
    }

    private interface Content {
        void write(Path file) throws IOException;
    }

    private interface Directory {
        @Nullable
        Path path();
    }
}
