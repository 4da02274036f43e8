package dev.leat.examples.service;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.leat.Results;
import dev.leat.Running;
import dev.leat.Trace;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Sends what a run does as server-sent events: {@code stage} for each stage as it settles, then {@code trace}. */
final class Events {

    /*
     * Stages settle on threads of the library, which must not wait for a slow reader: they put events into a queue, and
     * the request's own thread writes them. The results may be there before the last stage was told of, so the trace
     * is kept back until all were. A reader that is gone is met by a failing write, which cancels the run.
     */

    private static final double NANOS_PER_MILLI = 1e6;

    private static final String TRACE = "trace";

    private record Event(String name, JsonElement data) {}

    private Events() {}

    static <I> void send(Context ctx, Analysis<I> analysis, I input, Set<String> names, Duration deadline) {
        BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        long start = System.nanoTime();
        Running<I> running = analysis.start(
                input, names, deadline, (name, end) -> events.add(stage(name, end, System.nanoTime() - start)));
        ctx.contentType("text/event-stream; charset=utf-8");
        CompletableFuture<Void> unused = running.results().thenAccept(results -> events.add(trace(results)));
        try {
            OutputStream out = ctx.res().getOutputStream(); // the framework's own does not pass on a flush
            Event trace = null;
            int told = 0;
            while (trace == null || told < names.size()) {
                // Every stage settles by the deadline; the second one is for the way here.
                Event event = events.poll(2 * deadline.toMillis(), TimeUnit.MILLISECONDS);
                if (event == null) {
                    throw Problem.internal();
                } else if (event.name().equals(TRACE)) {
                    trace = event;
                } else {
                    write(out, event);
                    told++;
                }
            }
            write(out, trace);
        } catch (IOException e) {
            running.cancel(); // nobody reads any more
        } catch (InterruptedException e) {
            running.cancel();
            Thread.currentThread().interrupt();
        }
    }

    private static void write(OutputStream out, Event event) throws IOException {
        String text = "event: " + event.name() + "\ndata: " + Envelope.GSON.toJson(event.data()) + "\n\n";
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static Event stage(String name, Aspect.End end, long nanos) {
        JsonObject data = new JsonObject();
        data.addProperty("name", name);
        data.addProperty("outcome", end.kind());
        data.addProperty("millis", nanos / NANOS_PER_MILLI);
        data.add("value", end.value());
        data.addProperty("reason", end.reason() == null ? null : end.reason().code());
        Problem problem = end.problem();
        data.addProperty("message", problem == null ? null : problem.text());
        return new Event("stage", data);
    }

    private static Event trace(Results results) {
        Trace trace = results.trace();
        JsonObject data = new JsonObject();
        data.addProperty("millis", millis(trace.total()));
        JsonArray entries = new JsonArray();
        for (Trace.Entry entry : trace.entries()) {
            JsonObject one = new JsonObject();
            one.addProperty("name", entry.name());
            one.addProperty("delivery", entry.delivery().name().toLowerCase(Locale.ROOT));
            one.addProperty("begin", millis(entry.begin()));
            one.addProperty("duration", millis(entry.duration()));
            one.addProperty("queue", millis(entry.queue()));
            entries.add(one);
        }
        data.add("entries", entries);
        return new Event(TRACE, data);
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / NANOS_PER_MILLI;
    }
}
