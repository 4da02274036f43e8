package dev.leat.benchmarks.worker;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A library with its models loaded, as its users would use it. */
public interface Contestant extends AutoCloseable {

    /** Does its work for the first time, so that a start can be timed. */
    void first();

    /**
     * Carries out an order.
     *
     * @param order a word and its arguments
     * @return what was measured, by name
     * @throws IOException if a file that the order names cannot be read or written
     */
    Map<String, Double> work(List<String> order) throws IOException;

    @Override
    void close();
}
