package dev.leat.text.encode;

import dev.leat.model.ModelFolder;
import dev.leat.spi.ModelReference;

/**
 * A tokenizer, not yet opened; equal when its folder's content is.
 *
 * @param folder the encoder's folder
 */
public record TokenizerReference(ModelFolder folder) implements ModelReference<TextTokenizer> {

    private static final String FILE = "tokenizer.json";

    @Override
    public String id() {
        return folder.id() + "/tokenizer";
    }

    @Override
    public String digest() {
        return folder.descriptor().file(FILE).sha256();
    }

    @Override
    public String version() {
        return folder.descriptor().version();
    }

    @Override
    public TextTokenizer open() {
        return TextTokenizer.open(folder, FILE);
    }
}
