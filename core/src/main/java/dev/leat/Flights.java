package dev.leat;

import dev.leat.Provenance.Delivery;
import dev.leat.model.ModelRegistry;
import dev.leat.observe.InferenceListener.Batch;
import dev.leat.observe.RuntimeSnapshot.RunningStep;
import dev.leat.schedule.Clock;
import dev.leat.schedule.ComputeBudget;
import dev.leat.spi.BatchStep;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import dev.leat.spi.StepFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Heavy steps under way: equal work at one moment is one flight, whoever asked for it; thread-safe.
 */
final class Flights {

    /*
     * Life of a flight
     *
     * A flight belongs to no run: it has subscribers. It is QUEUED in the budget under the smallest order of its
     * subscribers, RUNNING on a thread of the budget, and then DONE; the last subscriber's leaving turns QUEUED
     * into DONE and RUNNING into TERMINATING. The state is guarded by the flight's lock.
     *
     * INVARIANT: only QUEUED and RUNNING flights can be joined. Whoever finds another state takes the flight out of
     * the map and starts a new one, so nobody ever gets the cancellation of somebody else.
     *
     * INVARIANT: subscribers are told without any lock held.
     */

    private final ComputeBudget budget;
    private final ModelRegistry models;
    private final Clock clock;
    private final ConcurrentHashMap<Object, Flight> underWay = new ConcurrentHashMap<>();
    private final Set<Flight> open = ConcurrentHashMap.newKeySet(); // queued or running, for those who look

    Flights(ComputeBudget budget, ModelRegistry models, Clock clock) {
        this.budget = budget;
        this.models = models;
        this.clock = clock;
    }

    /** Told once how a flight ended, on a thread of the budget, unless the ticket was given back before. */
    @FunctionalInterface
    interface Subscriber {
        void landed(Landing landing);
    }

    /** How a flight ended for one subscriber: a value or a failure of its own. */
    record Landing(
            @Nullable Object value,
            @Nullable InferenceException failure,
            Delivery delivery,
            long started,
            long ended,
            long queued,
            long[] phases,
            long cost,
            Batch batch,
            Map<String, Long> facts) {}

    /** A subscription. */
    interface Ticket {
        void leave();
    }

    /**
     * Joins the flight of equal work, or starts one.
     *
     * @param key of the step and the item; shared with other runs only if it holds beyond this one
     * @throws OverloadedException if a new flight would be needed and the queue is full
     */
    Ticket join(Object key, BatchStep<Object, Object> step, Object item, long order, Subscriber subscriber) {
        if (!Keys.isContent(key)) {
            Flight alone = new Flight(null, step, item);
            return alone.start(order, subscriber);
        }
        while (true) {
            Flight known = underWay.get(key);
            if (known != null) {
                Ticket ticket = known.join(order, subscriber);
                if (ticket != null) {
                    return ticket;
                }
                underWay.remove(key, known);
            }
            Flight fresh = new Flight(key, step, item);
            fresh.lock.lock();
            try {
                if (underWay.putIfAbsent(key, fresh) == null) {
                    try {
                        return fresh.start(order, subscriber);
                    } catch (RuntimeException e) {
                        underWay.remove(key, fresh);
                        fresh.state = State.DONE;
                        throw e;
                    }
                }
            } finally {
                fresh.lock.unlock();
            }
        }
    }

    /** The flights that run now, oldest first. */
    List<RunningStep> running() {
        long now = clock.nanos();
        return open.stream()
                .map(flight -> flight.look(now))
                .flatMap(Optional::stream)
                .sorted(Comparator.comparing(RunningStep::age).reversed())
                .toList();
    }

    /** How long the flight has waited that waits longest. */
    Duration oldestWait() {
        long now = clock.nanos();
        return Duration.ofNanos(
                open.stream().mapToLong(flight -> flight.waited(now)).max().orElse(0));
    }

    /** How many flights are under way. */
    int size() {
        return underWay.size();
    }

    private enum State {
        QUEUED,
        RUNNING,
        TERMINATING,
        DONE
    }

    private final class Flight {
        private final ReentrantLock lock = new ReentrantLock();
        private final @Nullable Object key;
        private final BatchStep<Object, Object> step;
        private final Object item;
        private final long created = clock.nanos();

        // Guarded by lock.
        private final List<Subscription> subscriptions = new ArrayList<>(2);
        private State state = State.QUEUED;
        private ComputeBudget.@Nullable Place place;
        private @Nullable Scope scope;
        private long started;
        private volatile long cost;

        Flight(@Nullable Object key, BatchStep<Object, Object> step, Object item) {
            this.key = key;
            this.step = step;
            this.item = item;
        }

        Ticket start(long order, Subscriber subscriber) {
            lock.lock();
            try {
                place = budget.submit(order, this::fly);
                open.add(this);
                Subscription subscription = new Subscription(this, subscriber);
                subscriptions.add(subscription);
                return subscription;
            } finally {
                lock.unlock();
            }
        }

        @Nullable
        Ticket join(long order, Subscriber subscriber) {
            lock.lock();
            try {
                if (state != State.QUEUED && state != State.RUNNING) {
                    return null;
                }
                if (state == State.QUEUED && place != null) {
                    place.hasten(order);
                }
                Subscription subscription = new Subscription(this, subscriber);
                subscriptions.add(subscription);
                return subscription;
            } finally {
                lock.unlock();
            }
        }

        void leave(Subscription subscription) {
            Scope toCancel = null;
            lock.lock();
            try {
                if (!subscriptions.remove(subscription) || !subscriptions.isEmpty()) {
                    return;
                }
                if (state == State.QUEUED && place != null && place.withdraw()) {
                    state = State.DONE;
                    open.remove(this);
                } else if (state == State.QUEUED || state == State.RUNNING) {
                    state = State.TERMINATING;
                    toCancel = scope;
                }
            } finally {
                lock.unlock();
            }
            if (key != null) {
                underWay.remove(key, this);
            }
            if (toCancel != null) {
                toCancel.cancel();
            }
        }

        Optional<RunningStep> look(long now) {
            lock.lock();
            try {
                StepFacts facts = step.facts();
                String model =
                        facts.models().isEmpty() ? "" : facts.models().get(0).id();
                return state == State.RUNNING || state == State.TERMINATING && scope != null
                        ? Optional.of(new RunningStep(
                                facts.name(), model, Duration.ofNanos(now - started), subscriptions.size()))
                        : Optional.empty();
            } finally {
                lock.unlock();
            }
        }

        long waited(long now) {
            lock.lock();
            try {
                return state == State.QUEUED ? now - created : 0;
            } finally {
                lock.unlock();
            }
        }

        /** Runs on a thread of the budget. */
        void fly() {
            Scope mine = new Scope();
            lock.lock();
            try {
                if (state != State.QUEUED) {
                    state = State.DONE;
                    open.remove(this);
                    return;
                }
                state = State.RUNNING;
                scope = mine;
                started = clock.nanos();
            } finally {
                lock.unlock();
            }
            Object value = null;
            InferenceException failure = null;
            try {
                cost = step.cost(item);
                value = single(step, item, mine);
            } catch (Throwable e) {
                failure = Failures.ofStep(step.facts().name(), e);
            } finally {
                mine.endUses();
            }
            land(value, failure, mine);
        }

        private void land(@Nullable Object value, @Nullable InferenceException failure, Scope mine) {
            long ended = clock.nanos();
            List<Subscription> told;
            lock.lock();
            try {
                state = State.DONE;
                scope = null;
                told = List.copyOf(subscriptions);
                subscriptions.clear();
            } finally {
                lock.unlock();
            }
            open.remove(this);
            if (key != null) {
                underWay.remove(key, this);
            }
            boolean first = true;
            for (Subscription subscription : told) {
                InferenceException own = failure == null || first ? failure : failure.forAnotherCaller();
                // Whoever has subscribed longest counts as the one it was done for, even if it was not the first.
                Delivery delivery = first ? Delivery.COMPUTED : Delivery.SHARED;
                first = false;
                subscription.subscriber.landed(new Landing(
                        value,
                        own,
                        delivery,
                        started,
                        ended,
                        started - created,
                        mine.phases.clone(),
                        cost,
                        Batch.ALONE,
                        Map.copyOf(mine.facts)));
            }
        }
    }

    /** Runs a step on one item and checks that it kept its contract. */
    static Object single(BatchStep<Object, Object> step, Object item, RunScope scope) {
        List<Object> values = step.run(List.of(item), scope);
        if (values == null || values.size() != 1 || values.get(0) == null) {
            throw new ModelRunException(
                    ModelRunException.Kind.BAD_OUTPUT,
                    "Step '" + step.facts().name() + "' must return one value for each item and returned "
                            + (values == null ? "null" : values.size() + " values or a null one") + " for 1 item",
                    null);
        }
        return values.get(0);
    }

    private record Subscription(Flight flight, Subscriber subscriber) implements Ticket {
        @Override
        public void leave() {
            flight.leave(this);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** Lent to a step; collects times and facts on the step's thread, cancellation comes from others. */
    final class Scope implements RunScope {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition actionEnded = lock.newCondition();
        private final Map<Object, Runnable> actions = new LinkedHashMap<>(); // guarded by lock
        private boolean acting; // guarded by lock
        private volatile boolean cancelled;
        private final Map<ModelReference<?>, ModelRegistry.Use<?>> uses = new HashMap<>(); // of the step's thread

        final long[] phases = new long[Phase.values().length];
        final Map<String, Long> facts = new LinkedHashMap<>();

        @Override
        @SuppressWarnings("unchecked") // a reference's use is of its model's type
        public <M extends AutoCloseable> M model(ModelReference<M> reference) {
            return ((ModelRegistry.Use<M>) uses.computeIfAbsent(reference, models::use)).model();
        }

        /** Lets the models go that the step has used; called on the step's thread after its end. */
        void endUses() {
            uses.values().forEach(ModelRegistry.Use::close);
            uses.clear();
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public Registration onCancel(Runnable action) {
            Object mine = new Object();
            boolean now;
            lock.lock();
            try {
                now = cancelled;
                if (!now) {
                    actions.put(mine, action);
                }
            } finally {
                lock.unlock();
            }
            if (now) {
                action.run();
            }
            return () -> unregister(mine);
        }

        private void unregister(Object mine) {
            lock.lock();
            try {
                actions.remove(mine);
                // Actions are quick by contract; what they act on must not go away under them.
                while (acting) {
                    actionEnded.awaitUninterruptibly();
                }
            } finally {
                lock.unlock();
            }
        }

        void cancel() {
            List<Runnable> due;
            lock.lock();
            try {
                cancelled = true;
                due = List.copyOf(actions.values());
                actions.clear();
                acting = true;
            } finally {
                lock.unlock();
            }
            try {
                due.forEach(Runnable::run);
            } finally {
                lock.lock();
                try {
                    acting = false;
                    actionEnded.signalAll();
                } finally {
                    lock.unlock();
                }
            }
        }

        @Override
        public void spent(Phase phase, long nanos) {
            phases[phase.ordinal()] += nanos;
        }

        @Override
        public void note(int item, String fact, long value) {
            facts.merge(fact, value, Long::sum);
        }
    }

    Scope scope() {
        return new Scope();
    }
}
