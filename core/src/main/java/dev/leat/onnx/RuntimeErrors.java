package dev.leat.onnx;

import ai.onnxruntime.OrtException;
import dev.leat.ModelLoadException;
import dev.leat.ModelRunException;
import dev.leat.ModelRunException.Kind;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Translates ONNX Runtime's exceptions. */
final class RuntimeErrors {

    private static final Pattern NODE = Pattern.compile("running (\\w{1,64}) node\\. Name:'([^']{0,200})'");

    private RuntimeErrors() {}

    /**
     * Translates a failed run.
     *
     * <p>What the runtime says may contain input (an index out of bounds is named, and is a token id), so of its text
     * only the operator and its name in the graph are kept, in the message and in the cause, whose stack trace stays.
     */
    static ModelRunException run(String modelId, String graph, OrtException failure) {
        String text = String.valueOf(failure.getMessage());
        Matcher node = NODE.matcher(text);
        String where = node.find() ? " in " + node.group(1) + " '" + node.group(2) + "'" : "";
        OrtException cause = new OrtException(failure.getCode(), failure.getCode() + where);
        cause.setStackTrace(failure.getStackTrace());
        String subject = "Model '" + modelId + "': " + graph;
        if (isOutOfMemory(text)) {
            return new ModelRunException(
                    Kind.OUT_OF_NATIVE_MEMORY,
                    subject + " found no memory for a run" + where
                            + ". Use smaller inputs or fewer runs at once, or give the process more memory outside the heap.",
                    cause);
        }
        return new ModelRunException(
                Kind.FAILED,
                subject + " failed" + where + " (" + failure.getCode()
                        + "). Check that shapes and values are within what the model takes.",
                cause);
    }

    /** Translates a failed load; no input is involved, so the runtime's own text stays. */
    static ModelLoadException load(String modelId, String graph, OrtException failure) {
        String text = String.valueOf(failure.getMessage());
        String mend;
        if (isOutOfMemory(text)) {
            mend = "Give the process more memory outside the heap, or use a smaller model";
        } else if (text.contains("Unsupported model IR version")
                || text.contains("opset")
                || text.contains("not a registered function/op")) {
            mend = "Export it with IR version 8 and opset 17, standard operators only, or use a newer ONNX Runtime";
        } else {
            mend = "Put the right graph there, or export it again";
        }
        return new ModelLoadException(
                modelId,
                "Model '" + modelId + "': ONNX Runtime cannot load " + graph + " (" + text.strip() + "). " + mend + ".",
                failure);
    }

    private static boolean isOutOfMemory(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.contains("failed to allocate memory")
                || lower.contains("bad_alloc")
                || lower.contains("bad allocation")
                || lower.contains("out of memory")
                || lower.contains("is smaller than requested bytes");
    }
}
