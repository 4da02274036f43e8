package dev.leat;

import static java.util.Objects.requireNonNull;

import dev.leat.guard.Guard;
import dev.leat.model.ModelRegistry;
import dev.leat.schedule.Clock;
import dev.leat.session.Session;
import dev.leat.session.SessionLimits;
import dev.leat.spi.BatchStep;
import dev.leat.spi.ModelReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A set of stages compiled into one graph, ready to run on many inputs from many threads.
 *
 * <p>Thread-safe. {@link #close()} refuses new runs, lets running ones end within a grace, cancels the rest and gives
 * back the models; it may be called at any moment, twice, from any thread.
 *
 * @param <I> the input
 */
public final class Pipeline<I> implements AutoCloseable {

    /** How long {@link #close()} waits for running work before it cancels it. */
    public static final Duration CLOSE_GRACE = Duration.ofSeconds(10);

    private final String name;
    private final LeatRuntime runtime;
    private final Executor executor;
    private final Join join;
    private final @Nullable Guard<? super I> guard;
    private final List<Stage<? super I, ?>> stages;
    private final @Nullable Duration ttl;
    private final int maxRuns;
    private final @Nullable Overflow overflow;
    private final Admission admission;
    private final SessionLimits sessionLimits;
    private final Sessions sessions;

    private final ReentrantLock replacing = new ReentrantLock(); // taken before lock
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    // Guarded by lock.
    private Compiled current;
    private Map<Stage<?, ?>, Stage<?, ?>> replaced;
    private final Set<Run> active = new LinkedHashSet<>();
    private boolean closed;
    private boolean freed;

    /** A graph, the leases of its models, and how many runs are on it; the number is guarded by the pipeline's lock. */
    private static final class Compiled {
        final Graph graph;
        final List<ModelRegistry.Lease> leases;
        int runs;
        boolean retired;

        Compiled(Graph graph, List<ModelRegistry.Lease> leases) {
            this.graph = graph;
            this.leases = leases;
        }

        void free() {
            leases.forEach(ModelRegistry.Lease::close);
        }
    }

    private Pipeline(Builder<I> builder) {
        this.name = builder.name;
        this.runtime = builder.runtime == null ? LeatRuntime.shared() : builder.runtime;
        this.executor = builder.executor == null ? runtime.workers() : builder.executor;
        this.join = builder.join == null ? Join.SETTLED : builder.join;
        this.guard = builder.guard;
        this.stages = List.copyOf(builder.stages);
        this.replaced = Map.copyOf(builder.replaced);
        this.ttl = builder.ttl;
        this.maxRuns = builder.maxRuns;
        this.overflow = builder.overflow;
        this.admission = new Admission(name, maxRuns, overflow == null ? Overflow.reject() : overflow, runtime, null);
        this.sessionLimits = builder.sessions == null ? SessionLimits.DEFAULT : builder.sessions;
        this.sessions = new Sessions(name, sessionLimits, runtime, admission);
        this.current = compile(Graph.of(stages, guard, replaced, ttl), runtime);
    }

    private static Compiled compile(Graph graph, LeatRuntime runtime) {
        List<ModelRegistry.Lease> leases = new ArrayList<>();
        for (ModelReference<?> reference : graph.models()) {
            leases.add(runtime.models().lease(reference));
            // The layout for a lone run opens only if one is worth it, and then lives as long as the other.
            ModelReference<?> spread =
                    reference.spread(Math.max(2, runtime.budget().permits()));
            if (!spread.equals(reference)) {
                leases.add(runtime.models().lease(spread));
            }
        }
        return new Compiled(graph, leases);
    }

    /**
     * Begins a pipeline.
     *
     * @param <I> the input
     * @param name for people: threads, metrics and messages show it
     * @return a builder
     */
    public static <I> Builder<I> builder(String name) {
        return new Builder<>(name);
    }

    /**
     * Runs every stage on an input and returns when all are settled; the calling thread takes part in the work.
     *
     * <p>Failures of stages, refused inputs and overload are outcomes, not exceptions. If the thread is interrupted the
     * run cancels itself, keeps the flag and returns what is there.
     *
     * @param input not null
     * @return an outcome for each stage
     * @throws IllegalStateException if the pipeline is closed
     */
    public Results run(I input) {
        return run(input, RunOptions.DEFAULT);
    }

    /**
     * Runs stages on an input and returns when they are settled.
     *
     * @param input not null
     * @param options what this run wishes
     * @return an outcome for each selected stage
     * @throws IllegalStateException if the pipeline is closed
     * @throws IllegalArgumentException if the options select a stage that is not the pipeline's
     */
    public Results run(I input, RunOptions options) {
        return admit(input, options).runHere();
    }

    /**
     * Starts a run and returns at once.
     *
     * @param input not null
     * @return the run under way
     * @throws IllegalStateException if the pipeline is closed
     */
    public Running<I> start(I input) {
        return start(input, RunOptions.DEFAULT);
    }

    /**
     * Starts a run and returns at once.
     *
     * @param input not null
     * @param options what this run wishes
     * @return the run under way
     * @throws IllegalStateException if the pipeline is closed
     * @throws IllegalArgumentException if the options select a stage that is not the pipeline's
     */
    public Running<I> start(I input, RunOptions options) {
        Run run = admit(input, options);
        run.startAside();
        return new Running<>(run);
    }

    /** Starts a run as a part of something whose runs may pass each other. */
    Running<I> start(I input, RunOptions options, Object bulk) {
        Run run = admit(input, options);
        run.startAside(bulk);
        return new Running<>(run);
    }

    /**
     * Starts a run.
     *
     * @param input not null
     * @return the coming results; cancelling it cancels the run, down to native work
     * @throws IllegalStateException if the pipeline is closed
     */
    public CompletableFuture<Results> runAsync(I input) {
        return start(input).results();
    }

    /**
     * Runs every stage on many inputs, lazily and in order.
     *
     * @param inputs read as the stream is consumed, with bounded look-ahead; none is null
     * @return results in the order of the inputs; close it to cancel what is under way
     * @throws IllegalStateException if the pipeline is closed
     */
    public Stream<Results> runAll(Iterable<? extends I> inputs) {
        return runAll(inputs, RunOptions.DEFAULT, progress -> {});
    }

    /**
     * Runs stages on many inputs, lazily and in order: the bulk door.
     *
     * <p>Equal inputs (strings, pictures) within the look-ahead are run once. One bad item never fails the others. The
     * consuming thread takes part in the work.
     *
     * @param inputs read as the stream is consumed, with bounded look-ahead; none is null
     * @param options for each run; its deadline counts from the moment when the item is admitted
     * @param progress told after each item, on the consuming thread
     * @return results in the order of the inputs; close it to cancel what is under way
     * @throws IllegalStateException if the pipeline is closed
     * @throws IllegalArgumentException if the options select a stage that is not the pipeline's
     */
    public Stream<Results> runAll(Iterable<? extends I> inputs, RunOptions options, LongConsumer progress) {
        requireNonNull(inputs, "inputs");
        requireNonNull(progress, "progress");
        check(options);
        requireOpen();
        return Bulk.stream(
                this, inputs.iterator(), options, progress, runtime.budget().permits());
    }

    /**
     * Loads every model of the pipeline now rather than at its first use.
     *
     * @throws ModelLoadException if one cannot be loaded
     * @throws IllegalStateException if the pipeline is closed
     */
    public void preload() {
        requireOpen();
        load(graph());
    }

    private void load(Graph graph) {
        runtime.models().openAhead(graph.models());
        graph.models().forEach(model -> runtime.models().use(model).close());
    }

    /**
     * Loads every model and runs every stage once, so that no caller pays for the first time.
     *
     * @param sample an input that the stages like; what it gives is not cached
     * @return an outcome for each stage
     * @throws ModelLoadException if a model cannot be loaded
     * @throws IllegalStateException if the pipeline is closed
     */
    public Results warmUp(I sample) {
        preload();
        return run(sample, RunOptions.DEFAULT.withCache(RunOptions.CachePolicy.BYPASS));
    }

    /**
     * Replaces a stage, such as one with another model, without dropping a run.
     *
     * <p>The new stage's models are loaded first, in this thread; then new runs use it, while runs under way end on
     * what they began with, after which its models go unless something else needs them. Results are asked for by the
     * old stage; their provenance names the new model, and nothing that was cached for the old one is served. To
     * replace a model that several stages have, replace each of them.
     *
     * @param <O> the stage's value
     * @param stage a stage of this pipeline
     * @param replacement answers in its place from now on
     * @throws ModelLoadException if a model of it cannot be loaded; nothing has changed then
     * @throws IllegalStateException if the pipeline is closed
     */
    public <O> void replace(Stage<? super I, O> stage, Stage<? super I, ? extends O> replacement) {
        requireNonNull(replacement, "replacement");
        requireMine(Set.of(stage));
        replacing.lock();
        try {
            Map<Stage<?, ?>, Stage<?, ?>> next = new HashMap<>(replacements());
            next.put(stage, replacement);
            Compiled fresh = compile(Graph.of(stages, guard, next, ttl), runtime);
            boolean taken = false;
            try {
                load(fresh.graph);
                taken = take(fresh, next);
            } finally {
                if (!taken) {
                    fresh.free();
                }
            }
            requireOpen();
        } finally {
            replacing.unlock();
        }
    }

    /** Lets new runs begin on another graph; returns false if the pipeline is closed. */
    private boolean take(Compiled fresh, Map<Stage<?, ?>, Stage<?, ?>> next) {
        Compiled old;
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            old = current;
            current = fresh;
            replaced = Map.copyOf(next);
            old.retired = true;
            if (old.runs > 0) {
                return true;
            }
        } finally {
            lock.unlock();
        }
        old.free();
        return true;
    }

    private Graph graph() {
        lock.lock();
        try {
            return current.graph;
        } finally {
            lock.unlock();
        }
    }

    private Map<Stage<?, ?>, Stage<?, ?>> replacements() {
        lock.lock();
        try {
            return replaced;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns a stream of inputs whose last ones {@link Stage#window} stages read.
     *
     * @param id names the stream, such as a conversation; never shown
     * @return a handle on the session of this id, which begins empty
     */
    public Session<I> session(String id) {
        return sessions.session(requireNonNull(id, "id"), this);
    }

    /**
     * Forgets the cached results of a stage.
     *
     * @param stage a stage of this pipeline; results that it shares with others are forgotten for them, too
     */
    public void invalidate(Stage<? super I, ?> stage) {
        requireMine(Set.of(stage));
        Set<BatchStep<?, ?>> steps = graph().cachedSteps(stage);
        runtime.cache().invalidate(key -> key instanceof Keys.Derived derived && steps.contains(derived.step()));
    }

    /**
     * Returns the compiled graph, for people.
     *
     * @return a line for each node: what it is, what it reads, which stages it answers, with heavy steps starred; then,
     *     as measured in the runs so far, what each stage costs beside the others, and where sharing is lost
     */
    public String describe() {
        return new GraphText(name, graph()).lines();
    }

    /**
     * Returns the compiled graph as a Mermaid flowchart, which Markdown renderers draw.
     *
     * @return heavy steps in double boxes, decisions in diamonds, stages at the end
     */
    public String describeMermaid() {
        return new GraphText(name, graph()).mermaid();
    }

    /**
     * Returns a new pipeline in which a stage is replaced, for a host's tests; results are asked for by the old stage.
     *
     * @param <O> the stage's value
     * @param stage a stage of this pipeline
     * @param replacement answers in its place, such as {@link Stage#constant}
     * @return a pipeline of its own, to be closed by the caller
     */
    public <O> Pipeline<I> replacing(Stage<? super I, O> stage, Stage<? super I, ? extends O> replacement) {
        requireNonNull(replacement, "replacement");
        requireMine(Set.of(stage));
        Builder<I> builder = new Builder<>(name);
        builder.guard = guard;
        builder.executor = executor;
        builder.join = join;
        builder.ttl = ttl;
        builder.maxRuns = maxRuns;
        builder.overflow = overflow;
        builder.runtime = runtime;
        builder.sessions = sessionLimits;
        builder.replaced.putAll(replacements());
        builder.replaced.put(stage, replacement);
        for (Stage<? super I, ?> mine : stages) {
            builder.add(mine);
        }
        return builder.build();
    }

    /**
     * Returns the pipeline's name.
     *
     * @return as given to the builder
     */
    public String name() {
        return name;
    }

    /**
     * Refuses new runs, lets running ones end within {@link #CLOSE_GRACE}, cancels the rest, gives back the models.
     *
     * <p>Called from within a run of this pipeline, it returns after the grace at the latest.
     */
    @Override
    public void close() {
        close(CLOSE_GRACE);
    }

    /**
     * Closes with a grace of your own.
     *
     * @param grace how long running work may go on before it is cancelled
     */
    public void close(Duration grace) {
        List<Run> late;
        Compiled last;
        lock.lock();
        try {
            closed = true;
            awaitIdle(grace.toNanos());
            late = List.copyOf(active);
        } finally {
            lock.unlock();
        }
        late.forEach(Run::cancel);
        lock.lock();
        try {
            awaitIdle(CLOSE_GRACE.toNanos());
            if (freed) {
                return;
            }
            freed = true;
            last = current;
        } finally {
            lock.unlock();
        }
        sessions.clear();
        last.free();
    }

    private void awaitIdle(long nanos) {
        boolean interrupted = false;
        Clock clock = runtime.clock();
        long end = clock.nanos() + nanos;
        while (!active.isEmpty()) {
            long left = end - clock.nanos();
            if (left <= 0) {
                break;
            }
            try {
                if (!idle.await(left, TimeUnit.NANOSECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void requireOpen() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("Pipeline '" + name + "' is closed");
            }
        } finally {
            lock.unlock();
        }
    }

    private void requireMine(Set<? extends Stage<?, ?>> some) {
        for (Stage<?, ?> stage : some) {
            if (!stages.contains(stage)) {
                throw new IllegalArgumentException("Stage '" + stage.name() + "' is not part of pipeline '" + name
                        + "', which has " + stages.stream().map(Stage::name).toList());
            }
        }
    }

    private void check(RunOptions options) {
        requireMine(requireNonNull(options, "options").only());
    }

    private Run admit(I input, RunOptions options) {
        return admit(input, options, null);
    }

    /** Makes a run; with a session's id it waits for the runs of the session before it. */
    Run admit(I input, RunOptions options, @Nullable String session) {
        requireNonNull(input, "input");
        check(options);
        requireOpen();
        Sessions.Window window = session == null ? null : sessions.enter(session);
        Admission door = admission;
        if (session != null) {
            door = window == null ? new Admission(name, 0, Overflow.reject(), runtime, admission) : window.admission();
        }
        lock.lock();
        try {
            if (!closed) {
                Compiled compiled = current;
                Admission entered = door;
                Run run = new Run(
                        compiled.graph,
                        runtime,
                        options,
                        executor,
                        join,
                        input,
                        entered,
                        window,
                        ended -> left(ended, compiled, entered));
                compiled.runs++;
                active.add(run);
                return run;
            }
        } finally {
            lock.unlock();
        }
        if (window != null) {
            window.ended(null);
        }
        throw new IllegalStateException("Pipeline '" + name + "' is closed");
    }

    private void left(Run run, Compiled compiled, Admission entered) {
        boolean free;
        lock.lock();
        try {
            active.remove(run);
            free = --compiled.runs == 0 && compiled.retired;
            if (active.isEmpty()) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
        entered.leave(run);
        if (free) {
            // Not in this thread, which may belong to the budget: a model is closed once its last use has ended.
            runtime.dispatch(compiled::free);
        }
    }

    /** Returns the name and the number of stages. */
    @Override
    public String toString() {
        return "Pipeline[" + name + ", " + stages.size() + " stages]";
    }

    /**
     * Builds a pipeline; confined to one thread. A property set twice is an error.
     *
     * @param <I> the input
     */
    public static final class Builder<I> {
        private final String name;
        private final List<Stage<? super I, ?>> stages = new ArrayList<>();
        private final Map<Stage<?, ?>, Stage<?, ?>> replaced = new HashMap<>();
        private @Nullable Guard<? super I> guard;
        private @Nullable Executor executor;
        private @Nullable LeatRuntime runtime;
        private @Nullable Join join;
        private @Nullable Duration ttl;
        private @Nullable Overflow overflow;
        private @Nullable SessionLimits sessions;
        private int maxRuns = Integer.MAX_VALUE;

        private Builder(String name) {
            this.name = requireNonNull(name, "name");
        }

        /**
         * Adds stages; an equal stage twice is one.
         *
         * @param stages stages on the pipeline's input
         * @return this
         */
        @SafeVarargs
        public final Builder<I> stages(Stage<? super I, ?>... stages) {
            for (Stage<? super I, ?> stage : stages) {
                add(requireNonNull(stage, "stage"));
            }
            return this;
        }

        private void add(Stage<? super I, ?> stage) {
            if (!stages.contains(stage)) {
                stages.add(stage);
            }
        }

        /**
         * Sets what checks and cleans an input before any stage sees it.
         *
         * @param guard a guard of the pipeline's input; default none
         * @return this
         */
        public Builder<I> guard(Guard<? super I> guard) {
            requireUnset(this.guard, "guard");
            this.guard = requireNonNull(guard, "guard");
            return this;
        }

        /**
         * Sets where functions and other light work may run beside the calling thread.
         *
         * @param executor used, never shut down; changes speed, never an answer; default the runtime's own
         * @return this
         */
        public Builder<I> executor(Executor executor) {
            requireUnset(this.executor, "executor");
            this.executor = requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Sets whose models, budget and clock the pipeline uses.
         *
         * @param runtime not closed by the pipeline; default {@link LeatRuntime#shared()}
         * @return this
         */
        public Builder<I> runtime(LeatRuntime runtime) {
            requireUnset(this.runtime, "runtime");
            this.runtime = requireNonNull(runtime, "runtime");
            return this;
        }

        /**
         * Sets how much {@link Pipeline#session sessions} remember.
         *
         * @param limits default {@link SessionLimits#DEFAULT}: 10 inputs, 30 minutes, 10,000 sessions
         * @return this
         */
        public Builder<I> sessions(SessionLimits limits) {
            requireUnset(this.sessions, "sessions");
            this.sessions = requireNonNull(limits, "limits");
            return this;
        }

        /**
         * Makes every stage {@link Stage#cached(Duration) cached}; the stages stay the keys of their results.
         *
         * @param ttl how old a result may be; positive; default nothing is cached
         * @return this
         */
        public Builder<I> cached(Duration ttl) {
            requireUnset(this.ttl, "cached");
            if (ttl.isNegative() || ttl.isZero()) {
                throw new IllegalArgumentException("ttl must be positive, was " + ttl);
            }
            this.ttl = ttl;
            return this;
        }

        /**
         * Sets how many runs are worked on at a moment, and what becomes of more.
         *
         * @param runs at least 1; default unlimited, with the compute budget's queue as the only bound
         * @param overflow what becomes of a run that there is no room for
         * @return this
         */
        public Builder<I> maxRuns(int runs, Overflow overflow) {
            requireUnset(this.overflow, "maxRuns");
            if (runs < 1) {
                throw new IllegalArgumentException("maxRuns must be at least 1, was " + runs);
            }
            this.maxRuns = runs;
            this.overflow = requireNonNull(overflow, "overflow");
            return this;
        }

        /**
         * Sets when a run ends.
         *
         * @param join default {@link Join#SETTLED}
         * @return this
         */
        public Builder<I> join(Join join) {
            requireUnset(this.join, "join");
            this.join = requireNonNull(join, "join");
            return this;
        }

        private void requireUnset(@Nullable Object present, String property) {
            if (present != null) {
                throw new IllegalStateException(property + " of pipeline '" + name + "' is set already");
            }
        }

        /**
         * Compiles the stages; loads nothing.
         *
         * @return the pipeline; the caller closes it
         * @throws IllegalStateException if there is no stage, or two unequal stages have one name; lists all mistakes
         */
        public Pipeline<I> build() {
            List<String> mistakes = new ArrayList<>();
            if (name.isBlank()) {
                mistakes.add("the name is blank");
            }
            if (stages.isEmpty()) {
                mistakes.add("there is no stage: add some with stages(..)");
            }
            Map<String, Stage<?, ?>> names = new HashMap<>();
            for (Stage<? super I, ?> stage : stages) {
                if (names.put(stage.name(), stage) != null) {
                    mistakes.add("two unequal stages are named '" + stage.name()
                            + "': give one another name with .named(..)");
                }
            }
            if (!mistakes.isEmpty()) {
                throw new IllegalStateException("Pipeline '" + name + "': " + String.join("; ", mistakes));
            }
            return new Pipeline<>(this);
        }
    }
}
