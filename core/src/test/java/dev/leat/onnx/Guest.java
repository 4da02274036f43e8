package dev.leat.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.Stage;
import java.io.File;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Programs in which Leat is not alone, or the JVM ends under it; run in JVMs of their own by {@link GuestTest}. */
final class Guest {

    /** Rounds that take minutes, unless something ends them. */
    private static final long ENDLESS = 10_000_000_000L;

    private Guest() {}

    /**
     * Runs one.
     *
     * @param arguments which
     */
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "host first" -> hostFirst();
            case "host second" -> hostSecond();
            case "two loaders" -> twoLoaders();
            case "exit" -> exit(false);
            case "hook" -> exit(true);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void hostFirst() throws Exception {
        OrtEnvironment.ThreadingOptions threads = new OrtEnvironment.ThreadingOptions();
        threads.setGlobalIntraOpNumThreads(2);
        OrtEnvironment host = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "host", threads);
        try (OrtSession.SessionOptions global = new OrtSession.SessionOptions()) {
            global.disablePerSessionThreads();
            try (OrtSession session = host.createSession(graph(), global)) {
                System.out.println("host " + run(host, session, 3));
                leat();
                System.out.println("host " + run(host, session, 4));
            }
            try (OrtSession session = host.createSession(graph(), global)) {
                System.out.println("host " + run(host, session, 5));
            }
        }
        System.out.println("handles " + OnnxModel.openHandles());
    }

    private static void hostSecond() throws Exception {
        leat();
        OrtEnvironment host = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession session = host.createSession(graph(), options)) {
            System.out.println("host " + run(host, session, 4));
            leat();
            System.out.println("host " + run(host, session, 5));
            host.close(); // a host that tidies up
            leat();
        }
        System.out.println("handles " + OnnxModel.openHandles());
    }

    /** Two applications of a server, each with all libraries. */
    private static void twoLoaders() throws Exception {
        leat();
        List<URL> path = new ArrayList<>();
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            path.add(Path.of(each).toUri().toURL());
        }
        try (URLClassLoader other =
                new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Method leat = other.loadClass(Guest.class.getName()).getDeclaredMethod("leat");
            leat.setAccessible(true);
            leat.invoke(null);
        }
        List<String> mapped = Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains("libonnxruntime.so"))
                .map(line -> line.substring(line.indexOf('/')))
                .distinct()
                .toList();
        String cache = Path.of(System.getProperty("leat.cacheDir")).toRealPath().toString();
        System.out.println("mapped " + mapped.size() + ", of the cache "
                + mapped.stream().filter(each -> each.startsWith(cache)).count());
        System.out.println("properties "
                + System.getProperties().stringPropertyNames().stream()
                        .filter(name -> name.startsWith("onnxruntime."))
                        .toList());
    }

    private static void leat() {
        Stage<Long, Float> loop = TinyModel.loop(OnnxOptions.standard());
        try (Pipeline<Long> pipeline =
                Pipeline.<Long>builder("guest").stages(loop).build()) {
            System.out.println("leat " + pipeline.run(7L).get(loop));
        }
    }

    private static float run(OrtEnvironment host, OrtSession session, long n) throws OrtException {
        try (OnnxTensor tensor = OnnxTensor.createTensor(host, new long[] {n});
                OrtSession.Result result = session.run(Map.of("n", tensor))) {
            return ((float[]) result.get(0).getValue())[0];
        }
    }

    private static String graph() {
        Path graph = TinyModel.folder().path("loop.onnx").orElseThrow();
        return graph.toString();
    }

    /** Ends the JVM while native runs are under way, with and without a hook that closes the pipeline. */
    private static void exit(boolean hook) throws Exception {
        Stage<Long, Float> loop = TinyModel.loop(OnnxOptions.standard());
        Pipeline<Long> pipeline = Pipeline.<Long>builder("guest").stages(loop).build();
        System.out.println("leat " + pipeline.run(3L).get(loop));
        CountDownLatch begun = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            long rounds = ENDLESS + i;
            Thread caller = new Thread(() -> {
                begun.countDown();
                Results results = pipeline.run(rounds);
                System.out.println("ended " + results);
            });
            caller.setDaemon(true);
            caller.start();
        }
        begun.await();
        while (dev.leat.Leat.snapshot().running().isEmpty()) {
            Thread.onSpinWait();
        }
        if (hook) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                pipeline.close(java.time.Duration.ZERO);
                System.out.println("closed, handles " + OnnxModel.openHandles());
            }));
        }
        System.exit(0);
    }
}
