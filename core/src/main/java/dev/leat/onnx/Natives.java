package dev.leat.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.leat.ModelLoadException;
import dev.leat.model.ModelCache;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads ONNX Runtime's native library at first use and explains why it cannot be loaded. */
final class Natives {

    private static final Logger LOG = LoggerFactory.getLogger(Natives.class);

    private static final AtomicBoolean EXPECTED = new AtomicBoolean();

    private Natives() {}

    /**
     * Returns the process-wide environment, shared with whoever else uses ONNX Runtime here; never closed.
     *
     * @throws ModelLoadException if the native library cannot be loaded or is older than 1.21
     */
    static OrtEnvironment environment(String modelId) {
        Loaded loaded = Holder.LOADED;
        if (loaded.environment != null) {
            return loaded.environment;
        }
        throw new ModelLoadException(
                modelId,
                "Model '" + modelId + "' cannot be loaded, as ONNX Runtime's native library cannot: "
                        + explain(loaded.failure, platform(), isMusl()) + " Stages that are rules work without it.",
                loaded.failure);
    }

    /**
     * Begins to load the library on a thread of its own, since whoever describes a graph is about to run it; who comes
     * before it is there waits. Once in a JVM; if it fails, the reason is told when the library is needed.
     */
    static void expect() {
        if (EXPECTED.compareAndSet(false, true)) {
            Thread thread = new Thread(() -> LOG.debug("{}", Holder.LOADED), "leat-natives-1");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Says which library is loaded, or why none is. */
    static String describe() {
        Loaded loaded = Holder.LOADED;
        return loaded.environment != null
                ? "ONNX Runtime " + loaded.environment.getVersion() + " for " + platform()
                : "ONNX Runtime cannot be loaded: " + explain(loaded.failure, platform(), isMusl());
    }

    /**
     * Returns whether a version's results can be wrong. With 1.20 the bundled encoder's last layer, an attention of one
     * query a text, reads the padding of a batch, so that embeddings are off by a cosine of .01 without a word; older
     * versions were not tried.
     */
    static boolean isOutdated(String version) {
        return version.matches("(0|1\\.1?\\d|1\\.20)(\\..*)?");
    }

    /** Says what to do about a failure. */
    static String explain(@Nullable Throwable failure, String platform, boolean musl) {
        if (failure instanceof Outdated) {
            return "version " + failure.getMessage()
                    + " is on the class path, whose results in batches can be wrong. Use "
                    + "1.21 or later, best 1.28, which Leat asks for; 'mvn dependency:tree "
                    + "-Dincludes=com.microsoft.onnxruntime' shows who asks for another.";
        }
        StringBuilder said = new StringBuilder();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            said.append(each.getMessage()).append(' ');
        }
        String text = said.toString().toLowerCase(Locale.ROOT);
        if (text.contains("already loaded in another classloader")) {
            return "another class loader of this JVM has loaded it. Put ONNX Runtime and Leat where both applications "
                    + "share them (the server's or the parent loader's class path).";
        }
        if (musl) {
            return "this system uses musl libc (Alpine), the library needs glibc. Use a glibc image, such as Debian, "
                    + "Ubuntu or a distroless Java image.";
        }
        if (!platform.matches("linux-(x64|aarch64)|osx-aarch64|win-x64")) {
            return "there is none for this platform (" + platform
                    + "); there is for Linux x64 and arm64 with glibc, macOS arm64, Windows x64.";
        }
        if (text.contains("onnxruntime.native.path") || System.getProperty("onnxruntime.native.path") != null) {
            return "the system property onnxruntime.native.path does not lead to a library that fits. Remove it, or "
                    + "name the folder of ONNX Runtime's own library for " + platform + ".";
        }
        if (text.contains("failed to map segment") || text.contains("operation not permitted")) {
            return "the folder for temporary files (java.io.tmpdir) does not allow programs to run (noexec). Set "
                    + "-Djava.io.tmpdir to one that does, or unpack the library and set -Donnxruntime.native.path.";
        }
        if (text.contains("glibc") || text.contains("version `")) {
            return "the system's C library is older than it needs. Use a newer system or image (glibc 2.28 or later).";
        }
        if (text.contains("nosuchfile") || text.contains("failed to load onnx-runtime library")) {
            return "it cannot be unpacked into the folder for temporary files. Make java.io.tmpdir (" //
                    + System.getProperty("java.io.tmpdir")
                    + ") a folder that exists, can be written and has 40 MB free.";
        }
        return "it does not fit this system (" + platform + "). Check that com.microsoft.onnxruntime:onnxruntime is on "
                + "the class path once, unchanged, and see the cause.";
    }

    private static String platform() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String system = os.contains("win") ? "win" : os.contains("mac") ? "osx" : os.contains("linux") ? "linux" : os;
        String machine = arch.matches("amd64|x86_64") ? "x64" : arch.equals("arm64") ? "aarch64" : arch;
        return system + "-" + machine;
    }

    /** Returns whether the system's loader is musl's; on a glibc system with musl installed beside it, it is not. */
    private static boolean isMusl() {
        return hasLoader("ld-musl-*") && !hasLoader("ld-linux-*");
    }

    private static boolean hasLoader(String glob) {
        for (String folder : new String[] {"/lib", "/lib64"}) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(Path.of(folder), glob)) {
                if (found.iterator().hasNext()) {
                    return true;
                }
            } catch (IOException e) {
                LOG.debug("No folder {}: not a Linux, or an unusual one", folder);
            }
        }
        return false;
    }

    /** A library that loads, but must not be used; the message is its version. */
    static final class Outdated extends RuntimeException {

        private static final long serialVersionUID = 1;

        Outdated(String version) {
            super(version);
        }
    }

    private record Loaded(
            @Nullable OrtEnvironment environment, @Nullable Throwable failure) {}

    /** Loads once; the failure is kept, since the JVM tells the reason only at the first attempt. */
    private static final class Holder {

        private static final String PROPERTY = "onnxruntime.native.";
        private static final String PATH = PROPERTY + "path";
        private static final String CLAIM = "leat.loaded:"; // and a folder, from which a JVM loads only once
        private static final List<String> LIBRARIES = List.of("onnxruntime", "onnxruntime4j_jni");

        private static final Loaded LOADED = load();

        private static Loaded load() {
            try {
                warnOfReports(OrtEnvironment.class.getPackage().getImplementationVersion());
                OrtEnvironment environment = opened();
                silence(environment);
                if (isOutdated(environment.getVersion())) {
                    return new Loaded(null, new Outdated(environment.getVersion()));
                }
                LOG.debug("ONNX Runtime {} for {}", environment.getVersion(), platform());
                return new Loaded(environment, null);
            } catch (LinkageError | RuntimeException e) {
                // LinkageError is how a missing native library shows itself (UnsatisfiedLinkError, or
                // ExceptionInInitializerError around an IOException); no other Error is caught.
                return new Loaded(null, e);
            }
        }

        /**
         * Opens it over libraries that are unpacked once for all starts. The runtime itself unpacks them into a new
         * folder each time, which took a sixth of a start; it does so still if the host has said where they are, if
         * the jar has more than we know (GPUs), or if another class loader of this JVM has those of the cache.
         */
        private static OrtEnvironment opened() {
            Map<String, String> paths = new HashMap<>();
            if (LIBRARIES.stream().noneMatch(Holder::isSet) && System.getProperty(PATH) == null) {
                Set<String> names = Stream.concat(LIBRARIES.stream(), Stream.of("onnxruntime_providers_shared"))
                        .map(System::mapLibraryName)
                        .collect(Collectors.toSet());
                ModelCache.standard()
                        .libraries(OrtEnvironment.class, "ai/onnxruntime/native/" + platform() + "/", names)
                        .filter(folder -> System.getProperties().putIfAbsent(CLAIM + folder, "loaded") == null)
                        .ifPresent(folder -> LIBRARIES.forEach(name -> paths.put(
                                PROPERTY + name + ".path",
                                folder.resolve(System.mapLibraryName(name)).toString())));
            }
            System.getProperties().putAll(paths);
            try {
                return OrtEnvironment.getEnvironment();
            } finally {
                System.getProperties().keySet().removeAll(paths.keySet());
            }
        }

        private static boolean isSet(String library) {
            return System.getProperty(PROPERTY + library + ".path") != null
                    || System.getProperty(PROPERTY + library + ".skip") != null;
        }

        /**
         * From 1.29 on the runtime reports to its maker on Linux and macOS as well, from the moment it is loaded, and
         * only an environment variable, which Java cannot set, keeps it from that.
         */
        private static void warnOfReports(@Nullable String version) {
            if (version != null
                    && version.matches("1\\.(29|[3-9]\\d).*|[2-9].*")
                    && !platform().startsWith("win")
                    && System.getenv("ORT_DISABLE_TELEMETRY") == null) {
                LOG.warn(
                        "ONNX Runtime {} sends usage reports to its maker, and may crash on long command lines. Set the "
                                + "environment variable ORT_DISABLE_TELEMETRY=1, or use version 1.28, which Leat asks for",
                        version);
            }
        }

        /** Switches off the runtime's own reports to its maker, which its Windows build sends. */
        private static void silence(OrtEnvironment environment) {
            try {
                environment.setTelemetry(false);
            } catch (OrtException e) {
                LOG.debug("ONNX Runtime has no telemetry to switch off: {}", e.getCode());
            }
        }
    }
}
