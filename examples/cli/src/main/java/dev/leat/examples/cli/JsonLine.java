package dev.leat.examples.cli;

import com.google.gson.stream.JsonWriter;
import dev.leat.InferenceException;
import dev.leat.InvalidInputException;
import dev.leat.ModelRunException;
import dev.leat.Outcome;
import dev.leat.Provenance;
import dev.leat.Reason;
import dev.leat.Results;
import dev.leat.guard.Guard;
import dev.leat.guard.Offsets;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Writes an item's results as one line of JSON, and remembers whether all went well; confined to one thread. */
final class JsonLine<T> {

    private final List<Answer<T, ?>> answers;
    private boolean failed;

    JsonLine(List<Answer<T, ?>> answers) {
        this.answers = List.copyOf(answers);
    }

    /** Returns whether a stage failed, or could not examine its input, in a line so far. */
    boolean anyFailed() {
        return failed;
    }

    /** Returns the line, without its end. */
    String of(String id, Results results) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject().name("id").value(id).name("results").beginObject();
            for (Answer<T, ?> answer : answers) {
                json.name(answer.name()).beginObject();
                write(json, answer, results);
                json.endObject();
            }
            json.endObject().name("guard").beginObject().name("removed").beginArray();
            for (Guard.Removal removal : results.removals()) {
                json.beginObject().name("kind").value(removal.kind());
                json.name("count").value(removal.count()).endObject();
            }
            json.endArray().endObject().endObject();
        } catch (IOException e) {
            throw new AssertionError("A string is written without I/O", e);
        }
        return escapeLoneSurrogates(text.toString());
    }

    private <O> void write(JsonWriter json, Answer<T, O> answer, Results results) throws IOException {
        Outcome<O> outcome = results.outcome(answer.stage());
        if (outcome instanceof Outcome.Success<O> success) {
            json.name("status").value("success");
            value(json, answer, success.value(), results.offsets());
        } else if (outcome instanceof Outcome.Degraded<O> degraded) {
            failed |= degraded.reason().code().equals(Reason.UNAVAILABLE);
            json.name("status").value("degraded");
            value(json, answer, degraded.value(), results.offsets());
            reason(json.name("reason"), degraded.reason());
        } else if (outcome instanceof Outcome.Skipped<O> skipped) {
            json.name("status").value("skipped");
            reason(json.name("reason"), skipped.reason());
        } else if (outcome instanceof Outcome.Failed<O> failure) {
            failed = true;
            json.name("status").value("failed");
            error(json.name("error"), failure.cause());
        }
        provenance(json.name("provenance"), outcome.provenance());
    }

    private static <O> void value(JsonWriter json, Answer<?, O> answer, O value, Offsets offsets) throws IOException {
        json.name("value").beginObject();
        answer.format().write(json, value, offsets);
        json.endObject();
    }

    private static void error(JsonWriter json, InferenceException cause) throws IOException {
        json.beginObject().name("type").value(cause.getClass().getSimpleName());
        if (cause instanceof InvalidInputException invalid) {
            json.name("code").value(invalid.code());
        } else if (cause instanceof ModelRunException run) {
            json.name("code").value(run.kind().name());
        }
        json.name("message").value(cause.getMessage()).endObject();
    }

    private static void reason(JsonWriter json, Reason reason) throws IOException {
        json.beginObject().name("code").value(reason.code());
        json.name("stage").value(reason.stage()).endObject();
    }

    private static void provenance(JsonWriter json, Provenance provenance) throws IOException {
        json.beginObject();
        json.name("origin").value(provenance.origin().name().toLowerCase(Locale.ROOT));
        json.name("delivery").value(provenance.delivery().name().toLowerCase(Locale.ROOT));
        List<Provenance.ModelIdentity> models = provenance.models();
        if (!models.isEmpty()) {
            // The last model is the one that answered; those before it, such as a shared encoder, made its input.
            model(json.name("model"), models.get(models.size() - 1));
            json.name("models").beginArray();
            for (Provenance.ModelIdentity each : models) {
                model(json, each);
            }
            json.endArray();
        }
        Provenance.Timings timings = provenance.timings();
        json.name("timings").beginObject();
        json.name("queueMs").value(millis(timings.queue()));
        json.name("tokenizeMs").value(millis(timings.tokenize()));
        json.name("preMs").value(millis(timings.pre()));
        json.name("inferMs").value(millis(timings.infer()));
        json.name("postMs").value(millis(timings.post()));
        json.endObject().name("facts").beginObject();
        for (Map.Entry<String, Long> fact : new TreeMap<>(provenance.facts()).entrySet()) {
            json.name(fact.getKey()).value(fact.getValue());
        }
        json.endObject().name("hops").beginArray();
        for (Reason hop : provenance.hops()) {
            reason(json, hop);
        }
        json.endArray().endObject();
    }

    private static void model(JsonWriter json, Provenance.ModelIdentity model) throws IOException {
        json.beginObject().name("id").value(model.id());
        json.name("version").value(model.version());
        json.name("digest").value(model.digest()).endObject();
    }

    /** Milliseconds with three digits behind the point. */
    private static double millis(Duration duration) {
        long micros = duration.toNanos() / 1000;
        return micros / 1000.0;
    }

    /** Half a surrogate pair has no UTF-8, but JSON can name it; it only ever stands inside a string. */
    private static String escapeLoneSurrogates(String json) {
        StringBuilder escaped = null;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < json.length()
                    && Character.isLowSurrogate(json.charAt(i + 1));
            if (pair) {
                if (escaped != null) {
                    escaped.append(c).append(json.charAt(i + 1));
                }
                i++;
            } else if (Character.isSurrogate(c)) {
                if (escaped == null) {
                    escaped = new StringBuilder(json.length() + 16).append(json, 0, i);
                }
                escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else if (escaped != null) {
                escaped.append(c);
            }
        }
        return escaped == null ? json : escaped.toString();
    }
}
