package dev.leat.model;

import dev.leat.ModelLoadException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Models on the class path; the first loader that has a model wins. */
record ClassPathSource(List<ClassLoader> loaders, ModelCache cache) implements ModelSource {

    ClassPathSource {
        loaders = List.copyOf(loaders);
    }

    static void requireId(String id) {
        if (!FileNames.isId(id)) {
            throw new IllegalArgumentException(
                    "A model id consists of " + FileNames.ID_RULE + "; was " + FileNames.quoted(id));
        }
    }

    @Override
    public ModelFolder folder(String id) {
        requireId(id);
        String resource = CLASS_PATH_FOLDER + id + "/" + ModelDescriptor.FILE;
        for (ClassLoader loader : loaders) {
            List<ModelFolder> found = new ArrayList<>();
            for (URL url : resources(loader, resource, id)) {
                found.add(folder(id, url));
            }
            if (found.stream().distinct().count() > 1) {
                throw new ModelLoadException(
                        id,
                        "Model '" + id + "' is on the class path more than once with different content: "
                                + found.stream().map(ModelFolder::where).toList()
                                + ". Remove all but one of these artifacts.");
            }
            if (!found.isEmpty()) {
                return found.get(0);
            }
        }
        throw new ModelLoadException(
                id,
                "Model '" + id + "' was not found: no " + resource
                        + " on the class path. Add the artifact that holds the "
                        + "weights, give the class loader that sees it (ModelSource.classPath(loader)), or use a folder "
                        + "(ModelSource.directory(path)).");
    }

    private static List<URL> resources(ClassLoader loader, String resource, String id) {
        try {
            List<URL> urls = new ArrayList<>();
            loader.getResources(resource).asIterator().forEachRemaining(urls::add);
            return urls;
        } catch (IOException e) {
            throw new ModelLoadException(
                    id, "Model '" + id + "': the class path cannot be searched for " + resource + ".", e);
        }
    }

    /** Opens what lies in a directory of classes where it lies, and everything else through the cache. */
    private ModelFolder folder(String id, URL json) {
        if (json.getProtocol().equals("file")) {
            try {
                Path parent = Path.of(json.toURI()).getParent();
                if (parent != null) {
                    return DirectoryFolder.open(id, parent);
                }
            } catch (URISyntaxException | IllegalArgumentException e) {
                // A file URL that is no path of this system (a foreign handler, a UNC host): read it as a stream.
                return PackedFolder.open(id, json, cache);
            }
        }
        return PackedFolder.open(id, json, cache);
    }
}
