package dev.leat.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.leat.ModelLoadException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubSnapshotTest {

    private static final String REVISION = "0123456789abcdef0123456789abcdef01234567";
    private static final Path MODELS = Path.of(System.getProperty("leat.basedir", "."), "src/test/resources/models");
    private static final Path TINY = MODELS.resolve("tiny");

    @TempDir
    Path directory;

    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private volatile int cutAfter = Integer.MAX_VALUE;
    private volatile boolean ranges = true;
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        for (String name : List.of("model.json", "loop.onnx", "alloc.onnx")) {
            files.put("/org/tiny/resolve/" + REVISION + '/' + name, Files.readAllBytes(TINY.resolve(name)));
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            @Nullable String range = exchange.getRequestHeaders().getFirst("Range");
            asked.add(path.substring(path.lastIndexOf('/') + 1) + (range == null ? "" : ' ' + range));
            byte @Nullable [] content = files.get(path);
            if (content == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            int from = range == null || !ranges ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
            exchange.sendResponseHeaders(from == 0 ? 200 : 206, content.length - from);
            // A connection that breaks is one that ends before the length that was announced.
            byte[] sent = Arrays.copyOfRange(content, from, from + Math.min(content.length - from, cutAfter));
            exchange.getResponseBody().write(sent);
            exchange.getResponseBody().flush();
        }
    }

    private HubSnapshot snapshot() throws IOException {
        return new HubSnapshot(
                URI.create("http://" + server.getAddress().getHostString() + ':'
                        + server.getAddress().getPort()),
                "org/tiny",
                REVISION,
                Digests.sha256(TINY.resolve("model.json")),
                directory,
                false);
    }

    private void replace(String name, byte[] content) {
        files.put("/org/tiny/resolve/" + REVISION + '/' + name, content);
    }

    @Test
    void folder_files_areFetchedOnceWhenAskedFor() throws Exception {
        ModelFolder folder = snapshot().folder("tiny");
        assertThat(asked).containsExactly("model.json");

        assertThat(folder.path("loop.onnx").orElseThrow()).hasSameBinaryContentAs(TINY.resolve("loop.onnx"));
        assertThat(folder.bytes("loop.onnx")).isEqualTo(Files.readAllBytes(TINY.resolve("loop.onnx")));
        snapshot().folder("tiny").path("loop.onnx");

        assertThat(asked).containsExactly("model.json", "loop.onnx");
        assertThat(folder).isEqualTo(ModelSource.directory(MODELS).folder("tiny"));
    }

    @Test
    void offline_whatIsThere_isUsedAndTheRestIsNamed() throws Exception {
        snapshot().folder("tiny").path("loop.onnx");
        server.stop(0);
        ModelFolder folder = snapshot().asOffline().folder("tiny");

        assertThat(folder.path("loop.onnx")).isPresent();
        assertThatThrownBy(() -> folder.path("alloc.onnx"))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("'alloc.onnx'")
                .hasMessageContaining("offline");
    }

    @Test
    void path_brokenOff_goesOnWhereItStopped() throws Exception {
        ModelFolder folder = snapshot().folder("tiny");
        cutAfter = 100;
        assertThatThrownBy(() -> folder.path("loop.onnx"))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("goes on from there");
        cutAfter = Integer.MAX_VALUE;

        assertThat(folder.path("loop.onnx").orElseThrow()).hasSameBinaryContentAs(TINY.resolve("loop.onnx"));
        assertThat(asked).containsExactly("model.json", "loop.onnx", "loop.onnx bytes=100-");
    }

    @Test
    void path_brokenOffAtAHubWithoutRanges_beginsAgain() throws Exception {
        ModelFolder folder = snapshot().folder("tiny");
        ranges = false;
        cutAfter = 100;
        assertThatThrownBy(() -> folder.path("loop.onnx")).isInstanceOf(ModelLoadException.class);
        cutAfter = Integer.MAX_VALUE;

        assertThat(folder.path("loop.onnx").orElseThrow()).hasSameBinaryContentAs(TINY.resolve("loop.onnx"));
    }

    @Test
    void path_otherContentThanPinned_isRefusedAndNotKept() throws Exception {
        ModelFolder folder = snapshot().folder("tiny");
        byte[] other = Files.readAllBytes(TINY.resolve("loop.onnx"));
        other[50]++;
        replace("loop.onnx", other);

        assertThatThrownBy(() -> folder.path("loop.onnx"))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("not what was pinned");
        try (Stream<Path> kept = Files.walk(directory)) {
            assertThat(kept.map(Path::getFileName).map(Path::toString))
                    .contains("model.json")
                    .doesNotContain("loop.onnx", "loop.onnx.part");
        }
    }

    @Test
    void folder_otherDescriptorThanPinned_isRefused() throws Exception {
        replace("model.json", "{\"id\": \"tiny\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        HubSnapshot snapshot = snapshot();

        assertThatThrownBy(() -> snapshot.folder("tiny"))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("not what was pinned");
    }

    @Test
    void path_endlessContent_isCutAtItsSize() throws Exception {
        ModelFolder folder = snapshot().folder("tiny");
        replace("loop.onnx", new byte[10_000]);

        assertThatThrownBy(() -> folder.path("loop.onnx")).hasMessageContaining("not what was pinned");
    }

    @Test
    void path_missingAtTheHub_saysWhatToCheck() throws Exception {
        ModelFolder folder = snapshot().folder("tiny");
        files.remove("/org/tiny/resolve/" + REVISION + "/loop.onnx");

        assertThatThrownBy(() -> folder.path("loop.onnx"))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("404")
                .hasMessageContaining("Check repository, revision");
    }

    @Test
    void path_manyAtOnce_fetchOnce() throws Exception {
        ModelFolder folder = snapshot().folder("tiny");
        List<CompletableFuture<Path>> readers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            readers.add(CompletableFuture.supplyAsync(
                    () -> folder.path("loop.onnx").orElseThrow(), work -> new Thread(work).start()));
        }
        for (CompletableFuture<Path> reader : readers) {
            assertThat(reader.get(50, TimeUnit.SECONDS)).exists();
        }
        assertThat(asked).containsExactly("model.json", "loop.onnx");
    }

    @Test
    void snapshot_unpinned_isRefused() {
        URI hub = URI.create("https://hub.example");
        String digest = "0".repeat(64);
        assertThatThrownBy(() -> new HubSnapshot(hub, "org/tiny", "main", digest, directory, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("may name other files tomorrow");
        assertThatThrownBy(() -> new HubSnapshot(hub, "org/../tiny", REVISION, digest, directory, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HubSnapshot(URI.create("file:/x"), "org/tiny", REVISION, digest, directory, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HubSnapshot(hub, "org/tiny", REVISION, "short", directory, false))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
