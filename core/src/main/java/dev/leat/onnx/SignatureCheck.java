package dev.leat.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.leat.ModelLoadException;
import dev.leat.ModelRunException;
import dev.leat.model.Dimension;
import dev.leat.model.ElementType;
import dev.leat.model.GraphSignature;
import dev.leat.model.TensorSignature;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Holds a graph, its inputs and its outputs to what {@code model.json} declares; immutable. */
final class SignatureCheck {

    private final String modelId;
    private final GraphSignature declared;
    private final Map<String, TensorSignature> inputs;
    private final Set<String> outputs;

    SignatureCheck(String modelId, GraphSignature declared) {
        this.modelId = modelId;
        this.declared = declared;
        this.inputs = declared.inputs().stream().collect(Collectors.toMap(TensorSignature::name, each -> each));
        this.outputs = declared.outputs().stream().map(TensorSignature::name).collect(Collectors.toSet());
    }

    GraphSignature declared() {
        return declared;
    }

    /** Compares the declaration with the loaded graph and reports all differences at once. */
    void requireGraph(String graph, Map<String, NodeInfo> graphInputs, Map<String, NodeInfo> graphOutputs) {
        List<String> wrong = new ArrayList<>();
        compare("input", declared.inputs(), graphInputs, wrong);
        compare("output", declared.outputs(), graphOutputs, wrong);
        for (String name : new TreeSet<>(graphInputs.keySet())) {
            if (!inputs.containsKey(name)) {
                wrong.add(
                        "input '" + name + "' of the graph (" + describe(graphInputs.get(name)) + ") is not declared");
            }
        }
        if (!wrong.isEmpty()) {
            throw new ModelLoadException(
                    modelId,
                    "Model '" + modelId + "': " + graph + " is not what model.json says: " + String.join("; ", wrong)
                            + ". Correct model.json, or put the right graph there.");
        }
    }

    private static void compare(
            String kind, List<TensorSignature> declared, Map<String, NodeInfo> found, List<String> wrong) {
        for (TensorSignature each : declared) {
            NodeInfo node = found.get(each.name());
            if (node == null) {
                wrong.add(kind + " '" + each.name() + "' is declared (" + each.describe() + "), the graph has only "
                        + new TreeSet<>(found.keySet()));
            } else if (!agrees(each, node)) {
                wrong.add(kind + " '" + each.name() + "' is declared " + each.describe() + ", in the graph it is "
                        + describe(node));
            }
        }
    }

    private static boolean agrees(TensorSignature declared, NodeInfo node) {
        if (!(node.getInfo() instanceof TensorInfo found) || type(found) != declared.type()) {
            return false;
        }
        long[] shape = found.getShape();
        // A graph that says nothing about a shape shows it as a scalar's; each run checks what really comes out.
        if (shape.length == 0) {
            return true;
        }
        if (shape.length != declared.shape().size()) {
            return false;
        }
        for (int axis = 0; axis < shape.length; axis++) {
            boolean free = shape[axis] < 0;
            // A declaration may fix what the graph leaves free, not the other way round.
            if (!free
                    && !(declared.shape().get(axis) instanceof Dimension.Fixed fixed && fixed.size() == shape[axis])) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable ElementType type(TensorInfo info) {
        return switch (info.onnxType) {
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> ElementType.FLOAT32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> ElementType.INT64;
            default -> null;
        };
    }

    private static String describe(@Nullable NodeInfo node) {
        if (node == null || !(node.getInfo() instanceof TensorInfo info)) {
            return "not a tensor";
        }
        ElementType type = type(info);
        String name = type != null
                ? type.key()
                : info.onnxType
                        .name()
                        .replace("ONNX_TENSOR_ELEMENT_DATA_TYPE_", "")
                        .toLowerCase(Locale.ROOT);
        String[] names = info.getDimensionNames();
        long[] shape = info.getShape();
        List<String> dimensions = new ArrayList<>();
        for (int axis = 0; axis < shape.length; axis++) {
            boolean named = axis < names.length && !names[axis].isEmpty();
            dimensions.add(shape[axis] >= 0 ? Long.toString(shape[axis]) : named ? names[axis] : "?");
        }
        return name + dimensions;
    }

    /** Checks what a caller hands in: names, types, ranks, fixed sizes, and that equal names mean equal sizes. */
    void requireInputs(Map<String, Tensor> given) {
        if (!given.keySet().equals(inputs.keySet())) {
            throw new IllegalArgumentException("Model '" + modelId + "' wants the inputs "
                    + new TreeSet<>(inputs.keySet()) + ", got " + new TreeSet<>(given.keySet()));
        }
        Map<String, Long> sizes = new HashMap<>();
        for (TensorSignature each : declared.inputs()) {
            Tensor tensor = given.get(each.name());
            if (tensor == null || tensor.type() != each.type() || !fits(each.shape(), tensor.shape(), sizes)) {
                throw new IllegalArgumentException("Model '" + modelId + "' wants input '" + each.name() + "' as "
                        + each.describe() + (sizes.isEmpty() ? "" : " with " + sizes) + ", got " + tensor);
            }
        }
    }

    void requireOutputs(Set<String> wanted) {
        if (wanted.isEmpty() || !outputs.containsAll(wanted)) {
            throw new IllegalArgumentException("Model '" + modelId + "' has the outputs " + new TreeSet<>(outputs)
                    + ", asked for were " + new TreeSet<>(wanted));
        }
    }

    private static boolean fits(List<Dimension> declared, long[] shape, Map<String, Long> sizes) {
        if (declared.size() != shape.length) {
            return false;
        }
        for (int axis = 0; axis < shape.length; axis++) {
            Dimension dimension = declared.get(axis);
            if (dimension instanceof Dimension.Fixed fixed && fixed.size() != shape[axis]) {
                return false;
            }
            if (dimension instanceof Dimension.Symbolic symbolic) {
                Long before = sizes.putIfAbsent(symbolic.name(), shape[axis]);
                if (before != null && before != shape[axis]) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Copies an output to the heap and checks type, rank and fixed sizes. */
    Tensor output(TensorSignature wanted, OrtSession.Result result) {
        OnnxValue value = result.get(wanted.name()).orElse(null);
        if (!(value instanceof OnnxTensor tensor)) {
            throw bad(wanted, "no tensor");
        }
        TensorInfo info = tensor.getInfo();
        long[] shape = info.getShape();
        if (type(info) != wanted.type() || !fits(wanted.shape(), shape, new HashMap<>())) {
            throw bad(
                    wanted,
                    info.onnxType.name().replace("ONNX_TENSOR_ELEMENT_DATA_TYPE_", "") + Arrays.toString(shape));
        }
        return switch (wanted.type()) {
            case FLOAT32 -> Tensor.ofFloats(array(tensor.getFloatBuffer()), shape);
            case INT64 -> Tensor.ofLongs(array(tensor.getLongBuffer()), shape);
        };
    }

    /** Returns the array of the heap buffer that the runtime has just copied to, without copying again. */
    private static float[] array(FloatBuffer buffer) {
        if (buffer.hasArray() && buffer.arrayOffset() == 0 && buffer.array().length == buffer.remaining()) {
            return buffer.array();
        }
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private static long[] array(LongBuffer buffer) {
        if (buffer.hasArray() && buffer.arrayOffset() == 0 && buffer.array().length == buffer.remaining()) {
            return buffer.array();
        }
        long[] values = new long[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private ModelRunException bad(TensorSignature wanted, String found) {
        return new ModelRunException(
                ModelRunException.Kind.BAD_OUTPUT,
                "Model '" + modelId + "' gave output '" + wanted.name() + "' as " + found + ", expected "
                        + wanted.describe() + ". Correct model.json, or put the right graph there.",
                null);
    }
}
