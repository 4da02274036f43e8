package dev.leat.benchmarks.peers;

import dev.leat.benchmarks.worker.Reader;
import dev.leat.benchmarks.worker.Worker;
import java.io.IOException;
import java.nio.file.Path;

/** RapidOCR for Java with as many threads as the machine has processors. */
public final class RapidOcrContestant extends Reader {

    private final RapidOcr rapidOcr = new RapidOcr(Runtime.getRuntime().availableProcessors());

    private RapidOcrContestant(Path picture) {
        super(picture);
    }

    /**
     * Serves.
     *
     * @param arguments a picture to read first
     * @throws IOException if the orders cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Worker.serve(() -> new RapidOcrContestant(Path.of(arguments[0])));
    }

    @Override
    protected String read(Path picture) {
        return rapidOcr.read(picture);
    }

    @Override
    public void close() {}
}
