package dev.leat.examples.service;

import com.google.gson.JsonObject;
import dev.leat.LeatRuntime;
import dev.leat.vision.Image;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.SizeUnit;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service: routes, limits and life cycle. */
public final class LeatService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LeatService.class);

    /** Threads for the server itself and for requests that only wait to be refused. */
    private static final int SPARE_THREADS = 16;

    private static final long IDLE_MILLIS = 30_000;
    private static final int HEADER_BYTES = 8_192;

    /** How long an answer may take on its way once the service ends, and a body whose request is answered already. */
    private static final Duration ANSWERING = Duration.ofSeconds(5);

    private static final String ROUTE = "route";
    private static final String START = "start";
    private static final String TEXT = "text";

    /** Scripts, styles and calls of this address alone; a picture that was dropped is a blob. */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> PAGE = Map.of(
            "/", "index.html",
            "/page.css", "page.css",
            "/page.js", "page.js",
            "/icon.svg", "icon.svg");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private final Settings settings;
    private final Gate gate;
    private final Engine engine;
    private final Telemetry telemetry;
    private final Javalin server;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Listens at once and loads the models meanwhile; for tests, with changed pipelines. */
    LeatService(Settings settings, Engine.Changes changes, Executor loader) {
        this.settings = settings;
        gate = new Gate(settings.maxRequests());
        engine = new Engine(settings, changes, loader);
        telemetry = new Telemetry(LeatRuntime.shared(), gate);
        server = Javalin.create(this::configure).start(settings.host(), settings.port());
        LOG.info(
                "listening on http://{}:{}/, process {}",
                settings.host(),
                server.port(),
                ProcessHandle.current().pid());
    }

    /**
     * Starts the service and ends it when the process is told to end.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        Settings settings;
        try {
            settings = Settings.from(System.getenv());
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        LeatService service = new LeatService(settings, Engine.Changes.NONE, LeatService::inBackground);
        Runtime.getRuntime().addShutdownHook(new Thread(service::close, "shutdown"));
    }

    static void inBackground(Runnable work) {
        Thread thread = new Thread(work, "loader");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.port();
    }

    boolean isReady() {
        return engine.isReady() && !gate.isClosed();
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        config.jetty.threadPool =
                new QueuedThreadPool(settings.maxRequests() + SPARE_THREADS, SPARE_THREADS / 2, (int) IDLE_MILLIS);
        // A picture stays in memory: nothing of a request is ever written to a disk.
        config.jetty.multipartConfig.maxInMemoryFileSize(settings.maxPictureBytes(), SizeUnit.BYTES);
        config.jetty.multipartConfig.maxFileSize(settings.maxPictureBytes(), SizeUnit.BYTES);
        config.jetty.multipartConfig.maxTotalRequestSize(
                settings.maxPictureBytes() + Requests.FORM_BYTES, SizeUnit.BYTES);
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setRequestHeaderSize(HEADER_BYTES);
            http.setIdleTimeout(IDLE_MILLIS);
        });
        config.jetty.modifyServer(jetty -> {
            jetty.setErrorHandler(new PlainErrors());
            // Whoever was let in by the gate has left it before the answer is written: the server waits for that.
            jetty.setHandler(new GracefulHandler(new Remainder(ANSWERING)));
            jetty.setStopTimeout(ANSWERING.toMillis());
        });
        routes(config);
    }

    private void routes(JavalinConfig config) {
        config.routes.before(this::begin);
        config.routes.after(this::end);
        config.routes.exception(Problem.class, (problem, ctx) -> Envelope.send(ctx, problem));
        config.routes.exception(HttpResponseException.class, (e, ctx) -> {
            if (e.getStatus() == 405) {
                ctx.header("Allow", isPost(ctx.path()) ? "POST" : "GET, HEAD");
            }
            Envelope.send(ctx, Problem.ofStatus(e.getStatus()));
        });
        config.routes.exception(Exception.class, (e, ctx) -> {
            LOG.error("a request failed: {}", e.getClass().getName()); // its message may hold input
            Envelope.send(ctx, Problem.internal());
        });
        PAGE.forEach((path, resource) -> config.routes.get(path, routed(path, ctx -> page(ctx, resource))));
        config.routes.get("/health/live", routed("/health/live", ctx -> health(ctx, true)));
        config.routes.get("/health/ready", routed("/health/ready", ctx -> health(ctx, isReady())));
        config.routes.get("/metrics", routed("/metrics", this::metrics));
        config.routes.post("/analyze/text", guarded("/analyze/text", this::text));
        config.routes.post("/analyze/image", guarded("/analyze/image", this::image));
        config.routes.post("/events/text", guarded("/events/text", this::textEvents));
        config.routes.post("/events/image", guarded("/events/image", this::imageEvents));
        for (String prefix : Set.of("", "/client/v4/accounts/{account}")) {
            config.routes.get(prefix + "/ai/models/search", guarded("/ai/models/search", this::models));
            config.routes.post(prefix + "/ai/run/<model>", guarded("/ai/run", this::platform));
        }
    }

    private static boolean isPost(String path) {
        return path.startsWith("/analyze/") || path.startsWith("/events/") || path.contains("/ai/run/");
    }

    private void begin(Context ctx) {
        ctx.attribute(START, System.nanoTime());
        ctx.header("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        ctx.header("X-Content-Type-Options", "nosniff");
        ctx.header("Referrer-Policy", "no-referrer");
        ctx.header("Cross-Origin-Resource-Policy", "same-origin");
        ctx.header("Cache-Control", "no-store");
    }

    private void end(Context ctx) {
        if (gate.isClosed()) {
            ctx.header("Connection", "close"); // else the next request meets a connection that ends
        }
        Long start = ctx.attribute(START);
        String route = ctx.attribute(ROUTE);
        if (start != null) {
            Duration duration = Duration.ofNanos(System.nanoTime() - start);
            telemetry.answered(route == null ? "other" : route, ctx.statusCode(), duration);
        }
    }

    private static Handler routed(String route, Handler handler) {
        return ctx -> {
            ctx.attribute(ROUTE, route);
            handler.handle(ctx);
        };
    }

    /** A route that works: counted, limited, and refused while the service loads or ends. */
    private Handler guarded(String route, Handler handler) {
        return routed(route, ctx -> {
            gate.enter();
            try {
                handler.handle(ctx);
            } finally {
                gate.leave();
            }
        });
    }

    private void page(Context ctx, String resource) throws IOException {
        try (InputStream in = LeatService.class.getResourceAsStream("/page/" + resource)) {
            if (in == null) {
                throw Problem.ofStatus(404);
            }
            ctx.contentType(
                    TYPES.getOrDefault(resource.substring(resource.indexOf('.') + 1), "application/octet-stream"));
            ctx.result(in.readAllBytes());
        }
    }

    private void health(Context ctx, boolean well) {
        JsonObject health = new JsonObject();
        health.addProperty("status", well ? "up" : "down");
        ctx.status(well ? 200 : 503).contentType("application/json").result(health.toString());
    }

    private void metrics(Context ctx) {
        ctx.contentType("text/plain; version=0.0.4; charset=utf-8").result(telemetry.scrape());
    }

    private void text(Context ctx) {
        Analysis<String> texts = engine.loaded().texts();
        JsonObject json = Requests.json(ctx, settings.maxTextBytes());
        String text = Requests.text(json, TEXT);
        texts.run(text, asked(texts, json, Set.of(TEXT)), settings.deadline()).send(ctx);
    }

    private void textEvents(Context ctx) {
        Analysis<String> texts = engine.loaded().texts();
        JsonObject json = Requests.json(ctx, settings.maxTextBytes());
        String text = Requests.text(json, TEXT);
        Events.send(ctx, texts, text, asked(texts, json, Set.of(TEXT)), settings.deadline());
    }

    private void image(Context ctx) {
        Analysis<Image> pictures = engine.loaded().pictures();
        Image picture = Requests.picture(ctx, settings.maxPictureBytes());
        pictures.run(picture, asked(pictures, form(ctx), Set.of()), settings.deadline())
                .send(ctx);
    }

    private void imageEvents(Context ctx) {
        Analysis<Image> pictures = engine.loaded().pictures();
        Image picture = Requests.picture(ctx, settings.maxPictureBytes());
        Events.send(ctx, pictures, picture, asked(pictures, form(ctx), Set.of()), settings.deadline());
    }

    private void platform(Context ctx) {
        engine.loaded().platform().run(ctx.pathParam("model"), ctx).send(ctx);
    }

    private void models(Context ctx) {
        Envelope envelope = new Envelope();
        envelope.result(engine.loaded().platform().models());
        envelope.send(ctx);
    }

    /** The fields of a form besides the picture, as the members of a JSON object would be. */
    private static JsonObject form(Context ctx) {
        JsonObject json = new JsonObject();
        ctx.formParamMap().forEach((name, values) -> {
            String value = values.isEmpty() ? "" : values.get(values.size() - 1);
            if (name.equals(Requests.IMAGE)) {
                return; // the picture itself
            } else if (value.equals("true") || value.equals("false")) {
                json.addProperty(name, value.equals("true"));
            } else {
                json.addProperty(name, value);
            }
        });
        return json;
    }

    /** Returns what a request asks for; a member that nobody knows is an error, not ignored. */
    private static <I> Set<String> asked(Analysis<I> analysis, JsonObject json, Set<String> others) {
        Set<String> names = new LinkedHashSet<>();
        Set<String> known = new LinkedHashSet<>(others);
        for (Aspect<I, ?> part : analysis.parts().values()) {
            known.add(part.flag());
            if (Requests.flag(json, part.flag())) {
                names.add(part.name());
            }
        }
        if (!known.containsAll(json.keySet())) {
            throw Problem.badRequest(
                    "Unknown member; known are " + known.stream().sorted().toList() + ".");
        }
        boolean nothing = json.keySet().stream().noneMatch(name -> name.startsWith("include"));
        if (names.isEmpty() && !nothing) {
            throw Problem.badRequest("Every include.. is false; ask for something, or leave them all out.");
        }
        return names.isEmpty() ? analysis.unasked() : names;
    }

    /** Refuses new requests, lets running ones end, then gives everything back. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        LOG.info("ending: {} requests in work", gate.inside());
        boolean drained = gate.close(settings.drain());
        boolean answered = stop();
        engine.close();
        telemetry.close();
        LOG.info(drained && answered ? "ended, every request was answered" : "ended, some requests were cut off");
    }

    /** Lets answers out, then closes the connections; returns whether all answers were written in time. */
    private boolean stop() {
        try {
            server.stop();
            return true;
        } catch (JavalinException e) {
            LOG.warn("the server did not end in time: {}", e.getClass().getName());
            return false;
        }
    }
}
