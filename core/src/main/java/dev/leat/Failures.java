package dev.leat;

/** Translates what steps and functions throw, once, at the place that called them. */
final class Failures {

    private Failures() {}

    static InferenceException ofStep(String step, Throwable thrown) {
        if (thrown instanceof InferenceException e) {
            return e;
        }
        if (thrown instanceof OutOfMemoryError) {
            return new ModelRunException(
                    "Step '" + step + "' ran out of Java heap: give the JVM more (-Xmx) or send smaller inputs",
                    thrown);
        }
        return new ModelRunException(
                "Step '" + step + "' failed with " + thrown.getClass().getName(), thrown);
    }

    static InferenceException ofFunction(String name, Throwable thrown) {
        if (thrown instanceof InferenceException e) {
            return e;
        }
        return new FunctionException(
                "The function of '" + name + "' threw " + thrown.getClass().getName(), thrown);
    }

    static InferenceException nullValue(String name) {
        return new FunctionException("The function of '" + name + "' returned null", null);
    }
}
