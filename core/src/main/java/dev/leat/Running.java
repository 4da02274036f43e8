package dev.leat;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A run under way; thread-safe.
 *
 * @param <I> the pipeline's input
 */
public final class Running<I> {

    private final Run run;

    Running(Run run) {
        this.run = run;
    }

    /**
     * Returns the coming outcome of a stage.
     *
     * @param <O> the stage's value
     * @param stage a stage of the pipeline
     * @return completes when the stage is settled, never exceptionally
     * @throws IllegalArgumentException if the stage is not part of this run
     */
    @SuppressWarnings("unchecked") // a stage's node makes the stage's values
    public <O> CompletionStage<Outcome<O>> outcome(Stage<? super I, O> stage) {
        CompletableFuture<Outcome<Object>> promise = run.outcomes().get(requireNonNull(stage, "stage"));
        if (promise == null) {
            throw new IllegalArgumentException("Stage '" + stage.name() + "' is not part of this run, which has "
                    + run.outcomes().keySet().stream().map(Stage::name).toList());
        }
        return (CompletionStage<Outcome<O>>) (CompletionStage<?>) promise.copy();
    }

    /**
     * Returns the coming results.
     *
     * @return completes when every stage is settled; cancelling it cancels the run
     */
    public CompletableFuture<Results> results() {
        CompletableFuture<Results> mine = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                boolean first = super.cancel(mayInterruptIfRunning);
                if (first) {
                    run.cancel();
                }
                return first;
            }
        };
        CompletableFuture<Void> unused = run.whole().thenAccept(mine::complete);
        return mine;
    }

    /** Cancels the run: queued work leaves the queue, running native work is terminated; what has settled stays. */
    public void cancel() {
        run.cancel();
    }

    Results join() {
        return run.workUntilEnded();
    }

    /** How much of a call its dearest heavy step takes, as far as it is known. */
    double callShare() {
        return run.callShare();
    }
}
