package dev.leat;

import static java.util.Objects.requireNonNull;

import dev.leat.Provenance.Delivery;
import dev.leat.Provenance.ModelIdentity;
import dev.leat.Provenance.Origin;
import dev.leat.Settled.Hop;
import dev.leat.Settled.Lineage;
import dev.leat.Settled.Source;
import dev.leat.Settled.Tally;
import dev.leat.Settled.Work;
import dev.leat.TaskLine.Task;
import dev.leat.guard.Guard;
import dev.leat.guard.Offsets;
import dev.leat.observe.InferenceListener.Batch;
import dev.leat.observe.InferenceListener.NodeExecution;
import dev.leat.schedule.Clock;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope.Phase;
import dev.leat.spi.StepFacts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run of a graph on one input; thread-safe. */
final class Run {

    /*
     * 1. Who changes what
     *
     * All state of a run (cells, outcomes, demands) is changed by events, one at a time: whoever posts an event while
     * nobody drains becomes the drainer (drains counts events posted and not yet seen). An event never calls
     * user code, never blocks, and never waits for another run, so any thread may drain: a caller, a budget thread
     * that lands a flight, a timer.
     *
     * 2. Who does the work
     *
     * Light work (functions, rules, tokenising) becomes a task in ready. Workers take tasks: the thread inside
     * run(..), and helpers on the pipeline's executor. A worker with more tasks than itself asks the executor for a
     * helper; if the executor refuses, is slow or never runs anything, the worker goes on alone. A run that no thread
     * waits for has helpers only; a timer hands it to a thread of the library if its executor leaves tasks lying.
     * Heavy work goes to the flights, and lands as an event.
     *
     * 3. Demand
     *
     * A node is started when it is first demanded, by an output or by a decision above it. A cell knows its demanders;
     * when the last one lets go before it is settled, it goes back to IDLE, what it asked for is called off, and its own
     * demands are released in turn. The epoch tells late news for an earlier life of the cell.
     *
     * Nobody waits for what has settled: whoever finds it so reads it and is no demander of it.
     *
     * 4. What a run costs
     *
     * A run of light stages takes about as long as a few hundred instructions for each, so that objects are what it
     * costs. A cell has no lists until it waits or is waited for, an event that nobody has to wait for is not queued,
     * a task is its own event, keys are made for values that something can read, and trace, provenance and outcomes
     * are made when they are asked for. AllocationTest holds the figure.
     *
     * INVARIANT: a cell that is not IDLE and not SETTLED has a demander, and either a task, a ticket, a timer or a
     * demand of its own that will call advance again.
     */

    private static final long RESCUE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Graph graph;
    private final LeatRuntime runtime;
    private final RunOptions options;
    private final Executor executor;
    private final Join join;
    private final Object input;
    private final Admission admission;
    private final Consumer<Run> onEnd;
    private final long started;
    private final long deadline;

    private final ConcurrentLinkedQueue<Runnable> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger drains = new AtomicInteger();
    private final TaskLine ready = new TaskLine();
    private final AtomicInteger helpers = new AtomicInteger();
    private volatile @Nullable Thread caller;
    private volatile boolean ended;
    private volatile @Nullable OverloadedException refusal;
    private volatile boolean rulesAlone; // written before refusal
    private @Nullable Object bulk; // what this run is a part of; written before it begins
    private @Nullable Aside aside; // written before it begins; null: a thread waits in it
    private volatile double callShare; // the most of a call that a step of it fills
    private final Sessions.@Nullable Window session;

    // Confined to the drainer.
    private final @Nullable Cell[] cells;
    private final ArrayDeque<Cell> dirty = new ArrayDeque<>(8);
    private @Nullable Map<Object, Integer> byContent;
    private @Nullable Map<Cell, Flights.Ticket> filling; // of flights whose values go into the cache
    private boolean begun;
    private int pending;
    private Stop stop = Stop.NONE;
    private Clock.@Nullable Timer deadlineTimer;
    private List<Guard.Removal> removals = List.of();
    private @Nullable Object accepted; // what the guard made of the input
    private Offsets offsets = Offsets.none();

    // Written by the drainer before ended, read by others after.
    private @Nullable Results results;

    /** What a run has that no thread waits in: promises to those who started it, and a rescue when work is left lying. */
    private record Aside(
            CompletableFuture<Results> whole,
            Map<Stage<?, ?>, CompletableFuture<Outcome<Object>>> outcomes,
            AtomicBoolean rescueArmed) {}

    private enum Stop {
        NONE,
        DEADLINE,
        CANCELLED
    }

    private enum State {
        IDLE,
        WAITING,
        RUNNING,
        SETTLED
    }

    /** What a run knows of a node; confined to the drainer. */
    private static final class Cell {
        final int number;
        State state = State.IDLE;
        int epoch;
        int openConsumers;
        boolean output;
        List<Cell> waiters = List.of(); // who reads this and waits
        List<Cell> demands = List.of(); // what this waits for, or has waited for

        @Nullable
        Runnable callOff; // what it has asked for: a flight or a timer

        boolean timedOut;
        boolean askedCache;

        @Nullable
        Settled settled;

        Cell(int number, int consumers) {
            this.number = number;
            this.openConsumers = consumers;
        }

        void waitFor(Cell below) {
            // Most nodes wait for one other, or for none.
            demands = demands.isEmpty() ? new ArrayList<>(1) : demands;
            below.waiters = below.waiters.isEmpty() ? new ArrayList<>(1) : below.waiters;
            demands.add(below);
            below.waiters.add(this);
        }

        /** Whether anybody wants this, who does not have it yet. */
        boolean demanded() {
            return output || !waiters.isEmpty();
        }
    }

    /** Hands a completion to the user, whose code may follow it. */
    private static final class Telling<T> extends Task {
        private final CompletableFuture<T> promise;
        private final Supplier<T> told;

        Telling(CompletableFuture<T> promise, Supplier<T> told) {
            this.promise = promise;
            this.told = told;
        }

        @Override
        void work() {
            promise.complete(told.get());
        }
    }

    Run(
            Graph graph,
            LeatRuntime runtime,
            RunOptions options,
            Executor executor,
            Join join,
            Object input,
            Admission admission,
            Sessions.@Nullable Window session,
            Consumer<Run> onEnd) {
        this.graph = graph;
        this.runtime = runtime;
        this.options = options;
        this.executor = executor;
        this.join = join;
        this.input = input;
        this.admission = admission;
        this.session = session;
        this.onEnd = onEnd;
        this.cells = new Cell[graph.size()];
        this.started = runtime.clock().nanos();
        long limit = options.deadlineNanos();
        this.deadline = limit == Long.MAX_VALUE ? Long.MAX_VALUE : started + limit;
    }

    // ------------------------------------------------------------------ doors

    /** Settles every stage in this thread, with what help the executor gives. */
    Results runHere() {
        caller = Thread.currentThread();
        admission.enter(this);
        return workUntilEnded();
    }

    /** Works on a run that was started elsewhere until it has ended. */
    Results workUntilEnded() {
        caller = Thread.currentThread();
        boolean interrupted = false;
        while (!ended) {
            Task task = ready.poll();
            if (task != null) {
                askForHelp();
                task.work();
            } else if (!ended) {
                LockSupport.park(this);
                if (Thread.interrupted()) {
                    interrupted = true;
                    cancel();
                }
            }
        }
        caller = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        // Completions that others may wait for.
        for (Task task = ready.poll(); task != null; task = ready.poll()) {
            task.work();
        }
        return results();
    }

    /** Starts as a part of something whose runs may pass each other. */
    void startAside(Object whole) {
        bulk = whole;
        startAside();
    }

    /** How much of a call the dearest of its heavy steps takes, as far as it is known; over 1 for what fills more. */
    double callShare() {
        return callShare;
    }

    void startAside() {
        Map<Stage<?, ?>, CompletableFuture<Outcome<Object>>> outcomes = new LinkedHashMap<>();
        for (Graph.Output output : graph.outputs().values()) {
            if (isSelected(output)) {
                outcomes.put(output.stage(), new CompletableFuture<>());
            }
        }
        aside = new Aside(new CompletableFuture<>(), outcomes, new AtomicBoolean());
        admission.enter(this);
        wakeHelpers();
    }

    /** Begins; a refused run does no model work, or none at all. Called once, by the admission. */
    void open(@Nullable OverloadedException refused, boolean withRules) {
        rulesAlone = withRules;
        refusal = refused;
        post(this::begin);
    }

    long nanosToDeadline() {
        return deadline == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : deadline - runtime.clock().nanos();
    }

    void cancel() {
        post(() -> stop(Stop.CANCELLED));
        admission.withdraw(this);
    }

    /** Completes when the run has ended; of a run that was started aside. */
    CompletableFuture<Results> whole() {
        return requireNonNull(aside, "aside").whole;
    }

    /** The coming outcomes of the selected stages; of a run that was started aside. */
    Map<Stage<?, ?>, CompletableFuture<Outcome<Object>>> outcomes() {
        return requireNonNull(aside, "aside").outcomes;
    }

    boolean hasEnded() {
        return ended;
    }

    private Results results() {
        Results r = results;
        if (r == null) {
            throw new AssertionError("A run ended without results; this is a bug");
        }
        return r;
    }

    private boolean isSelected(Graph.Output output) {
        return options.only().isEmpty() || options.only().contains(output.stage());
    }

    // ------------------------------------------------------------------ workers

    private void help() {
        try {
            for (Task task = ready.poll(); task != null; task = ready.poll()) {
                askForHelp();
                task.work();
            }
        } finally {
            helpers.decrementAndGet();
        }
        // A task that came between the last poll and the decrement has seen a helper and asked nobody.
        if (caller == null && !ready.isEmpty()) {
            wakeHelpers();
        }
    }

    /** Called by a worker that is about to be busy: somebody else may take what is left. */
    private void askForHelp() {
        if (!ready.isEmpty() && helpers.get() < runtime.budget().permits() + 2) {
            helpers.incrementAndGet();
            try {
                executor.execute(this::help);
            } catch (RuntimeException refused) {
                helpers.decrementAndGet();
            }
        }
    }

    /** Called by whoever has drained: workers must learn of tasks and of the end. */
    private void wake() {
        Thread thread = caller;
        if (thread != null) {
            if (thread != Thread.currentThread()) {
                LockSupport.unpark(thread);
            }
        } else if (!ready.isEmpty() && helpers.get() == 0) {
            wakeHelpers();
        }
    }

    private void wakeHelpers() {
        if (ready.isEmpty()) {
            return;
        }
        helpers.incrementAndGet();
        // A foreign executor may run its task in the thread that hands it over, and this one may belong to the budget.
        if (executor == runtime.workers()) {
            handOver();
        } else {
            runtime.dispatch(this::handOver);
        }
        Aside started = aside;
        if (started != null && started.rescueArmed.compareAndSet(false, true)) {
            armRescue();
        }
    }

    private void handOver() {
        try {
            executor.execute(this::help);
        } catch (RuntimeException refused) {
            help();
        }
    }

    /** An executor that never runs what it took must not keep a run from ending. */
    private void armRescue() {
        runtime.clock().schedule(this::rescue, RESCUE_NANOS);
    }

    private void rescue() {
        if (ended && ready.isEmpty()) {
            return;
        }
        if (!ready.isEmpty()) {
            helpers.incrementAndGet();
            runtime.dispatch(this::help);
        }
        armRescue();
    }

    // ------------------------------------------------------------------ events

    private void post(Runnable event) {
        if (drains.compareAndSet(0, 1)) {
            handle(event); // nobody drains and nothing waits, as is usual: no need to queue it
        } else {
            events.add(event);
            if (drains.getAndIncrement() != 0) {
                return;
            }
        }
        int seen = 1;
        do {
            for (Runnable next = events.poll(); next != null; next = events.poll()) {
                handle(next);
            }
            seen = drains.addAndGet(-seen);
        } while (seen != 0);
        wake();
    }

    private void handle(Runnable event) {
        try {
            event.run();
            for (Cell cell = dirty.poll(); cell != null; cell = dirty.poll()) {
                advance(cell);
            }
            if (begun && pending == 0 && !ended) {
                end();
            }
        } catch (Throwable e) {
            // Only a key of the user's own (keyedBy, ContentKeyed) can do this: its equals or hashCode threw.
            collapse(e);
        }
    }

    /** Ends a run whose bookkeeping failed: whatever is not settled yet has failed, and nothing waits for ever. */
    private void collapse(Throwable cause) {
        stop = Stop.CANCELLED;
        dirty.clear();
        InferenceException failure = Failures.ofFunction("key", cause);
        for (Cell cell : cells) {
            if (cell != null && cell.output && cell.state != State.SETTLED) {
                settle(cell, Settled.failed(failure, Hop.NONE));
            }
        }
        dirty.clear();
        if (begun && !ended) {
            end();
        }
    }

    private void begin() {
        begun = true;
        if (deadline != Long.MAX_VALUE) {
            long left = nanosToDeadline();
            if (left > 0) {
                deadlineTimer = runtime.clock().schedule(() -> post(() -> stop(Stop.DEADLINE)), left);
            } else {
                stop(Stop.DEADLINE);
            }
        }
        start(cell(0)); // the input: there is no run without it, and who finds it settled need not wait for it
        for (Graph.Output output : graph.outputs().values()) {
            Cell cell = cell(output.node());
            if (isSelected(output) && !cell.output) {
                cell.output = true;
                pending++;
                start(cell);
            }
        }
    }

    private void end() {
        if (deadlineTimer != null) {
            deadlineTimer.cancel();
        }
        @Nullable Settled[] ends = new Settled[graph.outputs().size()];
        boolean failed = false;
        for (Graph.Output output : graph.outputs().values()) {
            if (isSelected(output)) {
                Settled end = settledOf(cell(output.node()));
                ends[output.place()] = end;
                failed |= end.kind() == Settled.Kind.FAILED;
            }
        }
        Results all = new Results(
                graph.outputs(),
                ends,
                removals,
                offsets,
                works(),
                started,
                runtime.clock().nanos());
        results = all;
        if (session != null) {
            session.ended(failed ? null : accepted);
        }
        onEnd.accept(this);
        ended = true;
        if (aside != null) {
            ready.add(new Telling<>(aside.whole, () -> all));
        }
    }

    private Work[] works() {
        int count = 0;
        for (Cell cell : cells) {
            count += workOf(cell) == null ? 0 : 1;
        }
        Work[] works = new Work[count];
        for (Cell cell : cells) {
            Work work = workOf(cell);
            if (work != null) {
                works[works.length - count--] = work;
            }
        }
        return works;
    }

    private static @Nullable Work workOf(@Nullable Cell cell) {
        return cell == null || cell.settled == null ? null : workOf(cell, cell.settled);
    }

    /** The work that a cell settles with, if it is the cell's own. */
    private static @Nullable Work workOf(Cell cell, Settled end) {
        return end.lineage() instanceof Work work && work.node() == cell.number ? work : null;
    }

    private void stop(Stop why) {
        if (ended || stop == Stop.CANCELLED || stop == why) {
            return;
        }
        stop = why;
        for (Cell cell : cells) {
            if (cell != null && cell.state == State.RUNNING && !mayStillRun(graph.node(cell.number))) {
                settle(cell, Settled.failed(stopFailure(), Hop.NONE));
            }
        }
    }

    private InferenceException stopFailure() {
        return stop == Stop.DEADLINE
                ? new DeadlineExceededException(
                        "The run's deadline of " + options.deadline().orElseThrow() + " passed")
                : new CancelledException("The run was cancelled");
    }

    private boolean mayStillRun(Node node) {
        return stop == Stop.NONE
                || node instanceof Node.Constant
                || node instanceof Node.Input
                || stop == Stop.DEADLINE
                        && node instanceof Node.Step step
                        && step.facts().instant();
    }

    // ------------------------------------------------------------------ demand

    private Cell cell(int number) {
        Cell cell = cells[number];
        if (cell == null) {
            cell = new Cell(number, graph.uses(number));
            cells[number] = cell;
        }
        return cell;
    }

    private Cell demand(Cell above, int number) {
        Cell below = cell(number);
        if (below.state != State.SETTLED && !above.demands.contains(below)) {
            above.waitFor(below);
            start(below);
        }
        return below;
    }

    private void start(Cell cell) {
        if (cell.state == State.IDLE) {
            cell.state = State.WAITING;
            dirty.add(cell);
        }
    }

    private void releaseDemands(Cell above) {
        for (Cell below : above.demands) {
            if (below.state != State.SETTLED) {
                below.waiters.remove(above);
                if (!below.demanded()) {
                    abandon(below);
                }
            }
        }
        above.demands = List.of();
        if (filling != null) {
            leaveFlights(above);
        }
    }

    private void leaveFlights(Cell above) {
        for (int number : graph.filledBy(above.number)) {
            Flights.Ticket ticket = fillsCache(number) ? null : forget(cell(number));
            if (ticket != null) {
                ticket.leave(); // what it was for is in the cache, or will not be
            }
        }
    }

    private Flights.@Nullable Ticket forget(Cell heavy) {
        return filling == null ? null : filling.remove(heavy);
    }

    /** Whether a cached node that has asked the cache in vain waits for a step. */
    private boolean fillsCache(int number) {
        for (int above : graph.fills(number)) {
            Cell cached = cell(above);
            if (cached.state == State.WAITING && cached.askedCache) {
                return true;
            }
        }
        return false;
    }

    /** Asks the cache again for those that wait for a step of this key; what is there now, they will find. */
    private boolean isCached(int number, Object key) {
        boolean found = false;
        for (int above : graph.fills(number)) {
            Cell cached = cell(above);
            Node.Cached node = (Node.Cached) graph.node(above);
            if (cached.state == State.WAITING
                    && cached.askedCache
                    && runtime.cache().holds(shared(keyAlong(node.step(), number, key)), node.ttlNanos())) {
                cached.askedCache = false;
                dirty.add(cached);
                found = true;
            }
        }
        return found;
    }

    private void abandon(Cell cell) {
        cell.state = State.IDLE;
        cell.epoch++;
        letGo(cell);
        releaseDemands(cell);
    }

    private void letGo(Cell cell) {
        if (cell.callOff != null) {
            cell.callOff.run();
            cell.callOff = null;
            forget(cell);
        }
        cell.timedOut = false;
    }

    private void settle(Cell cell, Settled settled) {
        cell.settled = settled;
        if (cell.number == graph.input() && session != null) {
            accepted = settled.value();
        }
        cell.state = State.SETTLED;
        cell.epoch++;
        letGo(cell);
        for (Cell waiter : cell.waiters) {
            dirty.add(waiter);
        }
        cell.waiters = List.of();
        releaseDemands(cell);
        dropValuesBelow(cell);
        if (cell.output) {
            pending--;
            keepPromises(cell, settled);
            if (join == Join.ALL && settled.kind() == Settled.Kind.FAILED) {
                stop(Stop.CANCELLED);
            }
        }
    }

    /** Pictures and hidden states are large: a value goes when the last node that could read it has settled. */
    private void dropValuesBelow(Cell cell) {
        for (int number : graph.below(cell.number)) {
            Cell below = cell(number);
            if (--below.openConsumers == 0
                    && below.settled != null
                    && !below.output
                    && !(graph.node(number) instanceof Node.Input) // which the caller holds anyway
                    && !graph.mayMeetByContent(number)) {
                below.settled = below.settled.withoutValue();
            }
        }
    }

    private void keepPromises(Cell cell, Settled settled) {
        if (aside == null) {
            return;
        }
        for (Graph.Output output : graph.outputs().values()) {
            CompletableFuture<Outcome<Object>> promise = aside.outcomes.get(output.stage());
            if (promise != null && output.node() == cell.number) {
                ready.add(new Telling<>(promise, settled::outcome));
            }
        }
    }

    // ------------------------------------------------------------------ nodes

    /** Takes a cell as far as it can go now; called when it is demanded and whenever something below has settled. */
    private void advance(Cell cell) {
        if (cell.state != State.WAITING) {
            return;
        }
        Node node = graph.node(cell.number);
        if (!mayStillRun(node) && node instanceof Node.Value) {
            settle(cell, Settled.failed(stopFailure(), Hop.NONE));
        } else if (node instanceof Node.Input) {
            OverloadedException refused = refusal;
            settle(
                    cell,
                    refused == null || rulesAlone || stop != Stop.NONE
                            ? Settled.success(input, Keys.of(input), Hop.NONE)
                            : Settled.failed(refused, Hop.NONE));
        } else if (node instanceof Node.Constant n) {
            settle(cell, Settled.success(n.value(), Keys.of(n.value()), Hop.NONE));
        } else if (node instanceof Node.Combine n) {
            combine(cell, n);
        } else if (node instanceof Node.Value) {
            Settled in = input(cell, graph.below(cell.number)[0]);
            if (in != null) {
                compute(cell, node, in);
            }
        } else {
            decide(cell);
        }
    }

    /** Computes the value of a node that reads one other. */
    private void compute(Cell cell, Node node, Settled in) {
        if (node instanceof Node.Step n) {
            step(cell, in, n);
        } else if (node instanceof Node.Func n) {
            function(cell, in, n.function());
        } else if (node instanceof Node.Test n) {
            function(cell, in, n.condition()::test);
        } else if (node instanceof Node.OptionsTest n) {
            function(cell, in, value -> n.condition().test(options));
        } else if (node instanceof Node.Guarded n) {
            function(cell, in, value -> guard(n.guard(), value));
        } else if (node instanceof Node.Keyed n) {
            light(cell, new Keying(this, cell, in, n));
        } else if (node instanceof Node.Window) {
            Object value = valueOf(in);
            settle(cell, session == null ? Sessions.alone(in, value) : session.with(in, value));
        } else {
            throw new AssertionError("Unknown node " + node.getClass() + "; this is a bug");
        }
    }

    /** What a node below has settled with, or null: it waits for it, or has settled as that has without a value. */
    private @Nullable Settled input(Cell cell, int number) {
        Cell below = demand(cell, number);
        if (below.state != State.SETTLED) {
            return null;
        }
        Settled in = settledOf(below);
        if (!in.hasValue()) {
            settle(cell, in);
            return null;
        }
        return in;
    }

    private static Settled settledOf(Cell cell) {
        Settled settled = cell.settled;
        if (settled == null) {
            throw new AssertionError("A settled cell has no outcome; this is a bug");
        }
        return settled;
    }

    private static Object valueOf(Settled settled) {
        Object value = settled.value();
        if (value == null) {
            throw new AssertionError("A value was dropped before its last use; this is a bug");
        }
        return value;
    }

    private static Object keyOf(Settled settled) {
        Object key = settled.key();
        return key == null ? new Keys.Identity(valueOf(settled)) : key;
    }

    private @Nullable Object guard(Guard<Object> guard, Object value) {
        Guard.Verdict<Object> verdict = guard.check(value);
        if (verdict == null) {
            return null;
        }
        post(() -> {
            removals = verdict.removals();
            offsets = verdict.offsets();
        });
        return verdict.input();
    }

    private void function(Cell cell, Settled in, Function<Object, @Nullable Object> function) {
        light(cell, new Calling(this, cell, in, function));
    }

    private void light(Cell cell, Light work) {
        cell.state = State.RUNNING;
        ready.add(work);
    }

    /** Light work on a cell: a task of some worker, and afterwards the event of its end. */
    private abstract static class Light extends Task implements Runnable {
        final Run run;
        final Cell cell;
        final Settled in;
        private final int epoch;
        private final long queued;
        private @Nullable Settled end;

        Light(Run run, Cell cell, Settled in) {
            this.run = run;
            this.queued = run.runtime.clock().nanos();
            this.cell = cell;
            this.in = in;
            this.epoch = cell.epoch;
        }

        /** Settles; called by a worker, begun at some time. */
        abstract Settled settled(long begun);

        @Override
        void work() {
            end = settled(run.runtime.clock().nanos());
            run.post(this);
        }

        @Override
        public void run() {
            run.worked(cell, epoch, requireNonNull(end, "end"));
        }

        /** What came of it, for those who look. */
        Work done(long begun, Tally tally) {
            Source source = run.graph.source(cell.number);
            long now = run.runtime.clock().nanos();
            return new Work(cell.number, source, Delivery.COMPUTED, begun, now, begun - queued, tally, in.lineage());
        }
    }

    private static final class Calling extends Light {
        private final Function<Object, @Nullable Object> function;

        Calling(Run run, Cell cell, Settled in, Function<Object, @Nullable Object> function) {
            super(run, cell, in);
            this.function = function;
        }

        @Override
        Settled settled(long begun) {
            String name = run.graph.label(cell.number);
            try {
                Object made = function.apply(valueOf(in));
                if (made == null) {
                    return Settled.failed(Failures.nullValue(name), done(begun, Tally.NONE));
                }
                Object key = Keys.of(made); // may call a key of the user's own
                return in.withValue(made, key, done(begun, Tally.NONE));
            } catch (Throwable e) {
                // Errors, too: a cell that never settles would hang every other stage of the run.
                return Settled.failed(Failures.ofFunction(name, e), done(begun, Tally.NONE));
            }
        }
    }

    /** Gives a value another key; it is no work that anybody would want to see. */
    private static final class Keying extends Light {
        private final Node.Keyed node;

        Keying(Run run, Cell cell, Settled in, Node.Keyed node) {
            super(run, cell, in);
            this.node = node;
        }

        @Override
        Settled settled(long begun) {
            String name = run.graph.label(cell.number);
            try {
                Object value = valueOf(in);
                Object key = node.key().apply(value);
                return key == null
                        ? Settled.failed(Failures.nullValue(name), in.lineage())
                        : in.withValue(value, new UserKey(key), in.lineage());
            } catch (Throwable e) {
                return Settled.failed(Failures.ofFunction(name, e), in.lineage());
            }
        }
    }

    private static final class Stepping extends Light {
        private final @Nullable Object key;

        Stepping(Run run, Cell cell, Settled in, @Nullable Object key) {
            super(run, cell, in);
            this.key = key;
        }

        @Override
        Settled settled(long begun) {
            Node.Step node = (Node.Step) run.graph.node(cell.number);
            StepScope scope = run.runtime.flights().scope();
            try {
                Object value = Flights.single(node.step(), valueOf(in), scope);
                return in.withValue(value, key, done(begun, scope.tally(0, 0, Batch.ALONE)));
            } catch (Throwable e) {
                Work work = done(begun, scope.tally(0, 0, Batch.ALONE));
                return Settled.failed(Failures.ofStep(node.facts().name(), e), work);
            } finally {
                scope.endUses();
            }
        }
    }

    /** A key of the user's own, apart from the keys of contents. */
    private record UserKey(Object key) {}

    private void worked(Cell cell, int epoch, Settled end) {
        if (cell.epoch != epoch || cell.state != State.RUNNING) {
            return;
        }
        Work work = workOf(cell, end);
        if (work != null) {
            tell(work, end.failure());
            if (end.hasValue() && work.delivery() == Delivery.COMPUTED) {
                graph.costs().computed(cell.number, work.ended() - work.started());
            }
        }
        settle(cell, end);
    }

    /** The key of a step's value; none if nobody can ask for it. */
    private @Nullable Object keyOf(Cell cell, Settled in, Node.Step node) {
        boolean asked = graph.uses(cell.number) > 0
                || graph.mayMeetByContent(cell.number)
                || node.facts().work() == StepFacts.Work.HEAVY;
        return asked ? new Keys.Derived(node.step(), keyOf(in)) : null;
    }

    private void step(Cell cell, Settled in, Node.Step node) {
        Object key = keyOf(cell, in, node);
        if (key != null && in.kind() == Settled.Kind.SUCCESS && graph.mayMeetByContent(cell.number)) {
            if (byContent == null) {
                byContent = new HashMap<>();
            }
            Integer twin = byContent.putIfAbsent(key, cell.number);
            if (twin != null && twin != cell.number) {
                Cell other = demand(cell, twin);
                if (other.state == State.SETTLED) {
                    settle(cell, settledOf(other));
                }
                return;
            }
        }
        OverloadedException noRoom = refusal;
        if (noRoom == null && !runtime.models().areOpen(node.facts().models())) {
            Set<ModelReference<?>> needed = new LinkedHashSet<>(node.facts().models());
            addModelsAbove(cell, new HashSet<>(), needed);
            runtime.models().openAhead(needed);
        }
        if (key == null || node.facts().work() == StepFacts.Work.LIGHT) {
            light(cell, new Stepping(this, cell, in, key));
        } else if (noRoom != null) {
            settle(cell, Settled.failed(noRoom, in.lineage()));
        } else {
            heavy(cell, in, node, key);
        }
    }

    /** Adds the models of the steps that wait for a cell: they can be opened while the cell's own are. */
    private void addModelsAbove(Cell cell, Set<Cell> seen, Set<ModelReference<?>> needed) {
        for (Cell waiter : cell.waiters) {
            if (!seen.add(waiter)) {
                continue; // reached from another side already
            }
            if (graph.node(waiter.number) instanceof Node.Step step) {
                needed.addAll(step.facts().models());
            }
            addModelsAbove(waiter, seen, needed);
        }
    }

    private void heavy(Cell cell, Settled in, Node.Step node, Object key) {
        cell.state = State.RUNNING;
        int epoch = cell.epoch;
        Object item = valueOf(in);
        boolean content = Keys.isContent(key);
        if (!content) {
            graph.costs().unkeyed(cell.number);
        }
        try {
            callShare = Math.max(
                    callShare, (double) node.step().cost(item) / node.facts().maxBatchCost());
            Object known = content ? shared(key) : key;
            boolean fills = content && fillsCache(cell.number);
            BooleanSupplier cached = fills ? () -> isCached(cell.number, key) : null;
            Flights.Wish wish =
                    new Flights.Wish(known, node.step(), item, graph.reads(cell.number), order(), bulk, cached);
            Flights.Ticket ticket = runtime.flights().join(wish, landing -> {
                Settled end = landed(cell.number, in, landing, key);
                post(() -> {
                    if (cell.epoch == epoch) {
                        cell.callOff = null;
                    }
                    worked(cell, epoch, end);
                });
            });
            if (ticket == null) {
                cell.state = State.WAITING; // for those who find it in the cache now, and maybe for others
                dirty.add(cell);
                return;
            }
            if (fills) {
                filling = filling == null ? new HashMap<>() : filling;
                filling.put(cell, ticket);
            }
            cell.callOff = ticket::leave;
        } catch (InferenceException refused) {
            runtime.broadcast().refused(admission.pipeline());
            settle(cell, Settled.failed(refused, in.lineage()));
        } catch (IllegalStateException closed) {
            settle(cell, Settled.failed(new CancelledException("The runtime is closed"), in.lineage()));
        }
    }

    private Settled landed(int number, Settled in, Flights.Landing landing, Object key) {
        Work work = new Work(
                number,
                graph.source(number),
                landing.delivery(),
                landing.started(),
                landing.ended(),
                landing.queued(),
                landing.tally(),
                in.lineage());
        InferenceException failure = landing.failure();
        return failure == null ? in.withValue(landing.value(), key, work) : Settled.failed(failure, work);
    }

    /** The one order key: fairness, ageing and deadlines in one number. */
    private long order() {
        return Math.min(deadline, started + options.priority().allowanceNanos);
    }

    private void combine(Cell cell, Node.Combine node) {
        Cell first = demand(cell, node.first());
        Cell second = demand(cell, node.second());
        if (first.state != State.SETTLED || second.state != State.SETTLED) {
            return;
        }
        Settled a = settledOf(first);
        Settled b = settledOf(second);
        Lineage lineage = Lineage.hop(null, a.lineage(), b.lineage());
        Settled worse = a.kind().ordinal() >= b.kind().ordinal() ? a : b;
        if (!worse.hasValue()) {
            settle(cell, worse.with(lineage));
            return;
        }
        Object left = valueOf(a);
        Object right = valueOf(b);
        Settled in = new Settled(worse.kind(), left, a.key(), worse.reason(), null, lineage);
        function(cell, in, value -> node.function().apply(left, right));
    }

    // ------------------------------------------------------------------ decisions

    private void decide(Cell cell) {
        Node node = graph.node(cell.number);
        String name = graph.label(cell.number);
        if (node instanceof Node.When n) {
            when(cell, n);
        } else if (node instanceof Node.Cached n) {
            Settled origin = input(cell, n.origin());
            if (origin != null) {
                cached(cell, origin, n);
            }
        } else if (node instanceof Node.OrElse n) {
            orElse(cell, n, name);
        } else if (node instanceof Node.FailClosed n) {
            Cell target = demand(cell, n.target());
            if (target.state == State.SETTLED) {
                settle(cell, failClosed(settledOf(target), n.value(), name));
            }
        } else if (node instanceof Node.Timeout n) {
            timeout(cell, n, name);
        } else if (node instanceof Node.Race n) {
            race(cell, n);
        } else if (node instanceof Node.Choice n) {
            choice(cell, n);
        } else if (node instanceof Node.Escalate n) {
            escalate(cell, n, name);
        } else {
            throw new AssertionError("Unknown node " + node.getClass() + "; this is a bug");
        }
    }

    private void when(Cell cell, Node.When node) {
        Cell input = demand(cell, node.input());
        if (input.state != State.SETTLED) {
            return;
        }
        if (!settledOf(input).hasValue()) {
            settle(cell, settledOf(input));
            return;
        }
        Cell test = demand(cell, node.test());
        if (test.state != State.SETTLED) {
            return;
        }
        Settled verdict = settledOf(test);
        if (!verdict.hasValue() && !skips(node, verdict)) {
            settle(cell, verdict);
        } else if (!Boolean.TRUE.equals(verdict.value())) {
            Reason reason = new Reason(node.code(), graph.label(cell.number));
            settle(cell, Settled.skipped(reason, verdict.lineage()));
        } else {
            Cell target = demand(cell, node.target());
            if (target.state == State.SETTLED) {
                settle(cell, settledOf(target));
            }
        }
    }

    /** A gate without a value skips the stage; a condition that throws, or a gate that was cancelled, does not. */
    private boolean skips(Node.When node, Settled verdict) {
        if (verdict.failure() instanceof CancelledException
                || !(graph.node(node.test()) instanceof Node.Test test)
                || test.input() == node.input()) {
            return false;
        }
        Cell gate = cell(test.input());
        return gate.state == State.SETTLED && !settledOf(gate).hasValue();
    }

    private void cached(Cell cell, Settled origin, Node.Cached node) {
        Node.Step step = (Node.Step) graph.node(node.step());
        RunOptions.CachePolicy policy = options.cache();
        Object local = keyAlong(node.step(), node.origin(), keyOf(origin));
        boolean keeps = policy != RunOptions.CachePolicy.BYPASS
                && origin.kind() == Settled.Kind.SUCCESS
                && Keys.isContent(local);
        Object key = keeps ? shared(local) : local;
        if (keeps && policy != RunOptions.CachePolicy.REFRESH && !cell.askedCache) {
            cell.askedCache = true;
            Kept kept = (Kept) runtime.cache().get(key, node.ttlNanos());
            runtime.broadcast().cacheAsked(admission.pipeline(), step.facts().name(), kept != null);
            if (kept != null) {
                Work hit = kept.hit(
                        cell.number, step.facts().name(), runtime.clock().nanos(), origin.lineage());
                tell(hit, null);
                settle(cell, Settled.success(kept.value, local, hit));
                return;
            }
        }
        if (policy == RunOptions.CachePolicy.ONLY) {
            Reason reason = new Reason(Reason.NOT_CACHED, graph.label(cell.number));
            settle(cell, Settled.skipped(reason, origin.lineage()));
            return;
        }
        Cell target = demand(cell, node.step());
        if (target.state == State.SETTLED) {
            Settled settled = settledOf(target);
            if (keeps && settled.kind() == Settled.Kind.SUCCESS) {
                Kept kept = Kept.of(settled, origin);
                runtime.cache().put(key, kept, Kept.BYTES + step.step().weightBytes(kept.value), node.ttlNanos());
            }
            settle(cell, settled);
        }
    }

    /** The key that a step's value will have, told from the key of a node below and the steps between. */
    private Object keyAlong(int number, int origin, Object key) {
        if (number == origin) {
            return key;
        }
        Node node = graph.node(number);
        return node instanceof Node.Step step
                ? new Keys.Derived(step.step(), keyAlong(step.input(), origin, key))
                : keyAlong(((Node.Cached) node).step(), origin, key);
    }

    /** A value in the cache, with what its provenance says of the work that made it. */
    private record Kept(Object value, Origin origin, List<ModelIdentity> models, Map<String, Long> facts) {

        /** What the provenance weighs, measured generously. */
        static final long BYTES = 512;

        /** Leaves out what led to the origin, which each run adds for itself, and with whom the value was computed. */
        static Kept of(Settled settled, Settled origin) {
            Provenance provenance = settled.lineage().since(origin.lineage());
            Map<String, Long> facts = new LinkedHashMap<>(provenance.facts());
            facts.remove(Provenance.BATCH_ITEMS);
            return new Kept(valueOf(settled), provenance.origin(), provenance.models(), Map.copyOf(facts));
        }

        Work hit(int node, String name, long now, Lineage before) {
            Tally tally = new Tally(Tally.NONE.phases(), 0, Batch.ALONE, facts);
            return new Work(
                    node, new Source(name, origin, models, "items"), Delivery.CACHED, now, now, 0, tally, before);
        }
    }

    private void tell(Work work, @Nullable InferenceException failure) {
        if (runtime.broadcast().isWatched()) {
            runtime.broadcast()
                    .executed(new NodeExecution(
                            admission.pipeline(),
                            work.source().name(),
                            work.source().models(),
                            work.source().origin(),
                            work.delivery(),
                            failure == null ? null : Reason.codeOf(failure),
                            work.queue(),
                            work.tally().phases()[Phase.TOKENIZE.ordinal()],
                            work.tally().phases()[Phase.PRE.ordinal()],
                            work.tally().phases()[Phase.INFER.ordinal()],
                            work.tally().phases()[Phase.POST.ordinal()],
                            work.ended() - work.started(),
                            work.tally().cost(),
                            work.source().costUnit(),
                            work.tally().batch(),
                            work.tally().facts()));
        }
    }

    /** The key under which other runs of this scope know the same work. */
    private Object shared(Object key) {
        return Keys.shared(key, runtime.keyedHash(), options.scope().orElse(null));
    }

    private void orElse(Cell cell, Node.OrElse node, String name) {
        Cell first = demand(cell, node.first());
        if (first.state != State.SETTLED) {
            return;
        }
        Settled tried = settledOf(first);
        InferenceException failure = tried.answerable();
        if (failure == null) {
            settle(cell, tried);
            return;
        }
        Cell fallback = demand(cell, node.fallback());
        if (fallback.state != State.SETTLED) {
            return;
        }
        Settled other = settledOf(fallback);
        Reason reason = Reason.of(failure, name);
        if (other.hasValue()) {
            settle(
                    cell,
                    new Settled(
                            Settled.Kind.DEGRADED,
                            other.value(),
                            other.key(),
                            reason,
                            other.failure(),
                            Lineage.hop(reason, tried.lineage(), other.lineage())));
        } else if (tried.hasValue()) {
            settle(cell, tried);
        } else {
            if (other.failure() != null && other.failure() != failure) {
                failure.addSuppressed(other.failure());
            }
            settle(cell, tried.with(Lineage.hop(reason, tried.lineage(), other.lineage())));
        }
    }

    private static Settled failClosed(Settled tried, Object value, String name) {
        if (tried.kind() != Settled.Kind.FAILED || tried.failure() == null) {
            return tried;
        }
        Lineage lineage = Lineage.hop(Reason.of(tried.failure(), name), tried.lineage());
        return new Settled(
                Settled.Kind.DEGRADED,
                value,
                Keys.of(value),
                new Reason(Reason.UNAVAILABLE, name),
                tried.failure(),
                lineage);
    }

    private void timeout(Cell cell, Node.Timeout node, String name) {
        Cell target = demand(cell, node.target());
        if (target.state == State.SETTLED) {
            settle(cell, settledOf(target));
        } else if (cell.timedOut) {
            settle(
                    cell,
                    Settled.failed(
                            new DeadlineExceededException("Stage '" + name + "' was not settled within its timeout of "
                                    + Duration.ofNanos(node.nanos())),
                            Hop.NONE));
        } else if (cell.callOff == null) {
            int epoch = cell.epoch;
            Clock.Timer timer = runtime.clock()
                    .schedule(
                            () -> post(() -> {
                                if (cell.epoch == epoch) {
                                    cell.timedOut = true;
                                    dirty.add(cell);
                                }
                            }),
                            node.nanos());
            cell.callOff = timer::cancel;
        }
    }

    private void race(Cell cell, Node.Race node) {
        Settled first = null;
        boolean open = false;
        for (int number : node.contenders()) {
            Cell contender = demand(cell, number);
            if (contender.state != State.SETTLED) {
                open = true;
            } else if (settledOf(contender).hasValue()) {
                settle(cell, settledOf(contender));
                return;
            } else if (first == null) {
                first = settledOf(contender);
            }
        }
        if (!open && first != null) {
            settle(cell, first);
        }
    }

    private void choice(Cell cell, Node.Choice node) {
        int chosen = node.otherwise();
        Reason hop = new Reason(Reason.ROUTE, "otherwise");
        for (int i = 0; i < node.names().size(); i++) {
            Cell test = demand(cell, node.pairs().get(2 * i));
            if (test.state != State.SETTLED) {
                return;
            }
            Settled verdict = settledOf(test);
            if (!verdict.hasValue()) {
                settle(cell, verdict);
                return;
            }
            if (Boolean.TRUE.equals(verdict.value())) {
                chosen = node.pairs().get(2 * i + 1);
                hop = new Reason(Reason.ROUTE, node.names().get(i));
                break;
            }
        }
        Cell target = demand(cell, chosen);
        if (target.state == State.SETTLED) {
            Settled settled = settledOf(target);
            settle(cell, settled.with(Lineage.hop(hop, settled.lineage())));
        }
    }

    private void escalate(Cell cell, Node.Escalate node, String name) {
        Cell cheap = demand(cell, node.cheap());
        if (cheap.state != State.SETTLED) {
            return;
        }
        Settled first = settledOf(cheap);
        boolean failed = first.answerable() != null;
        if (!failed) {
            if (!first.hasValue()) {
                settle(cell, first);
                return;
            }
            Cell unsure = demand(cell, node.unsure());
            if (unsure.state != State.SETTLED) {
                return;
            }
            Settled verdict = settledOf(unsure);
            if (!verdict.hasValue()) {
                settle(cell, verdict);
                return;
            }
            if (Boolean.FALSE.equals(verdict.value())) {
                settle(cell, first);
                return;
            }
        }
        Cell dear = demand(cell, node.dear());
        if (dear.state != State.SETTLED) {
            return;
        }
        Settled second = settledOf(dear);
        Reason hop = new Reason(Reason.ESCALATED, name);
        Lineage lineage = Lineage.hop(hop, first.lineage(), second.lineage());
        if (second.hasValue()) {
            settle(cell, second.with(lineage));
        } else if (first.hasValue()) {
            settle(cell, first.degraded(new Reason(Reason.ESCALATION_FAILED, name), lineage));
        } else {
            settle(cell, second.with(lineage));
        }
    }
}
