package dev.leat.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeighboursTest {

    @TempDir
    Path folder;

    private List<String> output(String order) throws Exception {
        Path printed = folder.resolve(order);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-DOPT_OUT_TRACKING=true", // the neighbour's tokenizer would call home
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Neighbours.class.getName(),
                order));
        if (Runtime.version().feature() >= 22) {
            command.add(1, "--enable-native-access=ALL-UNNAMED");
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        boolean ended = process.waitFor(100, TimeUnit.SECONDS);
        process.destroyForcibly();
        List<String> lines = Files.readAllLines(printed);
        assertThat(ended).as("ended; printed %s", lines).isTrue();
        assertThat(process.exitValue()).as("exit status; printed %s", lines).isZero();
        return lines;
    }

    @Test
    void leatAndLangChain4j_inEitherOrder_answerAsTheyDoAlone() throws Exception {
        String neighbour = output("N").get(0);
        String leat = output("L").get(0);

        assertThat(output("NLNL")).containsExactly(neighbour, leat, neighbour, leat);
        assertThat(output("LNLN")).containsExactly(leat, neighbour, leat, neighbour);
    }
}
