package dev.leat.model;

import dev.leat.ModelLoadException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Models in a directory, each in a folder named by its id. */
record DirectorySource(Path directory) implements ModelSource {

    @Override
    public ModelFolder folder(String id) {
        ClassPathSource.requireId(id);
        Path folder = directory.resolve(id);
        if (!Files.isDirectory(folder)) {
            String hint = Files.exists(directory.resolve(ModelDescriptor.FILE))
                    ? directory + " is itself a model's folder: name its parent, and the folder after the model's id."
                    : "Put the model's folder there, with its model.json.";
            throw new ModelLoadException(
                    id, "Model '" + id + "' was not found: there is no folder " + folder + ". " + hint);
        }
        return DirectoryFolder.open(id, folder);
    }
}
