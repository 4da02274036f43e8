/**
 * Pipelines of AI stages inside the host's own JVM: the graph of stages, its scheduling, models and their runtime.
 */
@org.jspecify.annotations.NullMarked
module dev.leat.core {
    requires static transitive org.jspecify;
    requires jdk.jfr;
    requires org.slf4j;
    requires com.google.gson;
    requires com.microsoft.onnxruntime;
    requires com.github.benmanes.caffeine;
    requires static micrometer.core;

    exports dev.leat;
    exports dev.leat.cache;
    exports dev.leat.guard;
    exports dev.leat.micrometer;
    exports dev.leat.model;
    exports dev.leat.observe;
    exports dev.leat.onnx;
    exports dev.leat.schedule;
    exports dev.leat.session;
    exports dev.leat.spi;
}
