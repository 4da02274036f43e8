package dev.leat.observe;

import dev.leat.Provenance.ModelIdentity;
import dev.leat.observe.InferenceListener.ModelChange;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** What becomes of a model, in the flight recorder. */
@Name("dev.leat.Model")
@Label("Model")
@Category("Leat")
@Description("A model begins to be opened, was opened or was closed")
@StackTrace(false)
final class ModelEvent extends Event {

    @Label("Model")
    @Nullable
    String model;

    @Label("Version")
    @Nullable
    String version;

    @Label("Change")
    @Nullable
    String change;

    @Label("Took")
    @Timespan(Timespan.NANOSECONDS)
    long took;

    static void commit(ModelIdentity model, ModelChange change, long nanos) {
        ModelEvent event = new ModelEvent();
        if (event.shouldCommit()) {
            event.model = model.id();
            event.version = model.version();
            event.change = change.name();
            event.took = nanos;
            event.commit();
        }
    }
}
