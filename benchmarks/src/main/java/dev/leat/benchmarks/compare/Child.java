package dev.leat.benchmarks.compare;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A contestant in its JVM, which waits for orders; confined to one thread. */
final class Child implements AutoCloseable {

    private static final String ANSWER = "@@ ";

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter orders;
    private final double secondsToFirst;

    private Child(String name, Process process, long start) {
        this.name = name;
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
        read();
        this.secondsToFirst = (System.nanoTime() - start) / 1e9;
    }

    /**
     * Starts one and waits until it has done its first work.
     *
     * @param contestant what to start
     * @param log gets what it prints to standard error
     * @return the child
     */
    static Child start(Contender contestant, Path log) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx1g",
                "-cp",
                contestant.classPath(),
                contestant.main()));
        command.addAll(contestant.arguments());
        try {
            long start = System.nanoTime();
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return new Child(contestant.name(), process, start);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    double secondsToFirst() {
        return secondsToFirst;
    }

    /**
     * Gives an order and waits for what came of it.
     *
     * @param order a line
     * @return what was measured; empty if the contestant failed
     */
    Map<String, Double> ask(String order) {
        try {
            orders.write(order);
            orders.newLine();
            orders.flush();
            return read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Double> read() {
        try {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.startsWith(ANSWER)) {
                    return parsed(line.substring(ANSWER.length()).strip());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("The JVM of " + name + " ended before it answered; its log says why");
    }

    private Map<String, Double> parsed(String line) {
        if (line.startsWith("failed")) {
            System.out.println("    " + name + " " + line);
            return Map.of();
        }
        Map<String, Double> values = new LinkedHashMap<>();
        for (String field : line.split(" ", -1)) {
            int at = field.indexOf('=');
            if (at > 0) {
                values.put(field.substring(0, at), Double.valueOf(field.substring(at + 1)));
            }
        }
        return values;
    }

    @Override
    public void close() {
        try {
            orders.write("quit");
            orders.newLine();
            orders.close();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly(); // it is gone, or as good as
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
