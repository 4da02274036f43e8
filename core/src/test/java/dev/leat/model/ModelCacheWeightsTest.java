package dev.leat.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the tiny model in a jar. */
class ModelCacheWeightsTest {

    private static final String FILE = "loop.onnx";
    private static final FileTime THEN = FileTime.fromMillis(1_000_000_000_000L);

    @TempDir
    Path temporary;

    private URLClassLoader loader = new URLClassLoader(new URL[0]);

    @BeforeEach
    void pack() throws IOException {
        Path jar = temporary.resolve("tiny.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String file : List.of("model.json", "alloc.onnx", "loop.onnx", "products.onnx")) {
                zip.putNextEntry(new ZipEntry("META-INF/leat/models/tiny/" + file));
                Files.copy(source(file), zip);
                zip.closeEntry();
            }
        }
        loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
    }

    @AfterEach
    void close() throws IOException {
        loader.close();
    }

    private static Path source(String file) {
        return Path.of(System.getProperty("leat.basedir", "."), "src/test/resources/models/tiny", file);
    }

    /** Asks a new folder and cache, as another start of a program does. */
    private Path place() {
        ModelCache cache = ModelCache.at(temporary.resolve("leat"));
        return ModelSource.classPath(loader, cache).folder("tiny").path(FILE).orElseThrow();
    }

    private static Path sum(Path placed) {
        return placed.resolveSibling("." + FILE + ".crc32");
    }

    private static void flipABit(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void path_firstTime_isUnpackedWithItsSum() throws IOException {
        Path placed = place();

        assertThat(placed).hasSameBinaryContentAs(source(FILE));
        assertThat(Files.readString(sum(placed))).matches("[0-9a-f]{64} [0-9a-f]{1,8}");
    }

    @Test
    void path_nextTime_isLeftAsItIs() throws IOException {
        Path placed = place();
        Files.setLastModifiedTime(placed, THEN);
        Files.setLastModifiedTime(sum(placed), THEN);

        assertThat(place()).isEqualTo(placed);
        assertThat(Files.getLastModifiedTime(placed)).isEqualTo(THEN);
        assertThat(Files.getLastModifiedTime(sum(placed))).isEqualTo(THEN);
    }

    @Test
    void path_damaged_isUnpackedAgain() throws IOException {
        Path placed = place();
        flipABit(placed);

        assertThat(place()).hasSameBinaryContentAs(source(FILE));
    }

    @Test
    void path_cutOff_isUnpackedAgain() throws IOException {
        Path placed = place();
        Files.write(placed, new byte[10]);

        assertThat(place()).hasSameBinaryContentAs(source(FILE));
    }

    @Test
    void path_sumMissingOrWrong_isDigestedAndKept() throws IOException {
        Path placed = place();
        String sum = Files.readString(sum(placed));
        Files.setLastModifiedTime(placed, THEN);

        Files.delete(sum(placed));
        assertThat(place()).isEqualTo(placed);
        assertThat(sum(placed)).hasContent(sum);

        Files.writeString(sum(placed), "0 0");
        assertThat(place()).isEqualTo(placed);
        assertThat(sum(placed)).hasContent(sum);
        assertThat(Files.getLastModifiedTime(placed)).isEqualTo(THEN);
    }

    @Test
    void path_sumOfAnotherFile_helpsNobody() throws IOException {
        Path placed = place();
        flipABit(placed);
        Files.writeString(sum(placed), "0".repeat(64) + ' ' + Long.toHexString(Digests.crc32(placed)));

        assertThat(place()).hasSameBinaryContentAs(source(FILE));
    }
}
