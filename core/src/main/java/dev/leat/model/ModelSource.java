package dev.leat.model;

import static java.util.Objects.requireNonNull;

import dev.leat.ModelLoadException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where models come from: the class path, a directory, or a {@link HubSnapshot}; thread-safe. */
@FunctionalInterface
public interface ModelSource {

    /** The folder of the class path below which models lie, each in a folder named by its id. */
    String CLASS_PATH_FOLDER = "META-INF/leat/models/";

    /**
     * Returns a model's folder; cheap, reads {@code model.json} only.
     *
     * @param id the model's id: lower-case letters, digits, {@code .}, {@code _} and {@code -}
     * @return the folder
     * @throws ModelLoadException if there is none, or its {@code model.json} is wrong
     */
    ModelFolder folder(String id);

    /**
     * Returns the class path or module path, seen through the context class loader and then through this library's.
     *
     * <p>Weights inside jars are unpacked once into {@link ModelCache#standard()}.
     *
     * @return a source
     */
    static ModelSource classPath() {
        List<ClassLoader> loaders = new ArrayList<>();
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        if (context != null) {
            loaders.add(context);
        }
        ClassLoader own = ModelSource.class.getClassLoader();
        if (own != null && own != context) {
            loaders.add(own);
        }
        return new ClassPathSource(loaders, ModelCache.standard());
    }

    /**
     * Returns what a class loader finds.
     *
     * <p>Weights inside jars are unpacked once into {@link ModelCache#standard()}.
     *
     * @param loader sees the weights
     * @return a source
     */
    static ModelSource classPath(ClassLoader loader) {
        return classPath(loader, ModelCache.standard());
    }

    /**
     * Returns what a class loader finds, unpacked into a cache of the caller's choice.
     *
     * @param loader sees the weights
     * @param cache where weights inside jars are unpacked
     * @return a source
     */
    static ModelSource classPath(ClassLoader loader, ModelCache cache) {
        return new ClassPathSource(List.of(requireNonNull(loader, "loader")), requireNonNull(cache, "cache"));
    }

    /**
     * Returns a directory in which each model has a folder named by its id; files are used where they lie.
     *
     * @param directory a directory of the default file system
     * @return a source
     * @throws IllegalArgumentException if the directory belongs to another file system
     */
    static ModelSource directory(Path directory) {
        if (directory.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException("directory must belong to the default file system, was of "
                    + directory.getFileSystem().provider().getScheme());
        }
        return new DirectorySource(directory.toAbsolutePath());
    }
}
