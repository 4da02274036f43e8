package dev.leat.benchmarks.peers;

import dev.leat.benchmarks.worker.Reader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads a folder of pictures with RapidOCR for Java, for CompareOcr's {@code --peer}.
 *
 * <pre>
 * ReadWithRapidOcr PICTURES OUT.jsonl THREADS [NAMES.txt]
 * ReadWithRapidOcr - - THREADS
 * </pre>
 *
 * <p>The second form is for {@code --live}: paths come in, a line each, answers go out.
 */
public final class ReadWithRapidOcr {

    private ReadWithRapidOcr() {}

    /**
     * Reads.
     *
     * @param args as the class says
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        RapidOcr reader = new RapidOcr(Integer.parseInt(args[2]));
        if (args[0].equals("-")) {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println("\n" + reader.read(Path.of(line))); // its native code may have begun a line
            }
        } else {
            List<Path> files = files(Path.of(args[0]), args.length > 3 ? Files.readAllLines(Path.of(args[3])) : List.of());
            reader.read(files.get(0)); // loads
            try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(Path.of(args[1])))) {
                for (Path file : files) {
                    out.println(reader.read(file));
                    out.flush();
                }
            }
        }
        System.exit(0); // its native threads keep the JVM alive
    }

    private static List<Path> files(Path folder, List<String> only) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().matches(".*\\.(jpg|jpeg|png)"))
                    .filter(file -> only.isEmpty() || only.contains(Reader.name(file)))
                    .sorted()
                    .toList();
        }
    }
}
