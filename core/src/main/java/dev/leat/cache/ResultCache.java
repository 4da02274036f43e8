package dev.leat.cache;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import dev.leat.schedule.Clock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Values of steps, kept in memory under keyed hashes of what they were computed from; thread-safe.
 *
 * <p>Bounded by the weight of its values in bytes; what was used least and longest ago goes first (Caffeine's W-TinyLFU).
 * How old a value may be is the reader's to say, so one value can be fresh for one stage and stale for another; it is
 * kept as long as the most patient of its writers wished. Holds no input and no intermediate value.
 */
public final class ResultCache {

    /** The most bytes that values weigh together, unless set otherwise: 64 MiB. */
    public static final long DEFAULT_MAX_BYTES = 64L << 20;

    /** What an entry weighs besides its value: keys, hashes and links, measured generously. */
    private static final long ENTRY_BYTES = 256;

    private final Clock clock;
    private final long maxBytes;
    private final ReentrantLock creating = new ReentrantLock();
    private volatile @Nullable Cache<Object, Entry> entries; // null until it is asked: most programs start without it

    /**
     * Creates an empty cache.
     *
     * @param maxBytes the most bytes that values weigh together; 0 keeps nothing
     * @param clock tells how old a value is
     */
    public ResultCache(long maxBytes, Clock clock) {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("maxBytes must not be negative, was " + maxBytes);
        }
        this.maxBytes = maxBytes;
        this.clock = requireNonNull(clock, "clock");
    }

    private Cache<Object, Entry> entries() {
        Cache<Object, Entry> created = entries;
        return created == null ? created() : created;
    }

    private Cache<Object, Entry> created() {
        creating.lock();
        try {
            Cache<Object, Entry> created = entries;
            if (created == null) {
                created = Caffeine.newBuilder()
                        .maximumWeight(maxBytes)
                        .weigher((Object key, Entry entry) ->
                                (int) Math.min(Integer.MAX_VALUE, ENTRY_BYTES + entry.bytes))
                        .expireAfter(Expiry.creating(
                                (Object key, Entry entry) -> java.time.Duration.ofNanos(entry.keepNanos)))
                        .ticker(clock::nanos)
                        .executor(Runnable::run)
                        .recordStats()
                        .build();
                entries = created;
            }
            return created;
        } finally {
            creating.unlock();
        }
    }

    /** A value and when it was computed. */
    private record Entry(Object value, long bytes, long stored, long keepNanos) {}

    /**
     * Counts since the cache was created; immutable.
     *
     * @param hits reads that found a fresh value
     * @param misses reads that found none
     * @param evictions values that had to go for want of room or because their time was over
     * @param entries values held now
     * @param bytes what they weigh
     */
    public record Stats(long hits, long misses, long evictions, long entries, long bytes) {}

    /**
     * Returns a value that is younger than the reader demands.
     *
     * @param key of the step and what it was computed from
     * @param ttlNanos how old it may be
     * @return the value, or null
     */
    public @Nullable Object get(Object key, long ttlNanos) {
        Entry entry = entries().getIfPresent(key);
        return entry != null && isFresh(entry, ttlNanos) ? entry.value : null;
    }

    /**
     * Tells whether {@link #get} would find a value; that counts as no read, neither for the statistics nor for what
     * goes first.
     *
     * @param key of the step and what it was computed from
     * @param ttlNanos how old it may be
     * @return a snapshot
     */
    public boolean holds(Object key, long ttlNanos) {
        return isFresh(entries().policy().getIfPresentQuietly(key), ttlNanos);
    }

    private boolean isFresh(@Nullable Entry entry, long ttlNanos) {
        return entry != null && clock.nanos() - entry.stored < ttlNanos;
    }

    /**
     * Keeps a value.
     *
     * @param key of the step and what it was computed from
     * @param value immutable
     * @param bytes what it weighs
     * @param ttlNanos how long it may be of use
     */
    public void put(Object key, Object value, long bytes, long ttlNanos) {
        if (ENTRY_BYTES + bytes <= maxBytes) {
            entries().put(key, new Entry(value, bytes, clock.nanos(), ttlNanos));
        }
    }

    /**
     * Forgets the values whose key satisfies a condition.
     *
     * @param condition on a key
     */
    public void invalidate(Predicate<Object> condition) {
        Cache<Object, Entry> created = entries;
        if (created != null) {
            created.asMap().keySet().removeIf(condition);
        }
    }

    /** Forgets everything. */
    public void invalidateAll() {
        Cache<Object, Entry> created = entries;
        if (created != null) {
            created.invalidateAll();
        }
    }

    /**
     * Returns what happened so far.
     *
     * @return a snapshot; stale values that were found count as hits
     */
    public Stats stats() {
        Cache<Object, Entry> created = entries;
        if (created == null) {
            return new Stats(0, 0, 0, 0, 0);
        }
        created.cleanUp();
        CacheStats stats = created.stats();
        long bytes =
                created.policy().eviction().map(e -> e.weightedSize().orElse(0)).orElse(0L);
        return new Stats(stats.hitCount(), stats.missCount(), stats.evictionCount(), created.estimatedSize(), bytes);
    }

    /** Returns the number of values, none of them. */
    @Override
    public String toString() {
        Cache<Object, Entry> created = entries;
        return "ResultCache[" + (created == null ? 0 : created.estimatedSize()) + " values]";
    }
}
