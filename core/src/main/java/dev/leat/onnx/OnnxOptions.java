package dev.leat.onnx;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How a graph is run; immutable.
 *
 * @param intraOpThreads threads that share one operator, at least 1
 * @param arena what becomes of the runtime's working memory after a run
 * @param memoryPattern whether the runtime plans its working memory for each shape that comes
 * @param exactProducts whether sums of 8-bit products are exact on each processor
 * @param closeGrace how long {@code close} waits for running calls before it terminates them
 */
public record OnnxOptions(
        int intraOpThreads, Arena arena, boolean memoryPattern, boolean exactProducts, Duration closeGrace) {

    /** Threads of one operator unless set otherwise: with several callers, one thread each does most work in total. */
    public static final int DEFAULT_INTRA_OP_THREADS = 1;

    /** What becomes of working memory after a run unless set otherwise. */
    public static final Arena DEFAULT_ARENA = Arena.KEEP;

    /** How long {@code close} waits before it terminates unless set otherwise: 5 seconds. */
    public static final Duration DEFAULT_CLOSE_GRACE = Duration.ofSeconds(5);

    private static final OnnxOptions STANDARD =
            new OnnxOptions(DEFAULT_INTRA_OP_THREADS, DEFAULT_ARENA, true, false, DEFAULT_CLOSE_GRACE);

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
        return new OnnxOptions(threads, arena, memoryPattern, exactProducts, closeGrace);
    }

    /**
     * Returns these options with another arena policy.
     *
     * @param policy what becomes of working memory after a run
     * @return new options
     */
    public OnnxOptions arena(Arena policy) {
        return new OnnxOptions(intraOpThreads, policy, memoryPattern, exactProducts, closeGrace);
    }

    /**
     * Returns these options with or without plans of memory.
     *
     * @param planned true (the default) where shapes are small or few: concurrent runs do not contend for memory; false
     *     where they are large and many, such as pictures: the plans' blocks would stay beside each other
     * @return new options
     */
    public OnnxOptions memoryPattern(boolean planned) {
        return new OnnxOptions(intraOpThreads, arena, planned, exactProducts, closeGrace);
    }

    /**
     * Returns these options with or without exact sums of 8-bit products.
     *
     * <p>On x86-64 processors without VNNI ONNX Runtime adds pairs of products of unsigned activations and signed 8-bit
     * weights in 16 bits, which large ones overflow, so that results there are not those of other processors. Exact sums
     * take a third more time there, and none elsewhere.
     *
     * @param exact true for a graph with 8-bit weights over the whole range, <b>all of whose quantised operators state
     *     their zero points</b>: of others ONNX Runtime 1.28 aborts the process. False (the default) for all other graphs
     * @return new options
     */
    public OnnxOptions exactProducts(boolean exact) {
        return new OnnxOptions(intraOpThreads, arena, memoryPattern, exact, closeGrace);
    }

    /**
     * Returns these options with another grace.
     *
     * @param grace how long {@code close} waits for running calls; zero terminates them at once
     * @return new options
     */
    public OnnxOptions closeGrace(Duration grace) {
        return new OnnxOptions(intraOpThreads, arena, memoryPattern, exactProducts, grace);
    }
}
