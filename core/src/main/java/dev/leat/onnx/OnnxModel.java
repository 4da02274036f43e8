package dev.leat.onnx;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.leat.CancelledException;
import dev.leat.ModelLoadException;
import dev.leat.ModelRunException;
import dev.leat.model.GraphSignature;
import dev.leat.model.ModelFolder;
import dev.leat.model.TensorSignature;
import dev.leat.spi.ModelReference;
import dev.leat.spi.RunScope;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loaded ONNX graph whose inputs and outputs were checked against its {@code model.json}.
 *
 * <p>Thread-safe: any number of calls may run at once, and {@link #close} is safe at any moment. Native memory is used
 * only inside {@link #run}; what goes in and comes out is on the Java heap. No operator libraries are ever loaded.
 */
public final class OnnxModel implements AutoCloseable {

    /*
     * Closing. Freeing a session while a call runs crashes the JVM, and nothing in ONNX Runtime's binding prevents it.
     * Calls are therefore counted; closing refuses new ones, waits for a grace, terminates what still runs, and waits
     * again. The session is freed by whoever leaves last, the closing thread or a call, so that a call which will not
     * end (a single operator that runs for minutes cannot be terminated) leads to memory freed late, never to a crash.
     *
     * Terminating. ONNX Runtime looks at the flag of the run options between two operators. The options live as long
     * as the native call, the wish to terminate does not: Call stands between them.
     */

    private static final Logger LOG = LoggerFactory.getLogger(OnnxModel.class);
    private static final long TERMINATION_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final String modelId;
    private final String graph;
    private final String digest;
    private final OnnxOptions options;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final SignatureCheck signature;
    private final boolean batchDependentQuantisation;
    private final DirectBuffers buffers = new DirectBuffers();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private final Set<Call> running = Collections.newSetFromMap(new IdentityHashMap<>()); // guarded by lock
    private boolean closing; // guarded by lock
    private boolean freed; // guarded by lock

    OnnxModel(ModelFolder folder, String graph, OnnxOptions options, OrtEnvironment environment, OpenedGraph opened) {
        this.modelId = folder.id();
        this.graph = graph;
        this.digest = folder.descriptor().file(graph).sha256();
        this.options = options;
        this.environment = environment;
        this.session = opened.session();
        this.signature = opened.signature();
        this.batchDependentQuantisation = opened.scan().batchDependentQuantisation();
    }

    /**
     * Loads a graph; the caller closes it.
     *
     * <p>The file is mapped into memory where the folder can give a path, else read into it.
     *
     * @param folder the model
     * @param graph the graph's file; {@code model.json} declares its inputs and outputs
     * @param options how it is run
     * @return the loaded graph
     * @throws ModelLoadException if a file is missing or damaged, the graph is not what {@code model.json} says, or
     *     native code cannot be loaded
     */
    public static OnnxModel load(ModelFolder folder, String graph, OnnxOptions options) {
        requireNonNull(options, "options");
        GraphSignature declared = folder.descriptor().signature(graph);
        OrtEnvironment environment = Natives.environment(folder.id());
        OpenedGraph opened = OpenedGraph.open(folder, graph, declared, options, environment);
        OnnxModel model = new OnnxModel(folder, graph, options, environment, opened);
        LOG.info("Loaded {} {} of model {}", graph, folder.descriptor().version(), folder.id());
        return model;
    }

    /**
     * Returns which runtime executes graphs here, loading it if need be.
     *
     * @return name, version and platform, or why it cannot be loaded and what to do about it
     */
    public static String describeRuntime() {
        return Natives.describe();
    }

    /**
     * Returns a description of a model's main graph, which the registry opens when it is needed.
     *
     * @param folder the model
     * @param options how it is run
     * @return a record: equal for equal content and options
     */
    public static ModelReference<OnnxModel> reference(ModelFolder folder, OnnxOptions options) {
        return reference(folder, folder.descriptor().graph(), options);
    }

    /**
     * Returns a description of one of a model's graphs, which the registry opens when it is needed. The runtime's native
     * library is loaded aside meanwhile.
     *
     * @param folder the model
     * @param graph the graph's file; {@code model.json} declares its inputs and outputs
     * @param options how it is run
     * @return a record: equal for equal content and options
     * @throws ModelLoadException if {@code model.json} does not declare the graph
     */
    public static ModelReference<OnnxModel> reference(ModelFolder folder, String graph, OnnxOptions options) {
        OnnxReference reference = new OnnxReference(folder, graph, options);
        Natives.expect();
        return reference;
    }

    /**
     * Returns the model's id.
     *
     * @return as in its {@code model.json}
     */
    public String id() {
        return modelId;
    }

    /**
     * Returns the graph's digest.
     *
     * @return lower-case hexadecimal SHA-256 of the graph's file
     */
    public String digest() {
        return digest;
    }

    /**
     * Returns what the graph takes and gives.
     *
     * @return as {@code model.json} declares it, checked against the graph
     */
    public GraphSignature signature() {
        return signature.declared();
    }

    /**
     * Returns whether an item's result depends on its batch mates and on padding.
     *
     * <p>So it does where activations are quantised with one scale for a whole tensor ({@code DynamicQuantizeLinear}):
     * such a graph has to run one item at a time, unpadded.
     *
     * @return true if the graph, a subgraph or a function of it contains such an operator
     */
    public boolean hasBatchDependentQuantisation() {
        return batchDependentQuantisation;
    }

    /**
     * Runs the graph on the calling thread.
     *
     * <p>The time is reported to the scope as {@link RunScope.Phase#INFER}. When the scope is cancelled, the native run
     * is terminated before its next operator. Shapes of the outputs are checked, their values are not.
     *
     * @param inputs one tensor for each input of {@link #signature()}
     * @param outputs names of at least one output; others are not computed if nothing else needs them
     * @param scope the run on whose behalf this is
     * @return the outputs by name, on the heap, immutable
     * @throws IllegalArgumentException if inputs or outputs are not what the graph declares
     * @throws IllegalStateException if the model is closed
     * @throws CancelledException if the scope was cancelled, or the model closed meanwhile
     * @throws ModelRunException if the runtime fails, memory runs out, or an output has a wrong shape; the message and
     *     its causes leave out what the runtime says of values
     */
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs, RunScope scope) {
        signature.requireInputs(inputs);
        signature.requireOutputs(outputs);
        if (scope.isCancelled()) {
            throw cancelled();
        }
        Call call = enter();
        try {
            return forward(call, inputs, new HashSet<>(outputs), scope);
        } finally {
            leave(call);
        }
    }

    private Map<String, Tensor> forward(Call call, Map<String, Tensor> inputs, Set<String> outputs, RunScope scope) {
        try (NativeRun natives = NativeRun.open(environment, buffers, modelId, options)) {
            Map<String, OnnxTensor> tensors = natives.inputs(inputs);
            call.attach(natives);
            try (RunScope.Registration registration = scope.onCancel(call::terminate)) {
                requireNonNull(registration, "registration");
                long start = System.nanoTime();
                try (OrtSession.Result result = session.run(tensors, outputs, natives.options())) {
                    Handles.opened();
                    try {
                        return results(result, outputs);
                    } finally {
                        Handles.closed();
                    }
                } finally {
                    scope.spent(RunScope.Phase.INFER, System.nanoTime() - start);
                }
            } finally {
                call.detach();
            }
        } catch (OrtException e) {
            throw call.terminated() ? cancelled() : RuntimeErrors.run(modelId, graph, e);
        }
    }

    private Map<String, Tensor> results(OrtSession.Result result, Set<String> outputs) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (TensorSignature declared : signature.declared().outputs()) {
            if (outputs.contains(declared.name())) {
                tensors.put(declared.name(), signature.output(declared, result));
            }
        }
        return Collections.unmodifiableMap(tensors);
    }

    private CancelledException cancelled() {
        return new CancelledException("A run of model '" + modelId + "' was cancelled");
    }

    private Call enter() {
        lock.lock();
        try {
            if (closing) {
                throw new IllegalStateException("OnnxModel '" + modelId + "' is closed");
            }
            Call call = new Call();
            running.add(call);
            return call;
        } finally {
            lock.unlock();
        }
    }

    private void leave(Call call) {
        lock.lock();
        try {
            running.remove(call);
            freeIfLast();
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the number of calls that are running. */
    int runningCalls() {
        lock.lock();
        try {
            return running.size();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the number of native objects of this class that are open, in the whole JVM. */
    static long openHandles() {
        return Handles.open();
    }

    /**
     * Refuses new calls, waits for running ones, terminates them after {@link OnnxOptions#closeGrace()}, and frees.
     *
     * <p>Idempotent and callable from any thread; if the thread is interrupted, running calls are terminated at once. A
     * call that does not end even so (one operator that runs on for half a minute) frees the memory when it ends.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            freeIfLast();
            if (!await(options.closeGrace().toNanos())) {
                running.forEach(Call::terminate);
                if (!await(TERMINATION_NANOS)) {
                    LOG.warn(
                            "{} calls of model {} still run after its closing; the last one frees its memory",
                            running.size(),
                            modelId);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the session is freed; returns false when time is up or this thread is interrupted. */
    private boolean await(long nanos) {
        long remaining = nanos;
        try {
            while (!freed && remaining > 0) {
                remaining = left.awaitNanos(remaining);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return freed;
    }

    private void freeIfLast() {
        if (!closing || freed || !running.isEmpty()) {
            return;
        }
        freed = true;
        try {
            session.close();
        } catch (OrtException e) {
            LOG.warn("Model {} was not closed cleanly: {}", modelId, e.getCode());
        }
        Handles.closed();
        LOG.info("Closed {} of model {}", graph, modelId);
    }

    @Override
    public String toString() {
        return "OnnxModel[" + modelId + ", " + graph + "]";
    }

    /** One call of {@link #run}, and whether it shall end; thread-safe. */
    private static final class Call {

        private final ReentrantLock lock = new ReentrantLock();
        private @Nullable NativeRun natives; // guarded by lock; set while the native run may be terminated
        private boolean terminated; // guarded by lock

        void attach(NativeRun run) throws OrtException {
            lock.lock();
            try {
                natives = run;
                if (terminated) {
                    run.terminate();
                }
            } finally {
                lock.unlock();
            }
        }

        void detach() {
            lock.lock();
            try {
                natives = null;
            } finally {
                lock.unlock();
            }
        }

        void terminate() {
            lock.lock();
            try {
                terminated = true;
                if (natives != null) {
                    natives.terminate();
                }
            } catch (OrtException e) {
                LOG.warn("A native run cannot be terminated: {}", e.getCode());
            } finally {
                lock.unlock();
            }
        }

        boolean terminated() {
            lock.lock();
            try {
                return terminated;
            } finally {
                lock.unlock();
            }
        }
    }
}
