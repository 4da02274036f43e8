package dev.leat.onnx;

import dev.leat.ModelRunException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Native memory for input tensors, used again from run to run; thread-safe.
 *
 * <p>The runtime reads its inputs from direct buffers. One made for each run is freed only by a garbage collection that
 * the small Java heap of such a program seldom needs, so that resident memory grows with the number of pictures.
 */
final class DirectBuffers {

    private static final long KEPT_BYTES = 64L * 1024 * 1024;
    private static final int SMALLEST_BYTES = 4096;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<ByteBuffer> free = new ArrayList<>(); // guarded by lock
    private long freeBytes; // guarded by lock

    /** Returns a buffer of exactly so many bytes left to read, in native order; give it back by {@link #give}. */
    ByteBuffer take(long bytes, String modelId) {
        if (bytes > 1 << 30) {
            throw outOfMemory(bytes, modelId, null);
        }
        // Powers of two, so that inputs of many lengths share few buffers.
        int capacity = Math.max(SMALLEST_BYTES, Integer.highestOneBit(Math.max(1, (int) bytes - 1)) << 1);
        ByteBuffer buffer = reuse(capacity);
        if (buffer == null) {
            try {
                buffer = ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
            } catch (OutOfMemoryError e) {
                // Not a dying JVM: the limit on direct memory, which this one run would have passed.
                throw outOfMemory(bytes, modelId, e);
            }
        }
        return buffer.clear().limit((int) bytes);
    }

    /** Takes a buffer back; nothing reads it any more. */
    void give(ByteBuffer buffer) {
        lock.lock();
        try {
            if (freeBytes + buffer.capacity() <= KEPT_BYTES) {
                free.add(buffer);
                freeBytes += buffer.capacity();
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable ByteBuffer reuse(int capacity) {
        lock.lock();
        try {
            for (int i = free.size() - 1; i >= 0; i--) {
                if (free.get(i).capacity() == capacity) {
                    freeBytes -= capacity;
                    return free.remove(i);
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private static ModelRunException outOfMemory(long bytes, String modelId, @Nullable Throwable cause) {
        return new ModelRunException(
                ModelRunException.Kind.OUT_OF_NATIVE_MEMORY,
                "Model '" + modelId + "': no native memory for an input of " + bytes
                        + " bytes. Use smaller inputs, or raise -XX:MaxDirectMemorySize.",
                cause);
    }
}
