package dev.leat.session;

import dev.leat.Results;
import dev.leat.RunOptions;
import dev.leat.Running;
import java.util.List;

/**
 * A stream of inputs to one pipeline whose stages may read the last ones ({@link dev.leat.Stage#window}); thread-safe.
 *
 * <p>Runs of one session go one after the other, in order of arrival; runs of different sessions do not wait for each
 * other. An input joins the window when its run has ended without a failed stage, as the guard has cleaned it: a run
 * that failed, was refused or was cancelled leaves the session as it was. Nothing is stored outside the Java heap.
 *
 * @param <I> the input
 */
public interface Session<I> {

    /**
     * Runs every stage on the next input.
     *
     * @param input not null
     * @return an outcome for each stage
     * @throws IllegalStateException if the pipeline is closed
     */
    default Results run(I input) {
        return run(input, RunOptions.DEFAULT);
    }

    /**
     * Runs stages on the next input.
     *
     * @param input not null
     * @param options what this run wishes; its deadline counts while it waits for the runs before it
     * @return an outcome for each selected stage
     * @throws IllegalStateException if the pipeline is closed
     */
    Results run(I input, RunOptions options);

    /**
     * Starts a run on the next input and returns at once.
     *
     * @param input not null
     * @param options what this run wishes
     * @return the run under way, or waiting for those before it
     * @throws IllegalStateException if the pipeline is closed
     */
    Running<I> start(I input, RunOptions options);

    /**
     * Returns the window.
     *
     * @return the inputs that the next run will see before its own, oldest first
     */
    List<I> window();

    /** Forgets the window; a run under way still joins it. */
    void clear();
}
