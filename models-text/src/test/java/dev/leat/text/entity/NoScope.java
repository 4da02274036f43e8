package dev.leat.text.entity;

import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;

/** What rules are run with: they ask for nothing. */
enum NoScope implements RunScope {
    INSTANCE;

    @Override
    public <M extends AutoCloseable> M model(ModelReference<M> reference) {
        throw new UnsupportedOperationException("a rule has no model");
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
    public void spent(Phase phase, long nanos) {
        throw new UnsupportedOperationException("a rule measures nothing");
    }

    @Override
    public void note(int item, String fact, long value) {
        throw new UnsupportedOperationException("a rule notes nothing");
    }
}
