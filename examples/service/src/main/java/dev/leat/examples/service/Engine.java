package dev.leat.examples.service;

import dev.leat.InferenceException;
import dev.leat.Pipeline;
import dev.leat.text.TextModels;
import dev.leat.vision.Image;
import dev.leat.vision.VisionModels;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models and pipelines, loaded in the background so that the service listens at once; thread-safe. */
final class Engine implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    /** What is there once everything is loaded. */
    record Loaded(Analysis<String> texts, Analysis<Image> pictures, Platform platform) {}

    private final Settings settings;
    private final Changes changes;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>(); // touched by the loading, then by close alone
    private final CompletableFuture<Loaded> loaded;

    /**
     * What a host changes about the pipelines; its tests do.
     *
     * @param texts given the text pipeline
     * @param pictures given the picture pipeline
     */
    record Changes(UnaryOperator<Pipeline<String>> texts, UnaryOperator<Pipeline<Image>> pictures) {
        static final Changes NONE = new Changes(UnaryOperator.identity(), UnaryOperator.identity());
    }

    Engine(Settings settings, Changes changes, Executor loader) {
        this.settings = settings;
        this.changes = changes;
        this.loaded = CompletableFuture.supplyAsync(this::load, loader);
    }

    private Loaded load() {
        try {
            TextModels textModels = open(TextModels.load());
            VisionModels visionModels = open(VisionModels.load());
            Analysis<String> texts = open(Analysis.texts(textModels, settings, changes.texts()));
            Analysis<Image> pictures = open(Analysis.pictures(visionModels, settings, changes.pictures()));
            Platform platform = open(new Platform(textModels, visionModels, settings));
            texts.preload();
            pictures.preload();
            LOG.info("models are loaded");
            return new Loaded(texts, pictures, platform);
        } catch (InferenceException e) {
            LOG.error("models could not be loaded: {}", e.getMessage());
            throw e;
        }
    }

    private <C extends AutoCloseable> C open(C closeable) {
        opened.push(closeable);
        return closeable;
    }

    boolean isReady() {
        return loaded.isDone() && !loaded.isCompletedExceptionally();
    }

    /**
     * Returns the pipelines.
     *
     * @throws Problem while they are being loaded, or if they could not be
     */
    Loaded loaded() {
        if (!loaded.isDone()) {
            throw Problem.loading();
        } else if (loaded.isCompletedExceptionally()) {
            throw Problem.unavailable();
        }
        return loaded.join();
    }

    /** Closes pipelines before models, after the loading has ended. */
    @Override
    public void close() {
        loaded.handle((value, failure) -> value).join();
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                LOG.warn("not closed properly: {}", e.getClass().getName());
            }
        }
    }
}
