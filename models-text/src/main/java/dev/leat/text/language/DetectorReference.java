package dev.leat.text.language;

import dev.leat.ModelLoadException;
import dev.leat.spi.ModelReference;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** OpenNLP's detector and its model of 103 languages, not yet opened. */
record DetectorReference() implements ModelReference<Detector> {

    private static final String FILE = "langdetect-183.bin";

    @Override
    public String id() {
        return "opennlp-langdetect";
    }

    /** The digest that the model's artifact states. */
    @Override
    public String digest() {
        return "2ddf585fac2e02a9dcfb9a4a9cc9417562eaac351be2efb506a2eaa87f19e9d4";
    }

    @Override
    public String version() {
        return "1.8.3";
    }

    @Override
    public Detector open() {
        ClassLoader loader = DetectorReference.class.getClassLoader();
        try (InputStream in = loader == null ? null : loader.getResourceAsStream(FILE)) {
            if (in == null) {
                throw missing(null);
            }
            return Detector.read(in, digest());
        } catch (IOException e) {
            throw new ModelLoadException(
                    id(), "Model '" + id() + "': " + FILE + " cannot be read. Restore its artifact.", e);
        } catch (LinkageError e) {
            throw missing(e);
        }
    }

    private ModelLoadException missing(@Nullable Throwable cause) {
        return new ModelLoadException(
                id(),
                "Model '" + id() + "' is not on the class path. Add org.apache.opennlp:opennlp-tools and"
                        + " org.apache.opennlp:opennlp-models-langdetect (1.3.0).",
                cause);
    }
}
