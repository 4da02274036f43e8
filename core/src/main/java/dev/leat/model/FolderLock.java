package dev.leat.model;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A lock file, held against other processes and against other threads and class loaders of this one.
 *
 * <p>It spares work: whoever waits finds the file unpacked. Nothing is wrong without it, because files appear by an
 * atomic rename; so a wait that lasts too long (a stopped process, a network file system that never answers) ends
 * without the lock instead of hanging.
 */
final class FolderLock implements AutoCloseable {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int PAUSES = 6_000; // half a minute

    private final RandomAccessFile file;

    private FolderLock(RandomAccessFile file) {
        this.file = file;
    }

    /** Returns the lock, or null if it could not be had in half a minute. Ignores interruption, keeping the flag. */
    static @Nullable FolderLock acquire(Path path) throws IOException {
        return acquire(path, PAUSES);
    }

    /** Returns the lock, or null if somebody has it. */
    static @Nullable FolderLock tryAcquire(Path path) throws IOException {
        return acquire(path, 0);
    }

    private static @Nullable FolderLock acquire(Path path, int pauses) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        boolean interrupted = false;
        boolean held = false;
        try {
            for (int left = pauses; !(held = tryLock(file)) && left > 0; left--) {
                LockSupport.parkNanos(PAUSE_NANOS);
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (!held) {
                file.close();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return held ? new FolderLock(file) : null;
    }

    private static boolean tryLock(RandomAccessFile file) throws IOException {
        try {
            FileLock lock = file.getChannel().tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // another thread of this JVM, perhaps of another class loader
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
