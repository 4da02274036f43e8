package dev.leat.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.RunOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one run holds outside the heap: its options and its input tensors. Confined, but for {@link #terminate}. */
final class NativeRun implements AutoCloseable {

    private final OrtEnvironment environment;
    private final DirectBuffers buffers;
    private final String modelId;
    private final RunOptions options;
    private final List<OnnxTensor> tensors = new ArrayList<>();
    private final List<ByteBuffer> taken = new ArrayList<>();

    private NativeRun(OrtEnvironment environment, DirectBuffers buffers, String modelId, RunOptions options) {
        this.environment = environment;
        this.buffers = buffers;
        this.modelId = modelId;
        this.options = options;
    }

    static NativeRun open(OrtEnvironment environment, DirectBuffers buffers, String modelId, OnnxOptions onnx)
            throws OrtException {
        NativeRun run = new NativeRun(environment, buffers, modelId, new RunOptions());
        Handles.opened();
        try {
            // The runtime prints its errors, which may name values such as token ids, besides returning them.
            run.options.setLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            if (onnx.arena() == OnnxOptions.Arena.SHRINK) {
                run.options.addRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
            }
            return run;
        } catch (OrtException | RuntimeException e) {
            run.close();
            throw e;
        }
    }

    RunOptions options() {
        return options;
    }

    /** Copies the inputs out of the heap. */
    Map<String, OnnxTensor> inputs(Map<String, Tensor> inputs) throws OrtException {
        Map<String, OnnxTensor> opened = new LinkedHashMap<>();
        for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
            opened.put(input.getKey(), open(input.getValue()));
        }
        return opened;
    }

    private OnnxTensor open(Tensor tensor) throws OrtException {
        OnnxTensor opened = switch (tensor.type()) {
            case FLOAT32 ->
                OnnxTensor.createTensor(
                        environment,
                        take(tensor, Float.BYTES)
                                .asFloatBuffer()
                                .put(tensor.floats())
                                .flip(),
                        tensor.shape());
            case INT64 ->
                OnnxTensor.createTensor(
                        environment,
                        take(tensor, Long.BYTES)
                                .asLongBuffer()
                                .put(tensor.longs())
                                .flip(),
                        tensor.shape());
        };
        Handles.opened();
        tensors.add(opened);
        return opened;
    }

    private ByteBuffer take(Tensor tensor, int elementBytes) {
        ByteBuffer buffer = buffers.take((long) tensor.size() * elementBytes, modelId);
        taken.add(buffer);
        return buffer;
    }

    /** Asks the native run to end before its next operator; from any thread, not after {@link #close}. */
    void terminate() throws OrtException {
        options.setTerminate(true);
    }

    @Override
    public void close() {
        for (OnnxTensor each : tensors) {
            each.close();
            Handles.closed();
        }
        options.close();
        Handles.closed();
        taken.forEach(buffers::give);
    }
}
