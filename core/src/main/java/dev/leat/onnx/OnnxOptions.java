package dev.leat.onnx;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How a graph is run; immutable.
 *
 * @param intraOpThreads threads that share one operator, at least 1
 * @param arena what becomes of the runtime's working memory after a run
 * @param memoryPattern whether the runtime plans its working memory for each shape that comes
 * @param closeGrace how long {@code close} waits for running calls before it terminates them
 */
public record OnnxOptions(int intraOpThreads, Arena arena, boolean memoryPattern, Duration closeGrace) {

    /** Threads of one operator unless set otherwise: with several callers, one thread each does most work in total. */
    public static final int DEFAULT_INTRA_OP_THREADS = 1;

    /** What becomes of working memory after a run unless set otherwise. */
    public static final Arena DEFAULT_ARENA = Arena.KEEP;

    /** How long {@code close} waits before it terminates unless set otherwise: 5 seconds. */
    public static final Duration DEFAULT_CLOSE_GRACE = Duration.ofSeconds(5);

    private static final OnnxOptions STANDARD =
            new OnnxOptions(DEFAULT_INTRA_OP_THREADS, DEFAULT_ARENA, true, DEFAULT_CLOSE_GRACE);

    /** What becomes of the runtime's working memory after a run. */
    public enum Arena {
        /** Kept for the next run: fastest, resident memory stays at the largest run so far. */
        KEEP,
        /** Given back after each run: the next one pays for getting it again. */
        SHRINK,
        /** No arena: each intermediate tensor is allocated and freed by itself. */
        OFF
    }

    /** Checks the components. */
    public OnnxOptions {
        if (intraOpThreads < 1) {
            throw new IllegalArgumentException("intraOpThreads must be at least 1, was " + intraOpThreads);
        }
        requireNonNull(arena, "arena");
        if (closeGrace.isNegative()) {
            throw new IllegalArgumentException("closeGrace must not be negative, was " + closeGrace);
        }
    }

    /**
     * Returns the defaults.
     *
     * @return one thread, memory kept and planned, 5 seconds of grace
     */
    public static OnnxOptions standard() {
        return STANDARD;
    }

    /**
     * Returns these options with another number of threads.
     *
     * @param threads at least 1
     * @return new options
     */
    public OnnxOptions intraOpThreads(int threads) {
        return new OnnxOptions(threads, arena, memoryPattern, closeGrace);
    }

    /**
     * Returns these options with another arena policy.
     *
     * @param policy what becomes of working memory after a run
     * @return new options
     */
    public OnnxOptions arena(Arena policy) {
        return new OnnxOptions(intraOpThreads, policy, memoryPattern, closeGrace);
    }

    /**
     * Returns these options with or without plans of memory.
     *
     * @param planned true (the default) where shapes are small or few: concurrent runs do not contend for memory; false
     *     where they are large and many, such as pictures: the plans' blocks would stay beside each other
     * @return new options
     */
    public OnnxOptions memoryPattern(boolean planned) {
        return new OnnxOptions(intraOpThreads, arena, planned, closeGrace);
    }

    /**
     * Returns these options with another grace.
     *
     * @param grace how long {@code close} waits for running calls; zero terminates them at once
     * @return new options
     */
    public OnnxOptions closeGrace(Duration grace) {
        return new OnnxOptions(intraOpThreads, arena, memoryPattern, grace);
    }
}
