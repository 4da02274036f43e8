package dev.leat;

import dev.leat.model.ModelCache;
import dev.leat.model.ProcessMemory;
import dev.leat.observe.RuntimeSnapshot;
import dev.leat.onnx.OnnxModel;
import dev.leat.schedule.ComputeBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Answers for people who ask what Leat sees and does in this JVM. */
public final class Leat {

    private static final long LITTLE_BYTES = 512L << 20;

    private Leat() {}

    /**
     * Returns what the shared runtime does now.
     *
     * @return the snapshot of {@link LeatRuntime#shared()}
     */
    public static RuntimeSnapshot snapshot() {
        return LeatRuntime.shared().snapshot();
    }

    /**
     * Returns what a person needs to know who looks for the cause of a trouble: platform, native code, memory, budget,
     * models; with words on what to do where something is amiss. Loads native code if it is not loaded yet.
     *
     * @return a few lines, without content of any run
     */
    public static String diagnose() {
        return diagnose(LeatRuntime.shared());
    }

    /**
     * Returns what a person needs to know who looks for the cause of a trouble, of a runtime of your own.
     *
     * @param runtime which one
     * @return a few lines, without content of any run
     */
    public static String diagnose(LeatRuntime runtime) {
        StringBuilder text = new StringBuilder();
        line(text, "Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        line(
                text,
                "platform",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        line(text, "native code", OnnxModel.describeRuntime());
        memory(text, runtime.memory());
        line(text, "processors", ComputeBudget.explainDetection());
        line(text, "settings", settings());
        text.append(runtime.snapshot());
        return text.toString();
    }

    private static void memory(StringBuilder text, ProcessMemory memory) {
        Runtime jvm = Runtime.getRuntime();
        line(
                text,
                "heap",
                mebibytes(jvm.totalMemory() - jvm.freeMemory()) + " of at most " + mebibytes(jvm.maxMemory())
                        + "; models and their work lie outside it");
        long limit = memory.limitBytes();
        if (limit == Long.MAX_VALUE) {
            line(text, "memory", "how much this process may take is not known here");
            return;
        }
        String advice = jvm.maxMemory() > limit / 4 * 3
                ? "; the heap may grow to more than three quarters of that and leaves too little for models: lower -Xmx"
                : limit - memory.usedBytes() < LITTLE_BYTES
                        ? "; that is little: raise the container's limit, lower -Xmx, or set maxModelBytes(..)"
                        : "";
        line(text, "memory", mebibytes(memory.usedBytes()) + " of at most " + mebibytes(limit) + advice);
    }

    /** The settings that change what this library or what is under it does; names, and values that hold no path. */
    private static String settings() {
        List<String> set = new ArrayList<>();
        for (String name : List.of(ModelCache.DIRECTORY_PROPERTY, "onnxruntime.native.path")) {
            if (System.getProperty(name) != null) {
                set.add("-D" + name);
            }
        }
        for (String name : List.of("ai.djl.offline", "OPT_OUT_TRACKING")) {
            String value = System.getProperty(name, System.getenv(name));
            if (value != null) {
                set.add(name + "=" + value);
            }
        }
        if (System.getenv("ORT_DISABLE_TELEMETRY") != null) {
            set.add("ORT_DISABLE_TELEMETRY");
        }
        return set.isEmpty() ? "none" : String.join(", ", set);
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-12s %s%n", name + ":", value));
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }
}
