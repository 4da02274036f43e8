package dev.leat.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestTest {

    @TempDir
    Path folder;

    private List<String> output(String program) throws Exception {
        Path printed = folder.resolve("printed");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:ErrorFile=" + folder.resolve("crash.log"),
                "-Dleat.cacheDir=" + folder.resolve("cache"),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dleat.basedir=" + System.getProperty("leat.basedir", "."),
                "-cp",
                classPath(),
                Guest.class.getName(),
                program));
        if (Runtime.version().feature() >= 22) {
            command.add(1, "--enable-native-access=ALL-UNNAMED");
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        List<String> lines = Files.readAllLines(printed);
        assertThat(ended).as("ended; printed %s", lines).isTrue();
        assertThat(process.exitValue()).as("exit status; printed %s", lines).isZero();
        assertThat(folder.resolve("crash.log")).doesNotExist();
        return lines;
    }

    /** Everything that this JVM has, on one class path, whether it runs from there or from modules. */
    private static String classPath() {
        String modules = System.getProperty("jdk.module.path", "");
        return Stream.of(modules, System.getProperty("java.class.path"), "target/test-classes", "target/classes")
                .filter(path -> !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Test
    void environment_madeByTheHostFirst_servesBothAsBefore() throws Exception {
        assertThat(output("host first")).containsExactly("host 3.0", "leat 7.0", "host 4.0", "host 5.0", "handles 0");
    }

    @Test
    void environment_madeByLeatFirst_servesBothAndOutlivesEither() throws Exception {
        assertThat(output("host second"))
                .containsExactly("leat 7.0", "host 4.0", "leat 7.0", "host 5.0", "leat 7.0", "handles 0");
    }

    @Test
    void libraries_areOfTheCacheForOneLoaderAndUnpackedForAnother() throws Exception {
        assertThat(output("two loaders"))
                .containsExactly("leat 7.0", "leat 7.0", "mapped 2, of the cache 1", "properties []");
    }

    @Test
    void exit_underLoad_doesNotCrash() throws Exception {
        assertThat(output("exit")).startsWith("leat 3.0");
    }

    @Test
    void exit_underLoadWithAHookThatCloses_freesEverythingFirst() throws Exception {
        assertThat(output("hook")).startsWith("leat 3.0").contains("closed, handles 0");
    }
}
