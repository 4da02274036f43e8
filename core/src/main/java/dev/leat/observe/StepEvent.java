package dev.leat.observe;

import dev.leat.observe.InferenceListener.NodeExecution;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A node execution in the flight recorder. */
@Name("dev.leat.Step")
@Label("Step")
@Category("Leat")
@Description("A step of a pipeline was executed, joined or found in the cache")
@StackTrace(false)
final class StepEvent extends Event {

    /** Asked whether anybody records. */
    static final StepEvent ENABLED = new StepEvent();

    @Label("Pipeline")
    @Nullable
    String pipeline;

    @Label("Step")
    @Nullable
    String step;

    @Label("Model")
    @Nullable
    String model;

    @Label("Delivery")
    @Nullable
    String delivery;

    @Label("Failure")
    @Nullable
    String failure;

    @Label("Queued")
    @Timespan(Timespan.NANOSECONDS)
    long queued;

    @Label("Inference")
    @Timespan(Timespan.NANOSECONDS)
    long inference;

    @Label("Total")
    @Timespan(Timespan.NANOSECONDS)
    long total;

    static void commit(NodeExecution execution) {
        StepEvent event = new StepEvent();
        if (event.shouldCommit()) {
            event.pipeline = execution.pipeline();
            event.step = execution.step();
            event.model = execution.models().isEmpty()
                    ? ""
                    : execution.models().get(0).id();
            event.delivery = execution.delivery().name();
            event.failure = execution.failure();
            event.queued = execution.queueNanos();
            event.inference = execution.inferNanos();
            event.total = execution.totalNanos();
            event.commit();
        }
    }
}
