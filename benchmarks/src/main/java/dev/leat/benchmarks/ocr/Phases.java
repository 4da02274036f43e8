package dev.leat.benchmarks.ocr;

import dev.leat.observe.InferenceListener;
import java.util.Map;
import java.util.TreeMap;

/** Adds up where the time of text recognition goes, over all threads; thread-safe. */
final class Phases implements InferenceListener {

    private final Map<String, Long> nanos = new TreeMap<>();

    @Override
    public synchronized void executed(NodeExecution execution) {
        switch (execution.step()) {
            case "decode" -> add("1 decode", execution.totalNanos());
            case "detect" -> {
                add("2 detect: resize", execution.preNanos());
                add("3 detect: graph", execution.inferNanos());
                add("4 detect: boxes", execution.postNanos());
            }
            case "read" -> {
                add("5 read: cut and resize", execution.preNanos());
                add("6 read: graph", execution.inferNanos());
                add("7 read: characters and spaces", execution.postNanos());
            }
            default -> add("8 all else", execution.totalNanos());
        }
    }

    private void add(String phase, long spent) {
        nanos.merge(phase, spent, Long::sum);
    }

    synchronized void print(int pictures) {
        System.out.println("Leat's time by phase, milliseconds a picture over all threads:");
        nanos.forEach((phase, spent) -> System.out.printf("  %-32s %8.1f%n", phase, spent / 1e6 / pictures));
    }
}
