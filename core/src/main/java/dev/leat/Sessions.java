package dev.leat;

import dev.leat.schedule.Clock;
import dev.leat.session.Session;
import dev.leat.session.SessionLimits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The windows of a pipeline's sessions; thread-safe. */
final class Sessions {

    /*
     * A window exists while runs of its session are under way or wait, or while it holds items. Its admission lets one
     * run in at a time, so that windows are read and extended in order; what it lets in enters the pipeline's own.
     * When a new session finds no room, the idle one goes that was used longest ago; if none is idle, the run is
     * refused. A timer takes out what has expired, so that nothing stays in memory because nobody asked.
     */

    /** A run's place in the line of its session; its own deadline is what usually ends the wait. */
    private static final Overflow LINE = Overflow.waitUpTo(Duration.ofDays(1));

    private final String pipeline;
    private final SessionLimits limits;
    private final LeatRuntime runtime;
    private final Admission next;
    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock.
    private final Map<String, Window> windows = new LinkedHashMap<>(16, 0.75f, true); // least recently used first
    private Clock.@Nullable Timer purge;

    Sessions(String pipeline, SessionLimits limits, LeatRuntime runtime, Admission next) {
        this.pipeline = pipeline;
        this.limits = limits;
        this.runtime = runtime;
        this.next = next;
    }

    /** An input that is remembered, with its content key. */
    private record Item(Object value, Object key, long added) {}

    /** What one session remembers. */
    final class Window {
        private final String id;
        private final Admission admission = new Admission(pipeline, 1, LINE, runtime, next);
        // Guarded by the sessions' lock.
        private final ArrayDeque<Item> items = new ArrayDeque<>();
        private int runs;

        private Window(String id) {
            this.id = id;
        }

        Admission admission() {
            return admission;
        }

        /** The items so far and a new one, as a stage's input. */
        Settled with(Settled in, Object value) {
            List<Object> values = new ArrayList<>();
            List<Object> keys = new ArrayList<>();
            lock.lock();
            try {
                expire(this);
                // The present input is one of the window's items.
                items.stream()
                        .skip(Math.max(0, items.size() + 1 - limits.items()))
                        .forEach(item -> {
                            values.add(item.value);
                            keys.add(item.key);
                        });
            } finally {
                lock.unlock();
            }
            return windowOf(in, value, values, keys);
        }

        /** Ends a run, whose input is remembered if it did not fail. */
        void ended(@Nullable Object accepted) {
            lock.lock();
            try {
                runs--;
                if (accepted != null) {
                    items.add(new Item(
                            accepted, Keys.of(accepted), runtime.clock().nanos()));
                    while (items.size() > limits.items()) {
                        items.removeFirst();
                    }
                    armPurge(limits.ttl().toNanos());
                }
                removeIfEmpty(this);
            } finally {
                lock.unlock();
            }
        }
    }

    /** The window of a run outside any session: its own input. */
    static Settled alone(Settled in, Object value) {
        return windowOf(in, value, new ArrayList<>(), new ArrayList<>());
    }

    private static Settled windowOf(Settled in, Object value, List<Object> values, List<Object> keys) {
        values.add(value);
        keys.add(Keys.of(value));
        List<Object> window = List.copyOf(values);
        return new Settled(in.kind(), window, Keys.ofAll(window, keys), in.reason(), null, in.lineage());
    }

    /** Returns a session's window for one more run, or null if there is no room for a new session. */
    @Nullable
    Window enter(String id) {
        lock.lock();
        try {
            Window window = windows.get(id);
            if (window == null) {
                if (windows.size() >= limits.maxSessions() && !removeOldestIdle()) {
                    return null;
                }
                window = new Window(id);
                windows.put(id, window);
                runtime.sessions().incrementAndGet();
            }
            window.runs++;
            return window;
        } finally {
            lock.unlock();
        }
    }

    <I> Session<I> session(String id, Pipeline<I> owner) {
        return new Handle<>(id, owner);
    }

    /** Forgets everything. */
    void clear() {
        lock.lock();
        try {
            windows.values().forEach(window -> window.items.clear());
            List.copyOf(windows.values()).forEach(this::removeIfEmpty);
            if (purge != null) {
                purge.cancel();
                purge = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private void clear(String id) {
        lock.lock();
        try {
            Window window = windows.get(id);
            if (window != null) {
                window.items.clear();
                removeIfEmpty(window);
            }
        } finally {
            lock.unlock();
        }
    }

    private List<Object> items(String id) {
        lock.lock();
        try {
            Window window = windows.get(id);
            if (window == null) {
                return List.of();
            }
            expire(window);
            return window.items.stream().map(Item::value).toList();
        } finally {
            lock.unlock();
        }
    }

    // ------------------------------------------------------------------ with the lock held

    private void expire(Window window) {
        long oldest = runtime.clock().nanos() - limits.ttl().toNanos();
        while (!window.items.isEmpty() && window.items.getFirst().added <= oldest) {
            window.items.removeFirst();
        }
    }

    private boolean removeOldestIdle() {
        for (Iterator<Window> all = windows.values().iterator(); all.hasNext(); ) {
            if (all.next().runs == 0) {
                all.remove();
                runtime.sessions().decrementAndGet();
                return true;
            }
        }
        return false;
    }

    private void removeIfEmpty(Window window) {
        if (window.runs == 0 && window.items.isEmpty() && windows.remove(window.id, window)) {
            runtime.sessions().decrementAndGet();
        }
    }

    private void armPurge(long nanos) {
        if (purge == null) {
            purge = runtime.clock().schedule(this::purge, nanos);
        }
    }

    private void purge() {
        lock.lock();
        try {
            purge = null;
            windows.values().forEach(this::expire);
            List.copyOf(windows.values()).forEach(this::removeIfEmpty);
            windows.values().stream()
                    .filter(window -> !window.items.isEmpty())
                    .mapToLong(window -> window.items.getFirst().added)
                    .min()
                    .ifPresent(added -> armPurge(
                            added + limits.ttl().toNanos() - runtime.clock().nanos()));
        } finally {
            lock.unlock();
        }
    }

    /** Names a session; holds nothing of it. */
    private final class Handle<I> implements Session<I> {
        private final String id;
        private final Pipeline<I> owner;

        Handle(String id, Pipeline<I> owner) {
            this.id = id;
            this.owner = owner;
        }

        @Override
        public Results run(I input, RunOptions options) {
            return owner.admit(input, options, id).runHere();
        }

        @Override
        public Running<I> start(I input, RunOptions options) {
            Run run = owner.admit(input, options, id);
            run.startAside();
            return new Running<>(run);
        }

        @Override
        @SuppressWarnings("unchecked") // a pipeline's windows hold what its guard made of its inputs, of their type
        public List<I> window() {
            return (List<I>) items(id);
        }

        @Override
        public void clear() {
            Sessions.this.clear(id);
        }

        /** Returns the pipeline's name; the id may be a person's. */
        @Override
        public String toString() {
            return "Session[" + pipeline + "]";
        }
    }
}
