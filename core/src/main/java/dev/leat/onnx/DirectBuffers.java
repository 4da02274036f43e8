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
        ByteBuffer buffer = reuse((int) bytes);
        if (buffer == null) {
            int capacity = capacity((int) bytes);
            try {
                buffer = ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
            } catch (OutOfMemoryError e) {
                // Not a dying JVM: the limit on direct memory, which this one run would have passed.
                throw outOfMemory(bytes, modelId, e);
            }
        }
        return buffer.clear().limit((int) bytes);
    }

    /** Steps of a quarter of a power of two, so that inputs of many lengths share few buffers. */
    private static int capacity(int bytes) {
        int step = Math.max(SMALLEST_BYTES, Integer.highestOneBit(bytes) / 4);
        return Math.max(1, (bytes + step - 1) / step) * step;
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

    /** Returns the smallest buffer that is large enough, or null. */
    private @Nullable ByteBuffer reuse(int bytes) {
        lock.lock();
        try {
            int best = -1;
            for (int i = 0; i < free.size(); i++) {
                int capacity = free.get(i).capacity();
                if (capacity >= bytes && (best < 0 || capacity < free.get(best).capacity())) {
                    best = i;
                }
            }
            if (best < 0) {
                return null;
            }
            freeBytes -= free.get(best).capacity();
            return free.remove(best);
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
