package dev.leat;

import dev.leat.Provenance.Delivery;
import dev.leat.Settled.Tally;
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
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
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
     * What is to be cached is not in the cache the moment that a flight has landed. Until all have left who wait for
     * its value to put it there, the flight is LANDED: it keeps the value for whoever may read the cache. And who makes
     * a new flight looks into the cache once more when others can find that flight. One of the two sees what was made,
     * so equal work is done once whenever it is asked for.
     *
     * INVARIANT: only QUEUED, RUNNING and LANDED flights can be joined. Whoever finds another state takes the flight
     * out of the map and starts a new one, so nobody ever gets the cancellation of somebody else.
     *
     * A value may lack parts that none of its subscribers reads. Who joins a QUEUED flight adds what he reads; one that
     * has begun for others, who read less, is no equal work for him, and he starts a new one.
     *
     * INVARIANT: subscribers are told without any lock held.
     *
     * Batches
     *
     * A flight whose turn has come while the budget is busy may take others along that wait for the same step. It is
     * the first of a batch; the budget's order chose it, the batch changes nothing about that. Who rides along is taken
     * from the queue in order; whoever is passed over by more riders than there are permits stops that. How many is
     * decided by StepCosts, from measured times. Each flight keeps its subscribers: one that is left by all of them is
     * not missed by the others, and only when all flights of a batch are left is it terminated. If a batch fails, each
     * of its flights is run alone, so that the failure is the one's whose it is.
     *
     * Threads
     *
     * A flight that nothing else runs beside may take all permits, if StepCosts expects its models to be faster on so
     * many threads. It never waits for them, and whoever comes meanwhile waits for that one call; if somebody did, the
     * next lone flights get one thread each, so that two callers do not take turns where they could run side by side.
     *
     * INVARIANT: locks are taken in the order boarding, one flight's, the budget's.
     */

    private static final int LOOK_AHEAD = 128; // waiting pieces that are looked through for riders
    private static final int CROWDED = 32; // lone flights without company before all permits are taken again
    private static final int MAX_STEPS = 1024; // whose times are remembered

    private final ComputeBudget budget;
    private final ModelRegistry models;
    private final Clock clock;
    private final boolean batches;
    private final ConcurrentHashMap<Object, Flight> underWay = new ConcurrentHashMap<>();
    private final Set<Flight> open = ConcurrentHashMap.newKeySet(); // queued or running, for those who look
    private final ConcurrentHashMap<BatchStep<?, ?>, StepCosts> costs = new ConcurrentHashMap<>();
    private final Layouts layouts;
    private final AtomicInteger crowded = new AtomicInteger(); // lone flights that get one thread before the next tries
    private final ReentrantLock boarding = new ReentrantLock();

    Flights(ComputeBudget budget, ModelRegistry models, Clock clock, Layouts layouts, boolean batches) {
        this.budget = budget;
        this.models = models;
        this.clock = clock;
        this.layouts = layouts;
        this.batches = batches;
    }

    /** Told once how a flight ended, unless the ticket was given back before; by the budget, or while joining. */
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
            Tally tally) {}

    /** A subscription. */
    interface Ticket {
        /** Called once: before the landing the value is not wanted; after it, it is in the cache or will not be. */
        void leave();
    }

    /**
     * What a run wants done.
     *
     * @param key of the step and the item; shared with other runs only if it holds beyond this one
     * @param reads what is read of the value
     * @param group what the run is a part of whose parts may pass each other, or null
     * @param cached of a run that reads and fills the cache, else null: tells whether what it wants this for is in the
     *     cache by now. Such a run leaves after the landing, too
     */
    record Wish(
            Object key,
            BatchStep<Object, Object> step,
            Object item,
            Reads reads,
            long order,
            @Nullable Object group,
            @Nullable BooleanSupplier cached) {

        boolean isInCache() {
            return cached != null && cached.getAsBoolean();
        }
    }

    /**
     * Joins the flight of equal work, or starts one.
     *
     * @return null if the work's result is in the cache, and nothing was started
     * @throws OverloadedException if a new flight would be needed and the queue is full
     */
    @Nullable
    Ticket join(Wish wish, Subscriber subscriber) {
        Object key = wish.key;
        if (!Keys.isContent(key)) {
            return new Flight(null, wish).start(wish, subscriber);
        }
        while (true) {
            Flight known = underWay.get(key);
            if (known != null) {
                Ticket ticket = known.join(wish, subscriber);
                if (ticket != null) {
                    return ticket;
                }
                underWay.remove(key, known);
            }
            Flight fresh = new Flight(key, wish);
            fresh.lock.lock();
            try {
                if (underWay.putIfAbsent(key, fresh) == null) {
                    Ticket ticket = null;
                    try {
                        ticket = wish.isInCache() ? null : fresh.start(wish, subscriber);
                    } finally {
                        if (ticket == null) {
                            underWay.remove(key, fresh);
                            fresh.state = State.DONE;
                        }
                    }
                    return ticket;
                }
            } finally {
                fresh.lock.unlock();
            }
        }
    }

    /** What runs now, oldest first; a batch is one. */
    List<RunningStep> running() {
        long now = clock.nanos();
        IdentityHashMap<Object, RunningStep> batches = new IdentityHashMap<>();
        open.forEach(flight -> flight.look(now, batches));
        return batches.values().stream()
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
        LANDED,
        TERMINATING,
        DONE
    }

    private StepCosts costs(BatchStep<?, ?> step) {
        if (costs.size() > MAX_STEPS) {
            costs.clear(); // steps are made anew again and again; what is lost is measured anew
        }
        return costs.computeIfAbsent(step, any -> new StepCosts());
    }

    private final class Flight implements ComputeBudget.Work, Riders.Waiting {
        private final ReentrantLock lock = new ReentrantLock();
        private final @Nullable Object key;
        private final BatchStep<Object, Object> step;
        private final StepFacts facts;
        private final Object item;
        private final @Nullable Object group;
        private final long created = clock.nanos();
        private volatile long cost; // 0: not asked for yet
        private int passedOver; // guarded by boarding

        // Guarded by lock.
        private final List<Subscription> subscriptions = new ArrayList<>(2);
        private State state = State.QUEUED;
        private Reads reads; // grows while QUEUED, then no more
        private ComputeBudget.@Nullable Place place;
        private @Nullable Call call;
        private long started;
        private int keepers; // subscribers that will fill the cache
        private @Nullable Landing kept; // how it landed, while there are keepers

        Flight(@Nullable Object key, Wish wish) {
            this.key = key;
            this.step = wish.step;
            this.facts = step.facts();
            this.item = wish.item;
            this.group = wish.group;
            this.reads = wish.reads;
        }

        @Override
        public BatchStep<?, ?> step() {
            return step;
        }

        @Override
        public StepFacts facts() {
            return facts;
        }

        @Override
        public long cost() {
            if (cost == 0) {
                try {
                    cost = Math.max(1, step.cost(item));
                } catch (RuntimeException e) {
                    cost = Long.MAX_VALUE; // of a step that breaks its contract: it fits no batch
                }
            }
            return cost;
        }

        @Override
        public @Nullable Object group() {
            return group;
        }

        @Override
        public int passedOver() {
            return passedOver;
        }

        @Override
        public void passOver() {
            passedOver++;
        }

        Ticket start(Wish wish, Subscriber subscriber) {
            lock.lock();
            try {
                place = budget.submit(wish.order, this);
                open.add(this);
                return subscribe(wish, subscriber);
            } finally {
                lock.unlock();
            }
        }

        @Nullable
        Ticket join(Wish wish, Subscriber subscriber) {
            Landing landing;
            lock.lock();
            try {
                if (state == State.QUEUED && place != null) {
                    place.hasten(wish.order);
                    reads = reads.and(wish.reads);
                }
                if (!reads.covers(wish.reads)) {
                    return null;
                }
                if (state == State.QUEUED || state == State.RUNNING) {
                    return subscribe(wish, subscriber);
                }
                landing = kept;
            } finally {
                lock.unlock();
            }
            if (landing == null || wish.cached == null) {
                return null;
            }
            subscriber.landed(landing);
            return Flights::nothing;
        }

        private Ticket subscribe(Wish wish, Subscriber subscriber) {
            boolean keeps = wish.cached != null;
            Subscription subscription = new Subscription(this, keeps, subscriber);
            subscriptions.add(subscription);
            keepers += keeps ? 1 : 0;
            return subscription;
        }

        Reads reads() {
            lock.lock();
            try {
                return reads;
            } finally {
                lock.unlock();
            }
        }

        void leave(Subscription subscription) {
            Call left = null;
            lock.lock();
            try {
                keepers -= subscription.keeps ? 1 : 0;
                boolean last = state == State.LANDED
                        ? keepers == 0
                        : subscriptions.remove(subscription) && subscriptions.isEmpty();
                if (!last) {
                    return;
                }
                if (state == State.LANDED) {
                    state = State.DONE;
                    kept = null;
                } else if (state == State.QUEUED && place != null && place.withdraw()) {
                    state = State.DONE;
                    open.remove(this);
                } else if (state == State.QUEUED || state == State.RUNNING) {
                    state = State.TERMINATING;
                    left = call;
                }
            } finally {
                lock.unlock();
            }
            if (key != null) {
                underWay.remove(key, this);
            }
            if (left != null) {
                left.leave();
            }
        }

        /** Goes aboard, unless nobody wants this flight any more or, as a rider, it has begun elsewhere. */
        boolean board(Call mine, boolean asRider) {
            lock.lock();
            try {
                if (state != State.QUEUED) {
                    if (!asRider) {
                        state = State.DONE;
                        open.remove(this);
                    }
                    return false;
                }
                if (asRider && (place == null || !place.withdraw())) {
                    return false;
                }
                state = State.RUNNING;
                call = mine;
                started = clock.nanos();
                return true;
            } finally {
                lock.unlock();
            }
        }

        /** Goes on in another call; false if nobody wants it any more. */
        boolean change(Call mine) {
            lock.lock();
            try {
                call = mine;
                return state == State.RUNNING;
            } finally {
                lock.unlock();
            }
        }

        /** Runs on a thread of the budget, when this flight's turn has come. */
        @Override
        public Runnable run() {
            Call mine = new Call(step, List.of(this), 1);
            if (!board(mine, false)) {
                return Flights::nothing;
            }
            int running = budget.running();
            if (running >= budget.permits() && batches && facts.maxBatchItems() > 1) {
                takeAlong(mine);
                return mine.fly(Load.BUSY);
            }
            return running == 1 && layouts.exist(facts.models()) ? flyLone(mine) : mine.fly(Load.OTHER);
        }

        private Runnable flyLone(Call mine) {
            boolean spread = crowded.getAndUpdate(left -> Math.max(0, left - 1)) == 0
                    && costs(step).spread(cost())
                    && layouts.ready(facts.models())
                    && budget.takeOthers();
            if (!spread) {
                return mine.fly(Load.LONE);
            }
            Call call = new Call(step, List.of(this), budget.permits());
            if (!change(call)) {
                call.scope.cancel(); // left meanwhile: it ends before it begins
            }
            return call.fly(Load.LONE);
        }

        void look(long now, IdentityHashMap<Object, RunningStep> batches) {
            lock.lock();
            try {
                if (call != null) {
                    List<ModelReference<?>> models = facts.models();
                    String model = models.isEmpty() ? "" : models.get(0).id();
                    batches.merge(
                            call,
                            new RunningStep(facts.name(), model, Duration.ofNanos(now - started), subscriptions.size()),
                            (one, other) -> new RunningStep(
                                    one.step(), one.model(), one.age(), one.subscribers() + other.subscribers()));
                }
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

        private void land(@Nullable Object value, @Nullable InferenceException failure, Tally tally) {
            long ended = clock.nanos();
            List<Subscription> told;
            boolean keep;
            lock.lock();
            try {
                keep = keepers > 0 && value != null;
                state = keep ? State.LANDED : State.DONE;
                kept = keep ? landing(value, null, Delivery.SHARED, ended, tally) : null;
                call = null;
                told = List.copyOf(subscriptions);
                subscriptions.clear();
            } finally {
                lock.unlock();
            }
            open.remove(this);
            if (key != null && !keep) {
                underWay.remove(key, this);
            }
            boolean first = true;
            for (Subscription subscription : told) {
                InferenceException own = failure == null || first ? failure : failure.forAnotherCaller();
                // Whoever has subscribed longest counts as the one it was done for, even if it was not the first.
                Delivery delivery = first ? Delivery.COMPUTED : Delivery.SHARED;
                first = false;
                subscription.subscriber.landed(landing(value, own, delivery, ended, tally));
            }
        }

        private Landing landing(
                @Nullable Object value,
                @Nullable InferenceException failure,
                Delivery delivery,
                long ended,
                Tally tally) {
            return new Landing(value, failure, delivery, started, ended, started - created, tally);
        }
    }

    /** What is to be told where nobody waits. */
    private static void nothing() {}

    /** Lets flights that wait for the same step ride along with the first of a batch, as far as that pays. */
    private void takeAlong(Call call) {
        boarding.lock();
        try {
            Riders<Flight> riders = Riders.of(call.first(), waiting(), budget.permits());
            int items = costs(call.step).together(riders.costs());
            for (Flight rider : riders.take(items - 1)) {
                call.aboard.incrementAndGet();
                if (rider.board(call, true)) {
                    call.flights.add(rider);
                } else {
                    call.leave();
                }
            }
        } finally {
            boarding.unlock();
        }
    }

    /** The flights that would run next, in order; whatever else waits ends the list. */
    private List<Flight> waiting() {
        List<Flight> flights = new ArrayList<>();
        for (ComputeBudget.Place place : budget.next(LOOK_AHEAD)) {
            if (!(place.work() instanceof Flight flight)) {
                break;
            }
            flights.add(flight);
        }
        return flights;
    }

    /** What else runs when a call begins. */
    private enum Load {
        /** Every permit is in use, and the step can take several items. */
        BUSY,
        /** Nothing. */
        LONE,
        /** Anything: nothing is learnt from it. */
        OTHER
    }

    /** Flights of one step in one call; used by one thread of the budget, but for {@link #leave}. */
    private final class Call {
        private final BatchStep<Object, Object> step;
        private final List<Flight> flights;
        private final CallScope scope;
        private final AtomicInteger aboard; // flights that somebody wants

        Call(BatchStep<Object, Object> step, List<Flight> flights, int threads) {
            this.step = step;
            this.flights = new ArrayList<>(flights);
            this.scope = new CallScope(models, threads);
            this.aboard = new AtomicInteger(flights.size());
        }

        Flight first() {
            return flights.get(0);
        }

        /** A flight is not wanted any more. */
        void leave() {
            if (aboard.decrementAndGet() == 0) {
                scope.cancel();
            }
        }

        /** Returns how to tell the subscribers. */
        Runnable fly(Load load) {
            List<Object> items = flights.stream().map(flight -> flight.item).toList();
            scope.readAre(flights.stream().map(Flight::reads).reduce(Reads.NO_PART, Reads::and));
            boolean others = scope.threads() > 1;
            long begun = clock.nanos();
            List<Object> made = null;
            InferenceException caught = null;
            try {
                made = checked(step, items, scope);
            } catch (Throwable e) {
                caught = Failures.ofStep(first().facts.name(), e);
            } finally {
                scope.endUses();
                boolean waited = others && budget.giveOthers();
                if (waited && !scope.isCancelled()) { // else for moments only, until nobody's call had ended
                    crowded.set(CROWDED);
                }
            }
            List<Object> values = made;
            InferenceException failure = caught;
            if (values == null && flights.size() > 1 && aboard.get() > 0) {
                flyApart();
                learn(load, begun); // what the failure cost is what batches of this step cost
                return Flights::nothing;
            }
            if (values != null) {
                learn(load, begun);
            }
            return () -> land(values, failure);
        }

        private void land(@Nullable List<Object> values, @Nullable InferenceException failure) {
            Batch batch = batch();
            for (int i = 0; i < flights.size(); i++) {
                Flight flight = flights.get(i);
                flight.land(values == null ? null : values.get(i), failure, scope.tally(i, flight.cost(), batch));
            }
        }

        private void flyApart() {
            for (Flight flight : flights) {
                Call alone = new Call(step, List.of(flight), 1);
                if (flight.change(alone)) {
                    alone.fly(Load.OTHER).run();
                } else {
                    flight.land(null, null, Tally.NONE); // nobody is there to hear it
                }
            }
        }

        private void learn(Load load, long begun) {
            long nanos = clock.nanos() - begun;
            if (load == Load.BUSY) {
                costs(step).observedBusy(flights.size(), longest(), nanos);
            } else if (load == Load.LONE) {
                costs(step).observedLone(scope.threads() > 1, longest(), nanos);
            }
        }

        private long longest() {
            return flights.stream().mapToLong(Flight::cost).max().orElse(1);
        }

        /** How many there were; noted, too, for the provenance of each. */
        private Batch batch() {
            int items = flights.size();
            if (items == 1) {
                return scope.threads() == 1 ? Batch.ALONE : new Batch(1, 0, scope.threads());
            }
            double all = (double) items * longest();
            for (int i = 0; i < items; i++) {
                scope.note(i, Provenance.BATCH_ITEMS, items);
            }
            return new Batch(items, 1 - flights.stream().mapToLong(Flight::cost).sum() / all, 1);
        }
    }

    /** Runs a step on one item and checks that it kept its contract. */
    static Object single(BatchStep<Object, Object> step, Object item, RunScope scope) {
        return checked(step, List.of(item), scope).get(0);
    }

    private static List<Object> checked(BatchStep<Object, Object> step, List<Object> items, RunScope scope) {
        List<Object> values = step.run(items, scope);
        boolean kept = values != null && values.size() == items.size();
        for (int i = 0; kept && i < values.size(); i++) {
            kept = values.get(i) != null;
        }
        if (!kept) {
            throw new ModelRunException(
                    ModelRunException.Kind.BAD_OUTPUT,
                    "Step '" + step.facts().name() + "' must return one value for each item and returned "
                            + (values == null ? "null" : values.size() + " values or a null one") + " for "
                            + items.size() + (items.size() == 1 ? " item" : " items"),
                    null);
        }
        return values;
    }

    private record Subscription(Flight flight, boolean keeps, Subscriber subscriber) implements Ticket {
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

    StepScope scope() {
        return new StepScope(models);
    }
}
