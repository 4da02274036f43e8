package dev.leat;

import static java.util.Objects.requireNonNull;

/**
 * Why an outcome is not the plain success of its stage, in words for programs; immutable, without content.
 *
 * @param code a stable word: {@code UNAVAILABLE}, {@code ESCALATION_FAILED}, {@code ROUTE}, the code given to
 *     {@code when}, or the kind of a failure such as {@code MODEL_RUN} or {@code DEADLINE_EXCEEDED}
 * @param stage the name of the stage, branch or gate that it is about
 */
public record Reason(String code, String stage) {

    /** The code of a value that stands in for an answer that could not be had, such as moderation failing closed. */
    public static final String UNAVAILABLE = "UNAVAILABLE";
    /** The code of a cheap answer kept because the dear one, though wanted, failed. */
    public static final String ESCALATION_FAILED = "ESCALATION_FAILED";
    /** The code of a hop to a dearer stage. */
    public static final String ESCALATED = "ESCALATED";
    /** The code of a skip because the run wanted only cached results and there was none. */
    public static final String NOT_CACHED = "NOT_CACHED";
    /** The code of a skip because no model speaks the language of the run's region. */
    public static final String NO_MODEL_FOR_LANGUAGE = "NO_MODEL_FOR_LANGUAGE";
    /** The code of a hop into a named branch. */
    public static final String ROUTE = "ROUTE";

    /** Checks the components. */
    public Reason {
        requireNonNull(code, "code");
        requireNonNull(stage, "stage");
    }

    static Reason of(InferenceException failure, String stage) {
        return new Reason(codeOf(failure), stage);
    }

    static String codeOf(InferenceException failure) {
        if (failure instanceof InvalidInputException) {
            return "INVALID_INPUT";
        } else if (failure instanceof ModelLoadException) {
            return "MODEL_LOAD";
        } else if (failure instanceof ModelRunException run) {
            return run.kind() == ModelRunException.Kind.FAILED
                    ? "MODEL_RUN"
                    : run.kind().name();
        } else if (failure instanceof OverloadedException) {
            return "OVERLOADED";
        } else if (failure instanceof DeadlineExceededException) {
            return "DEADLINE_EXCEEDED";
        } else if (failure instanceof CancelledException) {
            return "CANCELLED";
        } else if (failure instanceof TokenizerException) {
            return "TOKENIZER";
        } else {
            return "FUNCTION";
        }
    }
}
