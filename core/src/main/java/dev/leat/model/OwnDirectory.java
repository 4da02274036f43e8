package dev.leat.model;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/**
 * Directories that belong to the user who runs this process and that nobody else can write.
 *
 * <p>On file systems without POSIX permissions (Windows) only links are refused: there, the user's local application
 * data is closed to other users by its inherited access list.
 */
final class OwnDirectory {

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private OwnDirectory() {}

    /** Creates the directory and its parents as far as they are missing, for the owner alone, and checks it. */
    static void require(Path directory) throws IOException {
        create(directory);
        check(directory);
    }

    /** Returns whether it is a directory of our own. */
    static boolean is(Path directory) {
        try {
            check(directory);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void create(Path directory) throws IOException {
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null && !Files.exists(parent)) {
            create(parent);
        }
        try {
            if (POSIX) {
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            } else {
                Files.createDirectory(directory);
            }
        } catch (FileAlreadyExistsException e) {
            return; // made by another process at this moment; the check tells whether it is ours
        }
    }

    private static void check(Path directory) throws IOException {
        Class<? extends BasicFileAttributes> type = POSIX ? PosixFileAttributes.class : BasicFileAttributes.class;
        BasicFileAttributes found = Files.readAttributes(directory, type, LinkOption.NOFOLLOW_LINKS);
        if (found.isSymbolicLink() || found.isOther()) {
            throw new IOException(directory + " is a link; name the directory that it leads to");
        }
        if (!found.isDirectory()) {
            throw new NotDirectoryException(directory.toString());
        }
        if (found instanceof PosixFileAttributes posix) {
            if (!posix.owner().equals(user(directory))) {
                throw new IOException(directory + " belongs to " + posix.owner().getName()
                        + "; name a directory that does not exist yet, so that it can be created");
            }
            Set<PosixFilePermission> allowed = posix.permissions();
            if (allowed.contains(PosixFilePermission.GROUP_WRITE)
                    || allowed.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new IOException(directory + " can be written by others; run: chmod go-w " + directory);
            }
        }
    }

    /**
     * Returns who runs this process. The name in {@code user.name} cannot be trusted (containers run with numbers
     * that have no name), so it is the owner of something that the kernel or this process has just made.
     */
    private static UserPrincipal user(Path directory) throws IOException {
        try {
            return Files.getOwner(Path.of("/proc/self"));
        } catch (NoSuchFileException e) {
            Path probe = Files.createTempFile(directory, ".owner-", null);
            try {
                return Files.getOwner(probe, LinkOption.NOFOLLOW_LINKS);
            } finally {
                Files.delete(probe);
            }
        }
    }
}
