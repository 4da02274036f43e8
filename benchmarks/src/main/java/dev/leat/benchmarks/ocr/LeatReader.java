package dev.leat.benchmarks.ocr;

import dev.leat.Pipeline;
import dev.leat.Stage;
import dev.leat.benchmarks.worker.Reader;
import dev.leat.benchmarks.worker.Worker;
import dev.leat.vision.Image;
import dev.leat.vision.OcrText;
import dev.leat.vision.VisionModels;
import java.io.IOException;
import java.nio.file.Path;

/** Leat's text recognition as it comes. */
public final class LeatReader extends Reader {

    private final VisionModels models = VisionModels.load();
    private final Stage<Image, OcrText> ocr = models.ocr();
    private final Pipeline<Image> pipeline =
            Pipeline.<Image>builder("receipts").stages(ocr).build();

    private LeatReader(Path picture) {
        super(picture);
    }

    /**
     * Serves.
     *
     * @param arguments a picture to read first
     * @throws IOException if the orders cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Worker.serve(() -> new LeatReader(Path.of(arguments[0])));
    }

    @Override
    protected String read(Path picture) throws IOException {
        OcrText text = pipeline.run(Image.of(picture)).get(ocr);
        return Answers.of(name(picture), text, 0, 0).toString();
    }

    @Override
    public void close() {
        pipeline.close();
        models.close();
    }
}
