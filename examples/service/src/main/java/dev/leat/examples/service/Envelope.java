package dev.leat.examples.service;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.javalin.http.Context;

/** What every answer is wrapped in: {@code result}, {@code success}, {@code errors}, {@code messages}; confined. */
final class Envelope {

    /** Escapes {@code <}, {@code >}, {@code &} and quotes too, in case somebody puts an answer into a page. */
    static final Gson GSON = new GsonBuilder().serializeNulls().create();

    static final String RETRY_AFTER_SECONDS = "1";

    private final JsonArray errors = new JsonArray();
    private final JsonArray messages = new JsonArray();
    private JsonElement result = JsonNull.INSTANCE;
    private int status = 200;

    static void send(Context ctx, Problem problem) {
        Envelope envelope = new Envelope();
        envelope.fail(problem, "");
        envelope.send(ctx);
    }

    void result(JsonElement value) {
        result = value;
    }

    /** Adds a problem; the first one gives the answer its status. */
    void fail(Problem problem, String about) {
        status = errors.isEmpty() ? problem.status() : status;
        JsonObject error = new JsonObject();
        error.addProperty("code", problem.code());
        error.addProperty("reason", problem.reason());
        error.addProperty("message", about.isEmpty() ? problem.text() : about + ": " + problem.text());
        errors.add(error);
    }

    /** Adds something worth knowing about an answer that was given. */
    void tell(String reason, String text) {
        JsonObject message = new JsonObject();
        message.addProperty("reason", reason);
        message.addProperty("message", text);
        messages.add(message);
    }

    /** Returns an answer that says a problem alone. */
    static String of(Problem problem) {
        Envelope envelope = new Envelope();
        envelope.fail(problem, "");
        return envelope.json();
    }

    private String json() {
        JsonObject body = new JsonObject();
        body.add("result", result);
        body.addProperty("success", errors.isEmpty());
        body.add("errors", errors);
        body.add("messages", messages);
        return GSON.toJson(body);
    }

    void send(Context ctx) {
        if (status == 429 || status == 503) {
            ctx.header("Retry-After", RETRY_AFTER_SECONDS);
        }
        ctx.status(status);
        ctx.contentType("application/json; charset=utf-8");
        ctx.result(json());
    }
}
