package dev.leat;

import dev.leat.observe.RuntimeSnapshot;
import dev.leat.onnx.OnnxModel;
import java.util.Locale;

/** Answers for people who ask what Leat sees and does in this JVM. */
public final class Leat {

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
        Runtime jvm = Runtime.getRuntime();
        StringBuilder text = new StringBuilder();
        line(text, "Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        line(
                text,
                "platform",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        line(text, "native code", OnnxModel.describeRuntime());
        line(
                text,
                "heap",
                mebibytes(jvm.totalMemory() - jvm.freeMemory()) + " of at most " + mebibytes(jvm.maxMemory())
                        + "; models and their work lie outside it");
        line(
                text,
                "processors",
                jvm.availableProcessors() + " as the JVM sees them"
                        + (jvm.availableProcessors() == 1
                                ? "; a container with a limit below two leaves no room for parallel work"
                                : ""));
        text.append(snapshot());
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-12s %s%n", name + ":", value));
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }
}
