package dev.leat.observe;

import dev.leat.observe.InferenceListener.NodeExecution;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Percentage;
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

    @Label("Model Version")
    @Nullable
    String modelVersion;

    @Label("Origin")
    @Nullable
    String origin;

    @Label("Outcome")
    @Nullable
    String outcome;

    @Label("Delivery")
    @Nullable
    String delivery;

    @Label("Reason")
    @Nullable
    String reason;

    @Label("Queued")
    @Timespan(Timespan.NANOSECONDS)
    long queued;

    @Label("Tokenize")
    @Timespan(Timespan.NANOSECONDS)
    long tokenize;

    @Label("Before Inference")
    @Timespan(Timespan.NANOSECONDS)
    long pre;

    @Label("Inference")
    @Timespan(Timespan.NANOSECONDS)
    long inference;

    @Label("After Inference")
    @Timespan(Timespan.NANOSECONDS)
    long post;

    @Label("Total")
    @Timespan(Timespan.NANOSECONDS)
    long total;

    @Label("Cost")
    long cost;

    @Label("Cost Unit")
    @Nullable
    String costUnit;

    @Label("Batch Items")
    int batchItems;

    @Label("Padded Share")
    @Percentage
    double paddedShare;

    @Label("Threads")
    int threads;

    static void commit(NodeExecution execution) {
        StepEvent event = new StepEvent();
        if (event.shouldCommit()) {
            event.pipeline = execution.pipeline();
            event.step = execution.step();
            if (!execution.models().isEmpty()) {
                event.model = execution.models().get(0).id();
                event.modelVersion = execution.models().get(0).version();
            }
            event.origin = execution.origin().name();
            event.outcome = execution.failure() == null ? "SUCCESS" : "FAILED";
            event.delivery = execution.delivery().name();
            event.reason = execution.failure();
            event.queued = execution.queueNanos();
            event.tokenize = execution.tokenizeNanos();
            event.pre = execution.preNanos();
            event.inference = execution.inferNanos();
            event.post = execution.postNanos();
            event.cost = execution.cost();
            event.costUnit = execution.costUnit();
            event.batchItems = execution.batch().items();
            event.paddedShare = execution.batch().paddedShare();
            event.threads = execution.batch().threads();
            event.total = execution.totalNanos();
            event.commit();
        }
    }
}
