package dev.leat.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With ONNX Runtime's own jar. */
class ModelCacheLibrariesTest {

    private static final String PACKED = "ai/onnxruntime/native/linux-x64/";
    private static final Set<String> NAMES = Set.of("libonnxruntime.so", "libonnxruntime4j_jni.so");

    @TempDir
    Path temporary;

    private Path directory = Path.of("");

    @BeforeEach
    void create() {
        directory = temporary.resolve("leat");
    }

    private Optional<Path> libraries() {
        return ModelCache.at(directory).libraries(OrtEnvironment.class, PACKED, NAMES);
    }

    private static byte[] packed(String name) throws IOException {
        try (InputStream in = OrtEnvironment.class.getResourceAsStream("/" + PACKED + name)) {
            assertThat(in).isNotNull();
            return in.readAllBytes();
        }
    }

    @Test
    void libraries_firstTime_areThoseOfTheJarAndMayRun() throws IOException {
        Path folder = libraries().orElseThrow();

        for (String name : NAMES) {
            assertThat(folder.resolve(name)).hasBinaryContent(packed(name)).isExecutable();
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("libonnxruntime.so", "libonnxruntime4j_jni.so", ".used");
        }
    }

    @Test
    void libraries_nextTime_areLeftAsTheyAre() throws IOException {
        Path library = libraries().orElseThrow().resolve("libonnxruntime4j_jni.so");
        FileTime then = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(library, then);

        assertThat(libraries()).contains(library.getParent());
        assertThat(Files.getLastModifiedTime(library)).isEqualTo(then);
    }

    @Test
    void libraries_damaged_areUnpackedAgain() throws IOException {
        Path library = libraries().orElseThrow().resolve("libonnxruntime4j_jni.so");
        byte[] damaged = Files.readAllBytes(library);
        damaged[damaged.length / 2] ^= 1;
        Files.write(library, damaged, StandardOpenOption.TRUNCATE_EXISTING);

        assertThat(libraries()).isPresent();
        assertThat(library).hasBinaryContent(packed("libonnxruntime4j_jni.so"));
    }

    @Test
    void libraries_moreInTheJarThanIsKnown_areLeftToTheirOwner() {
        assertThat(ModelCache.at(directory).libraries(OrtEnvironment.class, PACKED, Set.of("libonnxruntime.so")))
                .isEmpty();
        assertThat(directory).doesNotExist();
    }

    @Test
    void libraries_noneInTheJar_isEmpty() {
        assertThat(ModelCache.at(directory).libraries(OrtEnvironment.class, "ai/onnxruntime/native/none/", NAMES))
                .isEmpty();
    }

    @Test
    void libraries_classOfNoJar_isEmpty() {
        assertThat(ModelCache.at(directory).libraries(String.class, PACKED, NAMES))
                .isEmpty();
        assertThat(ModelCache.at(directory).libraries(ModelCacheLibrariesTest.class, PACKED, NAMES))
                .isEmpty();
    }

    @Test
    void libraries_directoryCannotBeMade_isEmpty() throws IOException {
        Files.writeString(directory, "a file", StandardCharsets.UTF_8);

        assertThat(libraries()).isEmpty();
        assertThat(ModelCache.none().libraries(OrtEnvironment.class, PACKED, NAMES))
                .isEmpty();
    }
}
