package dev.leat.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A refused run or step, in the flight recorder. */
@Name("dev.leat.Refusal")
@Label("Refusal")
@Category("Leat")
@Description("A pipeline or the compute queue had no room")
@StackTrace(false)
final class RefusalEvent extends Event {

    @Label("Pipeline")
    @Nullable
    String pipeline;

    static void commit(String pipeline) {
        RefusalEvent event = new RefusalEvent();
        if (event.shouldCommit()) {
            event.pipeline = pipeline;
            event.commit();
        }
    }
}
