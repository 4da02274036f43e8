package dev.leat;

import dev.leat.Provenance.Delivery;
import dev.leat.Provenance.ModelIdentity;
import dev.leat.Provenance.Origin;
import dev.leat.Settled.Lineage;
import dev.leat.Settled.Work;
import dev.leat.guard.Guard;
import dev.leat.guard.Offsets;
import dev.leat.observe.InferenceListener.Batch;
import dev.leat.observe.InferenceListener.NodeExecution;
import dev.leat.schedule.Clock;
import dev.leat.spi.BatchStep;
import dev.leat.spi.RunScope.Phase;
import dev.leat.spi.StepFacts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
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
     * A node is started when it is first demanded, by an output or by a decision above it. A cell counts its demanders;
     * when the last one lets go before it is settled, it goes back to IDLE, its ticket is given back, and its own
     * demands are released in turn. The epoch tells late news for an earlier life of the cell.
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
    private final ConcurrentLinkedQueue<Task> ready = new ConcurrentLinkedQueue<>();
    private final AtomicInteger helpers = new AtomicInteger();
    private final AtomicBoolean rescueArmed = new AtomicBoolean();
    private volatile @Nullable Thread caller;
    private volatile boolean ended;
    private volatile @Nullable OverloadedException refusal;
    private volatile boolean rulesAlone; // written before refusal
    private @Nullable Object bulk; // what this run is a part of; written before it begins
    private volatile double callShare; // the most of a call that a step of it fills
    private final Sessions.@Nullable Window session;

    // Confined to the drainer.
    private final @Nullable Cell[] cells;
    private final ArrayDeque<Cell> dirty = new ArrayDeque<>();
    private final Map<Stage<?, ?>, Cell> outputs = new LinkedHashMap<>();
    private final List<Work> works = new ArrayList<>();
    private @Nullable Map<Object, Integer> byContent;
    private boolean begun;
    private int pending;
    private Stop stop = Stop.NONE;
    private Clock.@Nullable Timer deadlineTimer;
    private List<Guard.Removal> removals = List.of();
    private @Nullable Object accepted; // what the guard made of the input
    private Offsets offsets = Offsets.none();

    // Written by the drainer before ended, read by others after.
    private @Nullable Results results;
    private final Map<Stage<?, ?>, CompletableFuture<Outcome<Object>>> promises = new HashMap<>();
    private final CompletableFuture<Results> whole = new CompletableFuture<>();

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
        final Node node;
        State state = State.IDLE;
        int epoch;
        int demanders;
        int openConsumers;
        boolean output;
        final List<Cell> waiters = new ArrayList<>(2);
        final List<Cell> demands = new ArrayList<>(2);
        Flights.@Nullable Ticket ticket;
        Clock.@Nullable Timer timer;
        boolean timedOut;
        boolean askedCache;

        @Nullable
        Settled settled;

        Cell(int number, Node node, int consumers) {
            this.number = number;
            this.node = node;
            this.openConsumers = consumers;
        }
    }

    /** A piece of light work, or a completion to hand to the user; run by a worker. */
    @FunctionalInterface
    private interface Task {
        void work();
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
        for (Stage<?, ?> stage : selected()) {
            promises.put(stage, new CompletableFuture<>());
        }
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

    CompletableFuture<Results> whole() {
        return whole;
    }

    Map<Stage<?, ?>, CompletableFuture<Outcome<Object>>> promises() {
        return promises;
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

    private Iterable<Stage<?, ?>> selected() {
        return options.only().isEmpty()
                ? graph.outputs().keySet()
                : graph.outputs().keySet().stream()
                        .filter(options.only()::contains)
                        .toList();
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
        if (rescueArmed.compareAndSet(false, true)) {
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
        events.add(event);
        if (drains.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            for (Runnable next = events.poll(); next != null; next = events.poll()) {
                try {
                    handle(next);
                } catch (Throwable e) {
                    // Only a key of the user's own (keyedBy, ContentKeyed) can do this: its equals or hashCode threw.
                    collapse(e);
                }
            }
            seen = drains.addAndGet(-seen);
        } while (seen != 0);
        wake();
    }

    private void handle(Runnable event) {
        event.run();
        for (Cell cell = dirty.poll(); cell != null; cell = dirty.poll()) {
            advance(cell);
        }
        if (begun && pending == 0 && !ended) {
            end();
        }
    }

    /** Ends a run whose bookkeeping failed: whatever is not settled yet has failed, and nothing waits for ever. */
    private void collapse(Throwable cause) {
        stop = Stop.CANCELLED;
        dirty.clear();
        InferenceException failure = Failures.ofFunction("key", cause);
        for (Cell cell : List.copyOf(outputs.values())) {
            if (cell.state != State.SETTLED) {
                settle(cell, Settled.failed(failure, Lineage.NONE));
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
        for (Stage<?, ?> stage : selected()) {
            Integer number = graph.outputs().get(stage);
            if (number == null) {
                throw new AssertionError("A selected stage is not in the graph; this is a bug");
            }
            Cell cell = cell(number);
            outputs.put(stage, cell);
            cell.demanders++;
            if (!cell.output) {
                cell.output = true;
                pending++;
            }
        }
        for (Cell cell : outputs.values()) {
            start(cell);
        }
    }

    private void end() {
        if (deadlineTimer != null) {
            deadlineTimer.cancel();
        }
        Map<Stage<?, ?>, Settled> ends = new LinkedHashMap<>();
        outputs.forEach((stage, cell) -> ends.put(stage, settledOf(cell)));
        long now = runtime.clock().nanos();
        Results all = new Results(ends, removals, offsets, new Trace(List.copyOf(works), started, now));
        results = all;
        if (session != null) {
            boolean failed = ends.values().stream().anyMatch(end -> end.kind() == Settled.Kind.FAILED);
            session.ended(failed ? null : accepted);
        }
        onEnd.accept(this);
        ended = true;
        if (!promises.isEmpty()) {
            ready.add(() -> whole.complete(all));
        }
    }

    private void stop(Stop why) {
        if (ended || stop == Stop.CANCELLED || stop == why) {
            return;
        }
        stop = why;
        for (Cell cell : cells) {
            if (cell != null && cell.state == State.RUNNING && !mayStillRun(cell.node)) {
                settle(cell, Settled.failed(stopFailure(), Lineage.NONE));
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
                        && step.step().facts().instant();
    }

    // ------------------------------------------------------------------ demand

    private Cell cell(int number) {
        Cell cell = cells[number];
        if (cell == null) {
            cell = new Cell(number, graph.node(number), graph.uses(number));
            cells[number] = cell;
        }
        return cell;
    }

    private Cell demand(Cell above, int number) {
        Cell below = cell(number);
        if (!above.demands.contains(below)) {
            above.demands.add(below);
            below.demanders++;
            if (below.state != State.SETTLED) {
                below.waiters.add(above);
                start(below);
            }
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
            below.waiters.remove(above);
            if (--below.demanders == 0) {
                if (below.state == State.WAITING || below.state == State.RUNNING) {
                    abandon(below);
                }
            }
        }
        above.demands.clear();
    }

    private void abandon(Cell cell) {
        cell.state = State.IDLE;
        cell.epoch++;
        letGo(cell);
        releaseDemands(cell);
    }

    private void letGo(Cell cell) {
        if (cell.ticket != null) {
            cell.ticket.leave();
            cell.ticket = null;
        }
        if (cell.timer != null) {
            cell.timer.cancel();
            cell.timer = null;
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
        dirty.addAll(cell.waiters);
        cell.waiters.clear();
        releaseDemands(cell);
        dropValuesBelow(cell);
        if (cell.output) {
            pending--;
            outputs.forEach((stage, output) -> {
                if (output == cell) {
                    promise(stage, settled);
                }
            });
            if (join == Join.ALL && settled.kind() == Settled.Kind.FAILED) {
                stop(Stop.CANCELLED);
            }
        }
    }

    /** Pictures and hidden states are large: a value goes when the last node that could read it has settled. */
    private void dropValuesBelow(Cell cell) {
        for (int number : cell.node.below()) {
            Cell below = cell(number);
            if (--below.openConsumers == 0
                    && below.settled != null
                    && !below.output
                    && !graph.mayMeetByContent(number)) {
                below.settled = below.settled.withoutValue();
            }
        }
    }

    private void promise(Stage<?, ?> stage, Settled settled) {
        CompletableFuture<Outcome<Object>> promise = promises.get(stage);
        if (promise != null) {
            ready.add(() -> promise.complete(settled.outcome()));
        }
    }

    // ------------------------------------------------------------------ nodes

    /** Takes a cell as far as it can go now; called when it is demanded and whenever something below has settled. */
    private void advance(Cell cell) {
        if (cell.state != State.WAITING) {
            return;
        }
        Node node = cell.node;
        if (!mayStillRun(node) && node instanceof Node.Value) {
            settle(cell, Settled.failed(stopFailure(), Lineage.NONE));
        } else if (node instanceof Node.Input) {
            OverloadedException refused = refusal;
            settle(
                    cell,
                    refused == null || rulesAlone || stop != Stop.NONE
                            ? Settled.success(input, Keys.of(input), Lineage.NONE)
                            : Settled.failed(refused, Lineage.NONE));
        } else if (node instanceof Node.Constant n) {
            settle(cell, Settled.success(n.value(), Keys.of(n.value()), Lineage.NONE));
        } else if (node instanceof Node.Window n) {
            onInput(
                    cell,
                    n.input(),
                    in -> settle(
                            cell, session == null ? Sessions.alone(in, valueOf(in)) : session.with(in, valueOf(in))));
        } else if (node instanceof Node.Guarded n) {
            onInput(cell, n.input(), in -> function(cell, in, Origin.RULE, value -> guard(n.guard(), value)));
        } else if (node instanceof Node.Func n) {
            onInput(cell, n.input(), in -> function(cell, in, Origin.FUNCTION, n.function()::apply));
        } else if (node instanceof Node.Test n) {
            onInput(cell, n.input(), in -> function(cell, in, Origin.FUNCTION, n.condition()::test));
        } else if (node instanceof Node.OptionsTest n) {
            onInput(
                    cell,
                    n.input(),
                    in -> function(
                            cell, in, Origin.FUNCTION, value -> n.condition().test(options)));
        } else if (node instanceof Node.Keyed n) {
            onInput(cell, n.input(), in -> keyed(cell, in, n));
        } else if (node instanceof Node.Step n) {
            onInput(cell, n.input(), in -> step(cell, in, n.step()));
        } else if (node instanceof Node.Combine n) {
            combine(cell, n);
        } else {
            decide(cell);
        }
    }

    /** Something that goes on with a settled value. */
    private interface Onward {
        void with(Settled in);
    }

    private void onInput(Cell cell, int number, Onward onward) {
        Cell below = demand(cell, number);
        if (below.state == State.SETTLED) {
            Settled in = settledOf(below);
            if (in.hasValue()) {
                onward.with(in);
            } else {
                settle(cell, in);
            }
        }
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

    /** What light work does with a value. */
    private interface Body {
        @Nullable
        Object apply(Object value);
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

    private void function(Cell cell, Settled in, Origin origin, Body body) {
        cell.state = State.RUNNING;
        int epoch = cell.epoch;
        String name = graph.label(cell.number);
        Object value = valueOf(in);
        long queued = runtime.clock().nanos();
        ready.add(() -> {
            long begun = runtime.clock().nanos();
            Object made = null;
            Object key = null;
            InferenceException failure = null;
            try {
                made = body.apply(value);
                if (made == null) {
                    failure = Failures.nullValue(name);
                } else {
                    key = Keys.of(made); // may call a key of the user's own
                }
            } catch (Throwable e) {
                // Errors, too: a cell that never settles would hang every other stage of the run.
                failure = Failures.ofFunction(name, e);
            }
            Object result = failure == null ? made : null;
            Object known = key;
            InferenceException failed = failure;
            long done = runtime.clock().nanos();
            post(() -> worked(
                    cell,
                    epoch,
                    in,
                    result,
                    failed,
                    known,
                    new Work(
                            cell.number,
                            name,
                            origin,
                            List.of(),
                            Delivery.COMPUTED,
                            begun,
                            done,
                            begun - queued,
                            new long[4],
                            0,
                            "items",
                            Batch.ALONE,
                            Map.of())));
        });
    }

    private void keyed(Cell cell, Settled in, Node.Keyed node) {
        Object value = valueOf(in);
        cell.state = State.RUNNING;
        int epoch = cell.epoch;
        String name = graph.label(cell.number);
        ready.add(() -> {
            Settled settled;
            try {
                Object key = node.key().apply(value);
                settled = key == null
                        ? Settled.failed(Failures.nullValue(name), in.lineage())
                        : new Settled(in.kind(), value, new UserKey(key), in.reason(), null, in.lineage());
            } catch (Throwable e) {
                settled = Settled.failed(Failures.ofFunction(name, e), in.lineage());
            }
            Settled end = settled;
            post(() -> {
                if (cell.epoch == epoch) {
                    settle(cell, end);
                }
            });
        });
    }

    /** A key of the user's own, apart from the keys of contents. */
    private record UserKey(Object key) {}

    private void worked(
            Cell cell,
            int epoch,
            Settled in,
            @Nullable Object value,
            @Nullable InferenceException failure,
            @Nullable Object key,
            Work work) {
        if (cell.epoch != epoch || cell.state != State.RUNNING) {
            return;
        }
        works.add(work);
        tell(work, failure);
        if (failure == null && work.delivery() == Delivery.COMPUTED) {
            graph.costs().computed(cell.number, work.ended() - work.started());
        }
        Lineage lineage = Lineage.of(work, List.of(in.lineage()));
        if (failure != null) {
            settle(cell, Settled.failed(failure, lineage));
        } else if (value != null && key != null) {
            // What follows a degraded value is as degraded as it is.
            settle(cell, new Settled(in.kind(), value, key, in.reason(), null, lineage));
        } else {
            throw new AssertionError("Work ended with neither value nor failure; this is a bug");
        }
    }

    private void step(Cell cell, Settled in, BatchStep<Object, Object> step) {
        StepFacts facts = step.facts();
        Object key = new Keys.Derived(step, keyOf(in));
        if (in.kind() == Settled.Kind.SUCCESS && graph.mayMeetByContent(cell.number)) {
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
        if (noRoom != null && facts.work() == StepFacts.Work.HEAVY) {
            settle(cell, Settled.failed(noRoom, in.lineage()));
            return;
        }
        cell.state = State.RUNNING;
        int epoch = cell.epoch;
        Object item = valueOf(in);
        if (facts.work() == StepFacts.Work.LIGHT) {
            long queued = runtime.clock().nanos();
            ready.add(() -> light(cell, epoch, in, step, item, key, queued));
            return;
        }
        if (!Keys.isContent(key)) {
            graph.costs().unkeyed(cell.number);
        }
        try {
            callShare = Math.max(callShare, (double) step.cost(item) / facts.maxBatchCost());
            cell.ticket = runtime.flights()
                    .join(
                            Keys.isContent(key) ? shared(key) : key,
                            step,
                            item,
                            order(),
                            bulk,
                            landing -> post(() -> {
                                if (cell.epoch == epoch) {
                                    cell.ticket = null;
                                }
                                worked(
                                        cell,
                                        epoch,
                                        in,
                                        landing.value(),
                                        landing.failure(),
                                        key,
                                        new Work(
                                                cell.number,
                                                facts.name(),
                                                facts.origin(),
                                                identities(facts),
                                                landing.delivery(),
                                                landing.started(),
                                                landing.ended(),
                                                landing.queued(),
                                                landing.phases(),
                                                landing.cost(),
                                                facts.costUnit(),
                                                landing.batch(),
                                                landing.facts()));
                            }));
        } catch (InferenceException refused) {
            runtime.broadcast().refused(admission.pipeline());
            settle(cell, Settled.failed(refused, in.lineage()));
        } catch (IllegalStateException closed) {
            settle(cell, Settled.failed(new CancelledException("The runtime is closed"), in.lineage()));
        }
    }

    private void light(
            Cell cell, int epoch, Settled in, BatchStep<Object, Object> step, Object item, Object key, long queued) {
        StepFacts facts = step.facts();
        StepScope scope = runtime.flights().scope();
        long begun = runtime.clock().nanos();
        Object made = null;
        InferenceException failure = null;
        try {
            made = Flights.single(step, item, scope);
        } catch (Throwable e) {
            failure = Failures.ofStep(facts.name(), e);
        } finally {
            scope.endUses();
        }
        Object value = made;
        InferenceException failed = failure;
        Work work = new Work(
                cell.number,
                facts.name(),
                facts.origin(),
                identities(facts),
                Delivery.COMPUTED,
                begun,
                runtime.clock().nanos(),
                begun - queued,
                scope.phases,
                0,
                facts.costUnit(),
                Batch.ALONE,
                scope.facts(0));
        post(() -> worked(cell, epoch, in, value, failed, key, work));
    }

    private static List<ModelIdentity> identities(StepFacts facts) {
        return facts.models().stream()
                .map(m -> new ModelIdentity(m.id(), m.version(), m.digest()))
                .toList();
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
        function(cell, in, Origin.FUNCTION, value -> node.function().apply(left, right));
    }

    // ------------------------------------------------------------------ decisions

    private void decide(Cell cell) {
        Node node = cell.node;
        String name = graph.label(cell.number);
        if (node instanceof Node.When n) {
            when(cell, n);
        } else if (node instanceof Node.Cached n) {
            onInput(cell, n.origin(), origin -> cached(cell, origin, n));
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
        BatchStep<Object, Object> step = ((Node.Step) graph.node(node.step())).step();
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
                Work hit = hit(cell, step.facts().name(), kept);
                settle(cell, Settled.success(kept.value, local, Lineage.of(hit, List.of(origin.lineage()))));
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
                runtime.cache().put(key, kept, Kept.BYTES + step.weightBytes(kept.value), node.ttlNanos());
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
            Provenance provenance = settled.lineage().since(origin.lineage()).provenance();
            Map<String, Long> facts = new LinkedHashMap<>(provenance.facts());
            facts.remove(Provenance.BATCH_ITEMS);
            return new Kept(valueOf(settled), provenance.origin(), provenance.models(), Map.copyOf(facts));
        }
    }

    private Work hit(Cell cell, String name, Kept kept) {
        long now = runtime.clock().nanos();
        Work work = new Work(
                cell.number,
                name,
                kept.origin,
                kept.models,
                Delivery.CACHED,
                now,
                now,
                0,
                new long[4],
                0,
                "items",
                Batch.ALONE,
                kept.facts);
        works.add(work);
        tell(work, null);
        return work;
    }

    private void tell(Work work, @Nullable InferenceException failure) {
        if (runtime.broadcast().isWatched()) {
            runtime.broadcast()
                    .executed(new NodeExecution(
                            admission.pipeline(),
                            work.name(),
                            work.models(),
                            work.origin(),
                            work.delivery(),
                            failure == null ? null : Reason.codeOf(failure),
                            work.queue(),
                            work.phases()[Phase.TOKENIZE.ordinal()],
                            work.phases()[Phase.PRE.ordinal()],
                            work.phases()[Phase.INFER.ordinal()],
                            work.phases()[Phase.POST.ordinal()],
                            work.ended() - work.started(),
                            work.cost(),
                            work.costUnit(),
                            work.batch(),
                            work.facts()));
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
                            Lineage.NONE));
        } else if (cell.timer == null) {
            int epoch = cell.epoch;
            cell.timer = runtime.clock()
                    .schedule(
                            () -> post(() -> {
                                if (cell.epoch == epoch) {
                                    cell.timedOut = true;
                                    dirty.add(cell);
                                }
                            }),
                            node.nanos());
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
