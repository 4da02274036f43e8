package dev.leat.observe;

import dev.leat.Provenance.ModelIdentity;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A model opened or closed, in the flight recorder. */
@Name("dev.leat.Model")
@Label("Model")
@Category("Leat")
@Description("A model was opened or closed")
@StackTrace(false)
final class ModelEvent extends Event {

    @Label("Model")
    @Nullable
    String model;

    @Label("Version")
    @Nullable
    String version;

    @Label("Open")
    boolean open;

    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    long took;

    static void commit(ModelIdentity model, boolean open, long nanos) {
        ModelEvent event = new ModelEvent();
        if (event.shouldCommit()) {
            event.model = model.id();
            event.version = model.version();
            event.open = open;
            event.took = nanos;
            event.commit();
        }
    }
}
