package dev.leat.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.leat.ModelLoadException;
import dev.leat.model.GraphSignature;
import dev.leat.model.ModelFolder;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A session just opened on a graph, and what was found out about it. */
record OpenedGraph(OrtSession session, SignatureCheck signature, GraphScan scan) {

    static OpenedGraph open(
            ModelFolder folder,
            String graph,
            GraphSignature declared,
            OnnxOptions options,
            OrtEnvironment environment) {
        SignatureCheck signature = new SignatureCheck(folder.id(), declared);
        Optional<Path> path = folder.path(graph);
        byte[] bytes = path.isPresent() ? new byte[0] : folder.bytes(graph);
        GraphScan scan = scan(folder, graph, path, bytes);
        requireExternalFiles(folder, graph, scan, path.isPresent());
        try (SessionOptions session = sessionOptions(options)) {
            OrtSession opened = path.isPresent()
                    ? environment.createSession(path.get().toString(), session)
                    : environment.createSession(bytes, session);
            Handles.opened();
            try {
                signature.requireGraph(graph, opened.getInputInfo(), opened.getOutputInfo());
                return new OpenedGraph(opened, signature, scan);
            } catch (OrtException | RuntimeException e) {
                opened.close();
                Handles.closed();
                throw e;
            }
        } catch (OrtException e) {
            throw RuntimeErrors.load(folder.id(), graph, e);
        }
    }

    private static GraphScan scan(ModelFolder folder, String graph, Optional<Path> path, byte[] bytes) {
        try (InputStream in = path.isPresent()
                ? new BufferedInputStream(Files.newInputStream(path.get()))
                : new ByteArrayInputStream(bytes)) {
            return GraphScan.of(in, folder.descriptor().file(graph).bytes());
        } catch (IOException e) {
            throw new ModelLoadException(
                    folder.id(),
                    "Model '" + folder.id() + "': " + graph + " is not an ONNX graph (" + e.getMessage()
                            + "). Put an .onnx file there.",
                    e);
        }
    }

    /** Puts every file of weights that the graph names beside it, checked like the graph itself. */
    private static void requireExternalFiles(ModelFolder folder, String graph, GraphScan scan, boolean onDisk) {
        String parent = graph.substring(0, graph.lastIndexOf('/') + 1);
        for (String file : scan.externalFiles()) {
            if (!onDisk || folder.path(parent + file).isEmpty()) {
                throw new ModelLoadException(
                        folder.id(),
                        "Model '" + folder.id() + "': " + graph + " has its weights in '" + file
                                + "' and can only be loaded from disk. Make the cache directory usable "
                                + "(-Dleat.cacheDir), or give the model as a folder.");
            }
        }
    }

    private static SessionOptions sessionOptions(OnnxOptions options) throws OrtException {
        SessionOptions session = new SessionOptions();
        try {
            session.setIntraOpNumThreads(options.intraOpThreads());
            session.setInterOpNumThreads(1);
            session.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
            session.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
            // Between two operators there is no time to wake a thread up, so those of a run spin for their work; with
            // the run they stop, for what they would spin away after it belongs to others.
            session.addConfigEntry("session.intra_op.allow_spinning", options.intraOpThreads() > 1 ? "1" : "0");
            session.addConfigEntry("session.force_spinning_stop", "1");
            session.addConfigEntry("session.inter_op.allow_spinning", "0");
            session.setMemoryPatternOptimization(options.memoryPattern());
            session.addConfigEntry("session.x64quantprecision", options.exactProducts() ? "1" : "0");
            session.setCPUArenaAllocator(options.arena() != OnnxOptions.Arena.OFF);
            // The runtime prints to standard error what it also returns, and warns of what its optimiser does.
            session.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            return session;
        } catch (OrtException | RuntimeException e) {
            session.close();
            throw e;
        }
    }
}
