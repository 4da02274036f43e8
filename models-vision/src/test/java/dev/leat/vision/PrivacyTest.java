package dev.leat.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivacyTest {

    /** A word of no language, in letters that are easily read. */
    private static final String MARK = "TAMHEKLO";

    @Test
    void run_markedPicture_leavesTheMarkNowhere(@TempDir Path folder) throws Exception {
        // given: a JVM of its own that logs everything, with a cache folder and a folder for temporary files of its own
        Path printed = folder.resolve("printed");
        Path recorded = folder.resolve("recorded.jfr");
        Path written = Files.createDirectory(folder.resolve("written"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                        "-Djava.io.tmpdir=" + written,
                        "-Dleat.cacheDir=" + written.resolve("cache"),
                        "-cp",
                        classPath(),
                        PrivacyCanary.class.getName(),
                        MARK,
                        recorded.toString())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();

        // when
        assertThat(process.waitFor(110, TimeUnit.SECONDS)).isTrue();

        // then
        String output = Files.readString(printed, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output)
                .contains(
                        "the mark was read",
                        "Loaded",
                        "Success",
                        "Failed[FUNCTION]",
                        "Failed[INVALID_INPUT]",
                        "Degraded")
                .contains("Skipped", "dev.leat.Step", "dev.leat.Model", "dev.leat.Cache")
                .doesNotContainIgnoringCase(MARK);
        try (Stream<Path> files = Files.walk(written)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(file).as("no picture is put down on disk").startsWith(written.resolve("cache"));
                assertThat(file.toString()).doesNotContain(MARK);
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(MARK))
                        .as("%s holds the mark", file)
                        .isFalse();
            }
        }
    }

    /** Everything that this JVM has, on one class path, whether it runs from there or from modules. */
    private static String classPath() {
        String modules = System.getProperty("jdk.module.path", "");
        return Stream.of(modules, System.getProperty("java.class.path"), "target/test-classes", "target/classes")
                .filter(path -> !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
