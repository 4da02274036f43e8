package dev.leat.benchmarks.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Makes a contestant work on orders from standard input, one a line, and answers each on standard output by a line
 * {@code @@ NAME=VALUE ...}, or {@code @@ failed WHY}; whatever else a library prints there is not looked at. The first
 * answer comes unasked, when the first work is done.
 *
 * <p>Every contestant knows {@code memory}: {@code residentMiB} and {@code peakMiB}, as Linux counts them.
 */
public final class Worker {

    /** Begins a line, even where a library's native code has begun one of its own. */
    private static final String ANSWER = System.lineSeparator() + "@@ ";

    private Worker() {}

    /**
     * Opens the contestant and works until the input ends or says {@code quit}; then ends the process, since some
     * libraries leave threads behind.
     *
     * @param open loads the library and its models
     * @throws IOException if the input cannot be read
     */
    public static void serve(Supplier<? extends Contestant> open) throws IOException {
        PrintStream out = System.out;
        try (Contestant contestant = open.get();
                BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            contestant.first();
            say(out, Map.of());
            for (String line = orders.readLine(); line != null && !line.equals("quit"); line = orders.readLine()) {
                try {
                    say(out, line.equals("memory") ? memory() : contestant.work(List.of(line.split(" ", -1))));
                } catch (RuntimeException | IOException | OutOfMemoryError e) {
                    e.printStackTrace(System.err);
                    out.println(ANSWER + "failed " + e.getClass().getSimpleName());
                    out.flush();
                }
            }
        }
        System.exit(0);
    }

    private static void say(PrintStream out, Map<String, Double> answer) {
        StringBuilder line = new StringBuilder(ANSWER);
        answer.forEach(
                (name, value) -> line.append(name).append('=').append(value).append(' '));
        out.println(line);
        out.flush();
    }

    /**
     * Puts quantiles into an answer.
     *
     * @param nanos how long each took; is sorted
     * @param answer gets {@code p50} and {@code p99} in ms
     */
    public static void quantiles(long[] nanos, Map<String, Double> answer) {
        Arrays.sort(nanos);
        answer.put("p50", nanos[nanos.length / 2] / 1e6);
        answer.put("p99", nanos[(int) (nanos.length * 0.99)] / 1e6);
    }

    private static Map<String, Double> memory() throws IOException {
        Map<String, Double> answer = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            String[] fields = line.split("\\s+", -1);
            if (fields[0].equals("VmRSS:")) {
                answer.put("residentMiB", Double.parseDouble(fields[1]) / 1024);
            } else if (fields[0].equals("VmHWM:")) {
                answer.put("peakMiB", Double.parseDouble(fields[1]) / 1024);
            }
        }
        return answer;
    }

    /**
     * Returns how much processor time this JVM has taken.
     *
     * @return seconds, all threads together
     */
    public static double processorSeconds() {
        var system = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
        return system.getProcessCpuTime() / 1e9;
    }
}
