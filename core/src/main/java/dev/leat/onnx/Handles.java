package dev.leat.onnx;

import java.util.concurrent.atomic.AtomicLong;

/** Counts native objects that are open (sessions, options, tensors, results), so that tests can see a leak. */
final class Handles {

    private static final AtomicLong OPEN = new AtomicLong();

    private Handles() {}

    static void opened() {
        OPEN.incrementAndGet();
    }

    static void closed() {
        OPEN.decrementAndGet();
    }

    static long open() {
        return OPEN.get();
    }
}
