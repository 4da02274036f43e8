package dev.leat.benchmarks;

import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;

/** Lends nothing and is never cancelled. */
final class BareScope implements RunScope {
    @Override
    public <M extends AutoCloseable> M model(ModelReference<M> reference) {
        throw new IllegalStateException("no model is lent");
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public Registration onCancel(Runnable action) {
        return () -> {};
    }

    @Override
    public void spent(Phase phase, long nanos) {}

    @Override
    public void note(int item, String fact, long value) {}
}
