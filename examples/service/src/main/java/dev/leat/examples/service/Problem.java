package dev.leat.examples.service;

import dev.leat.DeadlineExceededException;
import dev.leat.InferenceException;
import dev.leat.InvalidInputException;
import dev.leat.ModelLoadException;
import dev.leat.OverloadedException;
import java.util.Map;

/**
 * Why a request has no answer, in words for its sender: constants alone, so that nothing of the input and nothing of the
 * inside can be in them.
 */
final class Problem extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What a sender may know about a refused input, by the guard's code. */
    private static final Map<String, String> REFUSALS = Map.of(
            "blank", "The text is blank.",
            "too-long", "The text is longer than this service allows.",
            "empty", "The picture is empty.",
            "too-many-bytes", "The picture has more bytes than this service allows.",
            "too-many-pixels", "The picture has more pixels than this service allows.",
            "unknown-format", "The picture is in no format that this service reads (JPEG, PNG, GIF, BMP, WebP).",
            "truncated", "The picture is incomplete.",
            "damaged", "The picture is damaged.",
            "unsupported", "The picture is of a kind that is not read; save it as an ordinary JPEG or PNG.");

    private final int status;
    private final int code;
    private final String reason;
    private final String text;

    private Problem(int status, int code, String reason, String text) {
        super(reason, null, false, false);
        this.status = status;
        this.code = code;
        this.reason = reason;
        this.text = text;
    }

    /** The request itself is not as it must be. */
    static Problem badRequest(String text) {
        return new Problem(400, 3003, "bad-request", text);
    }

    static Problem noSuchModel() {
        return new Problem(400, 5007, "no-such-model", "No such model or task; GET /ai/models/search lists them.");
    }

    static Problem tooLarge() {
        return new Problem(413, 3006, "too-large", "The request is larger than this service allows.");
    }

    static Problem mediaType(String wanted) {
        return new Problem(415, 3003, "media-type", "The Content-Type must be " + wanted + ".");
    }

    static Problem overloaded() {
        return new Problem(429, 3040, "overloaded", "The service is busy; try again later.");
    }

    static Problem loading() {
        return new Problem(503, 3040, "loading", "The models are being loaded; try again later.");
    }

    static Problem unavailable() {
        return new Problem(503, 3040, "unavailable", "The service is about to end, or has no models.");
    }

    static Problem internal() {
        return new Problem(500, 3002, "internal", "The service failed.");
    }

    /** What the framework found wrong, such as an unknown path. */
    static Problem ofStatus(int status) {
        return switch (status) {
            case 404 -> new Problem(404, 3042, "not-found", "There is nothing at this path.");
            case 405 -> new Problem(405, 3003, "method", "This path does not know that method.");
            case 413 -> tooLarge();
            case 415 -> mediaType("one that this path accepts");
            case 503 -> unavailable();
            default -> status >= 400 && status < 500 ? badRequest("The request is not valid.") : internal();
        };
    }

    static Problem of(InferenceException failure) {
        if (failure instanceof InvalidInputException invalid) {
            return new Problem(
                    422,
                    5004,
                    REFUSALS.containsKey(invalid.code()) ? invalid.code() : "refused",
                    REFUSALS.getOrDefault(invalid.code(), "The input was refused."));
        } else if (failure instanceof OverloadedException) {
            return overloaded();
        } else if (failure instanceof DeadlineExceededException) {
            return new Problem(504, 3007, "deadline", "The analysis did not end in time.");
        } else if (failure instanceof ModelLoadException || failure instanceof dev.leat.CancelledException) {
            return unavailable();
        }
        return internal();
    }

    int status() {
        return status;
    }

    /** The platform's number for such a problem. */
    int code() {
        return code;
    }

    /** A stable word for programs. */
    String reason() {
        return reason;
    }

    /** A sentence for people. */
    String text() {
        return text;
    }
}
