package dev.leat.spi;

import java.util.Set;

/**
 * A description of something native or large that steps need, opened at most once however many pipelines use it.
 *
 * <p>A reference holds no native memory. Implementations are records: equal references mean the same opened model, so
 * equality covers the content's digest and every option that changes its answers. Thread-safe.
 *
 * @param <M> the opened model, thread-safe; its {@code close} waits for running calls
 */
public interface ModelReference<M extends AutoCloseable> {

    /**
     * Returns the model's id.
     *
     * @return such as {@code bge-small-en-v1.5-int8}
     */
    String id();

    /**
     * Returns the digest of what is opened.
     *
     * @return lower-case hexadecimal SHA-256 of the main file
     */
    String digest();

    /**
     * Returns the model's version.
     *
     * @return as its descriptor states it
     */
    String version();

    /**
     * Returns the languages that the model was made for.
     *
     * @return BCP 47 tags such as {@code en}; empty, the default, if language does not matter to it
     */
    default Set<String> languages() {
        return Set.of();
    }

    /**
     * Returns what the opened model takes, about.
     *
     * @return bytes outside the heap; 0, the default, if it is not worth counting
     */
    default long residentBytes() {
        return 0;
    }

    /**
     * Returns what the largest run takes while it lasts, about.
     *
     * @return bytes outside the heap beside {@link #residentBytes()}; 0, the default, if it is not worth counting
     */
    default long runBytes() {
        return 0;
    }

    /**
     * Returns the same model laid out for runs that use several threads.
     *
     * <p>Results are those of this reference, to the precision that the model promises. It is opened beside this one,
     * and used for a run that is the only one, where that is measured to be faster.
     *
     * @param threads at least 2
     * @return another reference; this one, the default, if the model cannot use several threads
     */
    default ModelReference<M> spread(int threads) {
        return this;
    }

    /**
     * Opens the model; the caller closes it.
     *
     * @return the opened model
     * @throws dev.leat.ModelLoadException if it cannot be opened, with what to do about it
     */
    M open();
}
